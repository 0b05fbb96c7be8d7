package opportunity

import (
	"encoding/json"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/internal/wire"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// Limits of a line's numbers: digits before and after the point.
const (
	MaxQuantityDigits = 12
	MaxPriceDigits    = 14
	MaxLineDecimals   = 6 // L01
	MaxTaxDecimals    = 4
)

// LineInput is the input for a line (L01). Discount is in percent.
type LineInput struct {
	Product     string           `json:"product,omitempty" host:"product"`
	Description string           `json:"description,omitempty"`
	Quantity    decimal.Decimal  `json:"quantity"`
	Unit        string           `json:"unit,omitempty" host:"unit"`
	Price       decimal.Decimal  `json:"price"`
	Discount    decimal.Decimal  `json:"discount"`
	Tax         *decimal.Decimal `json:"tax,omitempty"`
}

// UnmarshalJSON decodes the input. It refuses an overlong decimal before parsing
// it. Errors: ErrInvalid ("decimal.invalid").
func (in *LineInput) UnmarshalJSON(b []byte) error {
	type plain LineInput
	return json.Unmarshal(b, &struct {
		*plain
		Quantity wire.Decimal `json:"quantity"`
		Price    wire.Decimal `json:"price"`
		Discount wire.Decimal `json:"discount"`
		Tax      wire.Decimal `json:"tax"`
	}{(*plain)(in), wire.Into("/quantity", &in.Quantity), wire.Into("/price", &in.Price), wire.Into("/discount", &in.Discount), wire.IntoOptional("/tax", &in.Tax)})
}

// Line checks an input and computes its amount (L01); it adds faults to f. It
// serves packages with similar lines, such as quotes.
func (in LineInput) Line(f *fault.Fields, path string, number int, c money.Currency) Line {
	return in.line(f, path, number, c)
}

// line checks an input and computes the amount (L01).
func (in LineInput) line(f *fault.Fields, path string, number int, c money.Currency) Line {
	l := Line{Number: number, Product: in.Product, Description: in.Description, Unit: in.Unit}
	text.Key(f, path+"/product", l.Product, 0, text.MaxKey)
	text.Line(f, path+"/description", &l.Description, 0, text.MaxName)
	text.Name(f, path+"/unit", &l.Unit, 0, 20)
	if l.Product == "" && l.Description == "" {
		f.Add(path+"/product", "required", "needs a product or a description")
	}
	ok := true
	bad := func(name, code, message string) {
		f.Add(path+name, code, message)
		ok = false
	}
	// Check the size first: a hostile decimal is expensive to use.
	decimalOf := func(name string, d decimal.Decimal, whole, decimals int, check func(decimal.Decimal)) decimal.Decimal {
		if err := money.CheckDecimal(d, whole, decimals); err != nil {
			f.Merge(path+name, err)
			ok = false
			return decimal.Decimal{}
		}
		d = money.Canonical(d)
		check(d)
		return d
	}
	percent := func(name string) func(decimal.Decimal) {
		return func(d decimal.Decimal) {
			if d.IsNegative() || d.GreaterThan(decimal.New(100, 0)) {
				bad(name, "out_of_range", "must be 0 to 100 per cent")
			}
		}
	}
	l.Quantity = decimalOf("/quantity", in.Quantity, MaxQuantityDigits, MaxLineDecimals, func(d decimal.Decimal) {
		if !d.IsPositive() {
			bad("/quantity", "not_positive", "must be positive")
		}
	})
	l.Price = decimalOf("/price", in.Price, MaxPriceDigits, MaxLineDecimals, func(d decimal.Decimal) {
		if d.IsNegative() {
			bad("/price", "negative", "must not be negative")
		}
	})
	l.Discount = decimalOf("/discount", in.Discount, 3, MaxLineDecimals, percent("/discount"))
	if in.Tax != nil {
		t := decimalOf("/tax", *in.Tax, 3, MaxTaxDecimals, percent("/tax"))
		l.Tax = &t
	}
	if !ok || !c.Valid() {
		return l
	}
	amount, err := money.LineAmount(l.Quantity, l.Price, l.Discount, c, money.HalfUp)
	if err != nil {
		f.Add(path, "overflow", "the amount is too large")
	}
	l.Amount = amount
	return l
}

// makeLines numbers new lines after seq and adds them to a total (L02, L03).
func makeLines(f *fault.Fields, in []LineInput, seq int, total money.Money) ([]Line, money.Money) {
	c := total.Currency()
	if len(in) > MaxLines {
		f.Add("/lines", "too_many", "has too many lines")
		return nil, total
	}
	var out []Line
	for i, x := range in {
		l := x.line(f, fault.Index("/lines", i), seq+i+1, c)
		out = append(out, l)
		if l.Amount.Currency() != c {
			continue
		}
		sum, err := total.Add(l.Amount)
		if err != nil {
			f.Add("/lines", "overflow", "the total is too large")
			return out, total
		}
		total = sum
	}
	return out, total
}

// AddLines adds lines and returns their numbers. It needs no parts.
// Errors: ErrInvalid (L01, L02), ErrLimit (L03), ErrNotAllowed (O08).
func (o *Opportunity) AddLines(in []LineInput, at journal.Moment) ([]int, error) {
	if err := o.begin(at); err != nil {
		return nil, err
	}
	if err := o.commercial("opportunity.lines.status"); err != nil {
		return nil, err
	}
	if len(in) == 0 {
		return nil, fault.Invalid("opportunity.lines.invalid", fault.Field{Path: "/lines", Code: "required", Message: "needs a line"})
	}
	if o.s.Counts.Lines+len(in) > MaxLines {
		return nil, fault.New(fault.ErrLimit, "opportunity.lines.too_many", "an opportunity has at most 500 lines", fault.Field{Path: "/lines", Code: "too_many", Message: "has too many lines"})
	}
	var f fault.Fields
	lines, total := makeLines(&f, in, o.s.Counts.LineSeq, o.s.LineTotal)
	if err := f.Invalid("opportunity.lines.invalid"); err != nil {
		return nil, err
	}
	o.do(&LinesSetPayload{Lines: lines, Total: total}, at)
	o.dirty.Lines = append(o.dirty.Lines, lines...)
	numbers := make([]int, len(lines))
	for i, l := range lines {
		numbers[i] = l.Number
	}
	return numbers, nil
}

// UpdateLine changes a line; nil fields and its number stay. It checks the result
// as a whole, and recomputes its amount. It needs PartLines. Errors as for
// AddLines; ErrNotFound for an unknown number.
func (o *Opportunity) UpdateLine(number int, in UpdateLineInput, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.commercial("opportunity.lines.status"); err != nil {
		return err
	}
	if err := o.needs(PartLines); err != nil {
		return err
	}
	i := slices.IndexFunc(o.s.Lines, func(l Line) bool { return l.Number == number })
	if i < 0 {
		return fault.NotFound("opportunity.line.not_found")
	}
	var f fault.Fields
	to := in.on(&f, &o.s.Lines[i])
	l := to.line(&f, "", number, o.s.Currency)
	if err := f.Invalid("opportunity.lines.invalid"); err != nil {
		return err
	}
	rest, err := o.s.LineTotal.Sub(o.s.Lines[i].Amount)
	if err == nil {
		rest, err = rest.Add(l.Amount)
	}
	if err != nil {
		return fault.Invalid("opportunity.lines.invalid", fault.Field{Path: "/lines", Code: "overflow", Message: "the total is too large"})
	}
	o.do(&LinesSetPayload{Lines: []Line{l}, Before: []Line{o.s.Lines[i]}, Total: rest}, at)
	o.dirty.Lines = append(o.dirty.Lines, l)
	return nil
}

// RemoveLines removes lines; the others keep their numbers (L03). It needs
// PartLines. Errors: ErrNotFound for an unknown number, ErrNotAllowed (O08).
func (o *Opportunity) RemoveLines(numbers []int, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.commercial("opportunity.lines.status"); err != nil {
		return err
	}
	if err := o.needs(PartLines); err != nil {
		return err
	}
	numbers = slices.Compact(slices.Sorted(slices.Values(numbers)))
	if len(numbers) == 0 {
		return fault.Invalid("opportunity.lines.invalid", fault.Field{Path: "/numbers", Code: "required", Message: "needs a line"})
	}
	ev := &LinesRemovedPayload{Numbers: numbers, Total: o.s.LineTotal}
	for _, n := range numbers {
		i := slices.IndexFunc(o.s.Lines, func(l Line) bool { return l.Number == n })
		if i < 0 {
			return fault.NotFound("opportunity.line.not_found")
		}
		rest, err := ev.Total.Sub(o.s.Lines[i].Amount)
		if err != nil {
			return err
		}
		ev.Total, ev.Removed = rest, append(ev.Removed, o.s.Lines[i])
	}
	o.do(ev, at)
	o.dirty.RemovedLines = append(o.dirty.RemovedLines, numbers...)
	return nil
}
