package main

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
)

// The rows of the three smaller files, which the pipeline's refer to.

// maxText bounds names and ids, in characters.
const maxText = 100

// text checks a name or an id, which is used exactly as it is spelt.
func text(f *fault.Fields, path, s string) bool {
	switch {
	case s == "":
		f.Add(path, "required", "is required")
	case !utf8.ValidString(s):
		f.Add(path, "bad_utf8", "must be valid UTF-8")
	case utf8.RuneCountInString(s) > maxText:
		f.Add(path, "too_long", "is too long")
	case s != strings.TrimSpace(s):
		f.Add(path, "blank_ends", "must not begin or end with a blank")
	case strings.ContainsFunc(s, unicode.IsControl):
		f.Add(path, "control", "must not hold control characters")
	default:
		return true
	}
	return false
}

// price reads an amount that isn't negative.
func price(f *fault.Fields, path, s string) decimal.Decimal {
	p, err := money.ParseDecimal(s, 12, 2)
	switch {
	case s == "":
		f.Add(path, "required", "is required")
	case err != nil:
		f.Add(path, "bad_number", "must be a plain number with at most two decimals")
	case p.IsNegative():
		f.Add(path, "negative", "must not be negative")
	}
	return p
}

func (d *data) readProduct(r record) error {
	var f fault.Fields
	name := r.get("product")
	p := price(&f, "/sales_price", r.get("sales_price"))
	if _, ok := d.products[name]; text(&f, "/product", name) && ok {
		f.Add("/product", "duplicate", "is there already")
	}
	err := f.Invalid("replay.product.invalid")
	if err == nil {
		d.products[name] = p
	}
	return err
}

func (d *data) readAgent(r record) error {
	var f fault.Fields
	name := r.get("sales_agent")
	a := agent{manager: r.get("manager"), office: r.get("regional_office")}
	if _, ok := d.agents[name]; text(&f, "/sales_agent", name) && ok {
		f.Add("/sales_agent", "duplicate", "is there already")
	}
	text(&f, "/manager", a.manager)
	text(&f, "/regional_office", a.office)
	err := f.Invalid("replay.agent.invalid")
	if err == nil {
		d.agents[name] = a
	}
	return err
}

// maxAttribute bounds what is kept of an account as an attribute, in characters.
const maxAttribute = 1000

// readAccount takes an account as it is spelt; whose subsidiary it is gets
// checked once all are known.
func (d *data) readAccount(r record) error {
	var f fault.Fields
	a := account{line: r.line, name: r.get("account"), sector: r.get("sector"), subsidiaryOf: r.get("subsidiary_of"), attributes: map[string]string{}}
	if text(&f, "/account", a.name) && d.known[a.name] {
		f.Add("/account", "duplicate", "is there already")
	}
	if a.name == unknownAccount {
		f.Add("/account", "reserved", "is the name for deals without an account")
	}
	if a.sector != "" {
		text(&f, "/sector", a.sector)
	}
	for _, column := range []string{"year_established", "revenue", "employees", "office_location"} {
		switch v := r.get(column); {
		case utf8.RuneCountInString(v) > maxAttribute:
			f.Add("/"+column, "too_long", "is too long")
		case !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl):
			f.Add("/"+column, "control", "must be plain text")
		case v != "":
			a.attributes[column] = v
		}
	}
	err := f.Invalid("replay.account.invalid")
	if err == nil {
		d.accounts, d.known[a.name] = append(d.accounts, a), true
	}
	return err
}

// sortAccounts puts parents before their subsidiaries. Accounts whose parent
// isn't there, or leads back to themselves, are rejected.
func (d *data) sortAccounts() {
	placed := map[string]bool{"": true}
	var sorted []account
	left := d.accounts
	for len(left) > 0 {
		var later []account
		for _, a := range left {
			if placed[a.subsidiaryOf] {
				placed[a.name] = true
				sorted = append(sorted, a)
			} else {
				later = append(later, a)
			}
		}
		if len(later) == len(left) {
			break
		}
		left = later
	}
	for _, a := range d.accounts {
		if !placed[a.name] {
			d.reject(accountsFile, a.line, fault.Invalid("replay.account.invalid",
				fault.Field{Path: "/subsidiary_of", Code: "unknown", Message: "isn't an account of the file, or leads back to this one"}))
			delete(d.known, a.name)
		}
	}
	d.accounts = sorted
}
