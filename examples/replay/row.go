package main

import (
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
)

// mend says what a product's name is taken for. This is all that is ever mended.
func mend(product string) string {
	if product == "GTXPro" {
		return "GTX Pro"
	}
	return product
}

// pipeline gives the reader of sales_pipeline.csv's rows.
func (d *data) pipeline() func(record) error {
	ids := map[string]bool{}
	return func(r record) error {
		x, err := d.parse(r, ids)
		if err != nil {
			return err
		}
		ids[x.id] = true
		d.rows = append(d.rows, x)
		return nil
	}
}

// parse makes a row of a line. Errors: ErrInvalid with everything that is wrong.
func (d *data) parse(r record, ids map[string]bool) (row, error) {
	var f fault.Fields
	x := row{line: r.line, id: r.get("opportunity_id"), agent: r.get("sales_agent"), product: r.get("product"),
		account: r.get("account"), stage: r.get("deal_stage")}
	if text(&f, "/opportunity_id", x.id) && ids[x.id] {
		f.Add("/opportunity_id", "duplicate", "is there already")
	}
	if a, ok := d.agents[x.agent]; ok {
		x.office = a.office
	} else {
		f.Add("/sales_agent", "unknown", "isn't in "+teamsFile)
	}
	if to := mend(x.product); to != x.product {
		x.mendings = append(x.mendings, mending{r.line, "product", x.product, to})
		x.product = to
	}
	var ok bool
	if x.list, ok = d.products[x.product]; !ok {
		f.Add("/product", "unknown", "isn't in "+productsFile)
	}
	if x.account == "" {
		x.mendings = append(x.mendings, mending{r.line, "account", "", unknownAccount})
		x.account = unknownAccount
	} else if !d.known[x.account] {
		f.Add("/account", "unknown", "isn't in "+accountsFile)
	}
	x.dates(&f, r)
	return x, f.Invalid("replay.row.invalid")
}

// dates reads what depends on the stage: a deal has an engage_date once it is
// engaging, and a close_date and a close_value once it is decided.
func (x *row) dates(f *fault.Fields, r record) {
	decided := x.stage == won || x.stage == lost
	switch {
	case !decided && x.stage != engaging && x.stage != prospecting:
		f.Add("/deal_stage", "unknown", "must be Prospecting, Engaging, Won or Lost")
		return
	case x.stage == prospecting:
		blank(f, "/engage_date", r.get("engage_date"))
	default:
		x.engaged = date(f, "/engage_date", r.get("engage_date"))
	}
	if !decided {
		blank(f, "/close_date", r.get("close_date"))
		blank(f, "/close_value", r.get("close_value"))
		return
	}
	x.closed = date(f, "/close_date", r.get("close_date"))
	if !x.engaged.IsZero() && !x.closed.IsZero() && x.closed.Before(x.engaged) {
		f.Add("/close_date", "before_engage", "is before engage_date")
	}
	x.value = price(f, "/close_value", r.get("close_value"))
}

func blank(f *fault.Fields, path, s string) {
	if s != "" {
		f.Add(path, "contradiction", "contradicts deal_stage")
	}
}

func date(f *fault.Fields, path, s string) calendar.Date {
	d, err := calendar.Parse(s)
	switch {
	case s == "":
		f.Add(path, "required", "is required by deal_stage")
	case err != nil:
		f.Add(path, "bad_date", "must be a date like 2017-06-30")
	}
	return d
}
