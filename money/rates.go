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

// Rate says how many units of To one unit of From was worth.
type Rate struct {
	From, To Currency
	Value    decimal.Decimal
	// On is the day whose quotation was used; the older one, if two were.
	On calendar.Date
	// Source names who quoted it.
	Source string
}

// Rates answers "the rate of this pair on that date". Implementations are safe
// for concurrent use.
type Rates interface {
	// Rate returns the rate of the day, or of the last quoted day before it.
	// Errors: ErrNotFound ("money.rate.missing"); a missing rate is never 1.
	Rate(from, to Currency, on calendar.Date) (Rate, error)
}

type quote struct {
	on    calendar.Date
	value decimal.Decimal
}

// Table is a history of rates against one base currency. It is immutable.
type Table struct {
	base   Currency
	source string
	quotes map[Currency][]quote // by date, ascending
}

// MaxRateDigits is the precision of a crossed rate: digits after its point.
const MaxRateDigits = MaxFracDigits

// Rate crosses two currencies through the base, to MaxRateDigits decimals,
// half-even.
func (t *Table) Rate(from, to Currency, on calendar.Date) (Rate, error) {
	if from == to && from != "" {
		return Rate{From: from, To: to, Value: decimal.New(1, 0), On: on, Source: t.source}, nil
	}
	a, ok1 := t.at(from, on)
	b, ok2 := t.at(to, on)
	if !ok1 || !ok2 {
		return Rate{}, fault.New(fault.ErrNotFound, "money.rate.missing", "there is no rate for this pair on or before that date")
	}
	day := a.on
	if day.IsZero() || (!b.on.IsZero() && b.on.Before(day)) {
		day = b.on
	}
	v := b.value
	if from != t.base {
		v = b.value.DivRound(a.value, MaxRateDigits+8).RoundBank(MaxRateDigits)
	}
	return Rate{From: from, To: to, Value: v, On: day, Source: t.source}, nil
}

func (t *Table) at(c Currency, on calendar.Date) (quote, bool) {
	if c == t.base {
		return quote{value: decimal.New(1, 0)}, true
	}
	qs := t.quotes[c]
	i := sort.Search(len(qs), func(i int) bool { return qs[i].on.After(on) })
	if i == 0 {
		return quote{}, false
	}
	return qs[i-1], true
}

// Currencies returns those that have any quotation, and the base, by code.
func (t *Table) Currencies() []Currency {
	out := []Currency{t.base}
	for c := range t.quotes {
		out = append(out, c)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// maxRateRows bounds what ReadECB takes in: more than a century of days.
const maxRateRows = 50_000

// ReadECB reads the European Central Bank's history of euro reference rates: a
// heading "Date,USD,JPY,…" and a line a day, newest first or last; "N/A" and
// empty cells are missing. Currencies that are no longer active are kept by
// their codes. Errors: ErrInvalid with the line and column at fault.
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
	t := &Table{base: EUR, source: "ECB", quotes: map[Currency][]quote{}}
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
		for i := 1; i < len(rec); i++ {
			s := strings.TrimSpace(rec[i])
			if s == "" || s == "N/A" || columns[i] == "" {
				continue
			}
			v, err := ParseDecimal(s, 10, MaxFracDigits)
			if err != nil || !v.IsPositive() {
				return nil, bad(line, string(columns[i]), "bad_rate", "must be a positive decimal or N/A")
			}
			t.quotes[columns[i]] = append(t.quotes[columns[i]], quote{on, v})
		}
	}
	for c, qs := range t.quotes {
		sort.SliceStable(qs, func(i, j int) bool { return qs[i].on.Before(qs[j].on) })
		for i := 1; i < len(qs); i++ {
			if qs[i].on == qs[i-1].on {
				return nil, fault.Invalid("money.rates.invalid", fault.Field{Path: "/" + string(c) + "/" + qs[i].on.String(), Code: "twice", Message: "is quoted twice"})
			}
		}
	}
	return t, nil
}
