package money

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
)

// maxRateRows limits ReadECB to more than a century of days.
const maxRateRows = 50_000

// ReadECB parses the European Central Bank's history of euro reference rates: a
// heading "Date,USD,JPY,…" and one line a day, in any order. "N/A" and empty
// cells are missing rates. Currencies that are no longer active keep their codes.
// Errors: ErrInvalid with the line and column at fault; ErrLimit for more than
// 50000 lines.
func ReadECB(r io.Reader) (*Table, error) {
	cr := csv.NewReader(r)
	cr.FieldsPerRecord = -1
	cr.ReuseRecord = true
	bad := func(line int, column, code, msg string) error {
		return fault.Invalid("money.rates.invalid", fault.Field{Path: fmt.Sprintf("/lines/%d/%s", line, column), Code: code, Message: msg})
	}
	head, err := cr.Read()
	if err != nil || len(head) < 2 || strings.TrimPrefix(head[0], "\ufeff") != "Date" {
		return nil, bad(1, "Date", "bad_heading", "must begin with Date and currencies")
	}
	columns := make([]Currency, len(head))
	seen := map[Currency]bool{EUR: true}
	for i, h := range head[1:] {
		h = strings.TrimSpace(h)
		if h == "" && i == len(head)-2 {
			continue // each line of the file ends in a comma
		}
		c := Currency(h)
		if len(h) != 3 || strings.ToUpper(h) != h || seen[c] {
			return nil, bad(1, fmt.Sprint(i+1), "bad_currency", "must be a currency, once")
		}
		columns[i+1], seen[c] = c, true
	}
	t := &Table{base: EUR, source: "ECB", columns: map[Currency]int{}}
	for i, c := range columns {
		if c != "" {
			t.columns[c] = i
		}
	}
	for line := 2; ; line++ {
		rec, err := cr.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, bad(line, "", "bad_csv", "isn't CSV")
		}
		if line > maxRateRows {
			return nil, fault.New(fault.ErrLimit, "money.rates.too_many", "the file has too many lines")
		}
		on, err := calendar.Parse(strings.TrimSpace(rec[0]))
		if err != nil {
			return nil, bad(line, "Date", "bad_date", "must be a date such as 2026-03-01")
		}
		if len(rec) > len(columns) {
			return nil, bad(line, "", "too_many", "has more cells than the heading")
		}
		d := day{on, make([]decimal.Decimal, len(rec))}
		for i := 1; i < len(rec); i++ {
			s := strings.TrimSpace(rec[i])
			if s == "" || s == "N/A" || columns[i] == "" {
				continue
			}
			v, err := ParseDecimal(s, 10, MaxFracDigits)
			if err != nil || !v.IsPositive() {
				return nil, bad(line, string(columns[i]), "bad_rate", "must be a positive decimal or N/A")
			}
			d.quotes[i] = v
		}
		t.days = append(t.days, d)
	}
	sort.SliceStable(t.days, func(i, j int) bool { return t.days[i].on.Before(t.days[j].on) })
	for i := 1; i < len(t.days); i++ {
		if t.days[i].on == t.days[i-1].on {
			return nil, fault.Invalid("money.rates.invalid", fault.Field{Path: "/" + t.days[i].on.String(), Code: "twice", Message: "appears twice"})
		}
	}
	return t, nil
}
