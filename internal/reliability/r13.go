package reliability

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// R13: hostile texts in every text field, filter, sort and cursor give a typed
// refusal, or come back as they are, cleaned at most (trimmed, NFC). The schema
// stays as it is, and everything is whole.
var R13 = Check{
	ID: "R13", Name: "hostile texts: a typed refusal or an exact round trip", Sites: AllSites, Unit: "texts", Full: size(500),
	// A text alone may be refused everywhere, or nowhere.
	Run: func(r *Run) error { return hostility(r, max(r.N, 10), false) },
	Twin: func(r *Run) error {
		return hostility(r, 40, true)
	},
	TwinOf: "text cut at a quote",
}

// field is a place for text: put stores it and gives what is stored.
type field struct {
	name string
	put  func(ctx context.Context, w *World, id uuid.UUID, s string) (string, error)
}

func detail(set func(u *opportunity.Update, s *string), get func(s *opportunity.Snapshot) string) func(context.Context, *World, uuid.UUID, string) (string, error) {
	return func(ctx context.Context, w *World, id uuid.UUID, s string) (string, error) {
		var u opportunity.Update
		set(&u, &s)
		if _, err := w.S.Opportunities().Update(ctx, id, u); err != nil {
			return "", err
		}
		return w.look(ctx, id, get)
	}
}

func (w *World) look(ctx context.Context, id uuid.UUID, get func(s *opportunity.Snapshot) string) (string, error) {
	snap, err := w.S.Opportunities().Get(ctx, id, opportunity.AllParts)
	return get(&snap), err
}

func buyerField(set func(in *customer.Input, s string), get func(c *customer.Customer) string) func(context.Context, *World, uuid.UUID, string) (string, error) {
	return func(ctx context.Context, w *World, _ uuid.UUID, s string) (string, error) {
		in := customer.Input{Name: "Northwind", Kind: customer.Organisation, Status: customer.Active, Code: "C1"}
		set(&in, s)
		if _, err := w.S.Customers().Update(ctx, w.Customer, in); err != nil {
			return "", err
		}
		c, _, err := w.S.Customers().Get(ctx, w.Customer)
		return get(&c), err
	}
}

func person(set func(in *customer.ContactInput, s string), get func(c *customer.Contact) string) func(context.Context, *World, uuid.UUID, string) (string, error) {
	return func(ctx context.Context, w *World, _ uuid.UUID, s string) (string, error) {
		in := customer.ContactInput{Name: "Li Wei"}
		set(&in, s)
		if _, err := w.S.Customers().UpdateContact(ctx, w.Customer, w.Contact, in); err != nil {
			return "", err
		}
		_, list, err := w.S.Customers().Get(ctx, w.Customer)
		if err != nil || len(list) != 1 {
			return "", fmt.Errorf("%d contacts, %w", len(list), err)
		}
		return get(&list[0]), nil
	}
}

func lineOf(set func(in *opportunity.LineInput, s string), get func(l *opportunity.Line) string) func(context.Context, *World, uuid.UUID, string) (string, error) {
	return func(ctx context.Context, w *World, id uuid.UUID, s string) (string, error) {
		in := Lines(1)[0]
		set(&in, s)
		if _, err := w.S.Lines().Update(ctx, id, 1, in); err != nil {
			return "", err
		}
		return w.look(ctx, id, func(s *opportunity.Snapshot) string { return get(&s.Lines[0]) })
	}
}

var fields = slices.Concat(coreFields, followUpFields)

var coreFields = []field{
	{"name", detail(func(u *opportunity.Update, s *string) { u.Name = s }, func(s *opportunity.Snapshot) string { return s.Name })},
	{"description", detail(func(u *opportunity.Update, s *string) { u.Description = s }, func(s *opportunity.Snapshot) string { return s.Description })},
	{"department", detail(func(u *opportunity.Update, s *string) { u.Department = s }, func(s *opportunity.Snapshot) string { return s.Department })},
	{"attribute", detail(func(u *opportunity.Update, s *string) { u.Attributes = &map[string]string{"k": *s} }, func(s *opportunity.Snapshot) string { return s.Attributes["k"] })},
	{"attribute key", detail(func(u *opportunity.Update, s *string) { u.Attributes = &map[string]string{*s: "v"} }, func(s *opportunity.Snapshot) string {
		for k := range s.Attributes {
			return k
		}
		return ""
	})},
	{"line product", lineOf(func(in *opportunity.LineInput, s string) { in.Product = s }, func(l *opportunity.Line) string { return l.Product })},
	{"line description", lineOf(func(in *opportunity.LineInput, s string) { in.Description = s }, func(l *opportunity.Line) string { return l.Description })},
	{"line unit", lineOf(func(in *opportunity.LineInput, s string) { in.Unit = s }, func(l *opportunity.Line) string { return l.Unit })},
	{"member", func(ctx context.Context, w *World, id uuid.UUID, s string) (string, error) {
		_, err := w.S.Team().Set(ctx, id, opportunity.MemberInput{User: s, Role: opportunity.RoleSales, Access: opportunity.Read})
		if err != nil {
			return "", err
		}
		got, err := w.look(ctx, id, func(o *opportunity.Snapshot) string {
			for _, m := range o.Members {
				if m.User == s {
					return m.User
				}
			}
			return "?"
		})
		if err == nil && s != "ann" {
			_, err = w.S.Team().Remove(ctx, id, s)
		}
		return got, err
	}},
	{"contact note", func(ctx context.Context, w *World, id uuid.UUID, s string) (string, error) {
		if _, err := w.S.DealContacts().Add(ctx, id, opportunity.ContactInput{Contact: w.Contact, Role: opportunity.Champion, Note: s}); err != nil {
			return "", err
		}
		got, err := w.look(ctx, id, func(o *opportunity.Snapshot) string { return o.Contacts[0].Note })
		if err == nil {
			_, err = w.S.DealContacts().Remove(ctx, id, champion(w))
		}
		return got, err
	}},
	{"competitor", func(ctx context.Context, w *World, id uuid.UUID, s string) (string, error) {
		if _, err := w.S.DealCompetitors().Add(ctx, id, opportunity.CompetitorInput{Competitor: w.Rival, Strengths: s, Weaknesses: s}); err != nil {
			return "", err
		}
		got, err := w.look(ctx, id, func(o *opportunity.Snapshot) string { return o.Competitors[0].Weaknesses })
		if err == nil {
			_, err = w.S.DealCompetitors().Remove(ctx, id, w.Rival)
		}
		return got, err
	}},
	{"hold reason", func(ctx context.Context, w *World, id uuid.UUID, s string) (string, error) {
		if _, err := w.S.Opportunities().Hold(ctx, id, opportunity.HoldInput{Reason: s}); err != nil {
			return "", err
		}
		got, err := w.look(ctx, id, func(o *opportunity.Snapshot) string { return o.HoldReason })
		if err == nil {
			_, err = w.S.Opportunities().Resume(ctx, id)
		}
		return got, err
	}},
	{"summary", func(ctx context.Context, w *World, id uuid.UUID, s string) (string, error) {
		if _, err := w.S.Opportunities().Advance(ctx, id, opportunity.Advance{To: "offer", Summary: s}); err != nil {
			return "", err
		}
		rows, err := w.S.Opportunities().History(ctx, id)
		if err == nil {
			_, err = w.S.Opportunities().Advance(ctx, id, opportunity.Advance{To: "lead", Summary: "back"})
		}
		return rows[len(rows)-1].Summary, err
	}},
	{"customer name", buyerField(func(in *customer.Input, s string) { in.Name = s }, func(c *customer.Customer) string { return c.Name })},
	{"customer code", buyerField(func(in *customer.Input, s string) { in.Code = s }, func(c *customer.Customer) string { return c.Code })},
	{"customer sector", buyerField(func(in *customer.Input, s string) { in.Sector = s }, func(c *customer.Customer) string { return c.Sector })},
	{"customer tax id", buyerField(func(in *customer.Input, s string) { in.TaxID = s }, func(c *customer.Customer) string { return c.TaxID })},
	{"customer e-mail", buyerField(func(in *customer.Input, s string) { in.Email = s }, func(c *customer.Customer) string { return c.Email })},
	{"customer phone", buyerField(func(in *customer.Input, s string) { in.Phone = s }, func(c *customer.Customer) string { return c.Phone })},
	{"customer url", buyerField(func(in *customer.Input, s string) { in.URL = s }, func(c *customer.Customer) string { return c.URL })},
	{"customer address", buyerField(func(in *customer.Input, s string) { in.Address = s }, func(c *customer.Customer) string { return c.Address })},
	{"customer country", buyerField(func(in *customer.Input, s string) { in.Country = s }, func(c *customer.Customer) string { return c.Country })},
	{"customer owner", buyerField(func(in *customer.Input, s string) { in.Owner = s }, func(c *customer.Customer) string { return c.Owner })},
	{"customer department", buyerField(func(in *customer.Input, s string) { in.Department = s }, func(c *customer.Customer) string { return c.Department })},
	{"customer description", buyerField(func(in *customer.Input, s string) { in.Description = s }, func(c *customer.Customer) string { return c.Description })},
	{"customer attribute", buyerField(func(in *customer.Input, s string) { in.Attributes = map[string]string{"k": s} }, func(c *customer.Customer) string { return c.Attributes["k"] })},
	{"contact name", person(func(in *customer.ContactInput, s string) { in.Name = s }, func(c *customer.Contact) string { return c.Name })},
	{"contact title", person(func(in *customer.ContactInput, s string) { in.Title = s }, func(c *customer.Contact) string { return c.Title })},
	{"contact e-mail", person(func(in *customer.ContactInput, s string) { in.Email = s }, func(c *customer.Contact) string { return c.Email })},
	{"contact phone", person(func(in *customer.ContactInput, s string) { in.Phone = s }, func(c *customer.Contact) string { return c.Phone })},
	{"contact's note", person(func(in *customer.ContactInput, s string) { in.Note = s }, func(c *customer.Contact) string { return c.Note })},
	{"archive code", func(ctx context.Context, w *World, _ uuid.UUID, s string) (string, error) {
		r, err := w.S.Archives().Create(ctx, archive.Input{Kind: archive.ExpenseKind, Code: s, Names: map[string]string{"en": "x"}})
		if err != nil {
			return "", err
		}
		e, err := w.S.Archives().Get(ctx, r.ID)
		if err == nil {
			_, err = w.S.Archives().Delete(ctx, r.ID)
		}
		return e.Code, err
	}},
	{"archive name", func(ctx context.Context, w *World, _ uuid.UUID, s string) (string, error) {
		if _, err := w.S.Archives().Update(ctx, w.Source, archive.Input{Names: map[string]string{"en": s}, Description: s}); err != nil {
			return "", err
		}
		e, err := w.S.Archives().Get(ctx, w.Source)
		return e.Names["en"], err
	}},
	{"process", func(ctx context.Context, w *World, _ uuid.UUID, s string) (string, error) {
		p := process(s, s)
		p.Names = stage.Names{"en": s}
		r, err := w.S.Processes().Publish(ctx, p)
		if err != nil {
			return "", err
		}
		rec, _, err := w.S.Processes().Get(ctx, r.ID)
		if err == nil && r.ID != w.Process {
			_, err = w.S.Processes().Delete(ctx, r.ID)
		}
		return rec.Code, err
	}},
	{"request id", func(ctx context.Context, w *World, id uuid.UUID, s string) (string, error) {
		rating := 1
		_, err := w.S.Opportunities().Update(ctx, id, opportunity.Update{Rating: &rating}, pursuit.RequestID(s))
		return s, err
	}},
	{"currency", func(ctx context.Context, w *World, _ uuid.UUID, s string) (string, error) {
		_, err := w.S.SalesSystem().Initialise(ctx, order.InitialiseInput{BaseCurrency: money.Currency(s), NumberPrefix: s})
		return s, err
	}},
	{"actor", func(ctx context.Context, w *World, _ uuid.UUID, s string) (string, error) {
		_, err := w.Engine.As(access.Actor{Tenant: w.Tenant + s, User: s, Department: s}).Opportunities().Count(ctx, opportunity.Filter{})
		return s, err
	}},
}

// questions are places where text only selects.
var questions = []field{
	{"search", func(ctx context.Context, w *World, _ uuid.UUID, s string) (string, error) {
		_, err := w.S.Opportunities().List(ctx, pursuit.OpportunityQuery{Filter: opportunity.Filter{Search: s}}, pursuit.Page{})
		return "", err
	}},
	{"filters", func(ctx context.Context, w *World, _ uuid.UUID, s string) (string, error) {
		for _, f := range []opportunity.Filter{{Owner: s}, {Member: s}, {Product: s}, {Number: s}, {Stages: []string{s, "lead"}}, {Department: s}, {Currency: money.Currency(s)}} {
			if n, err := w.S.Opportunities().Count(ctx, f); err != nil {
				if !refused(err) {
					return "", err
				}
			} else if n > 0 && s != "" && f.Department == "" && f.Stages == nil {
				return "", fmt.Errorf("%+v selects %d", f, n)
			}
		}
		return "", nil
	}},
	{"sort", func(ctx context.Context, w *World, _ uuid.UUID, s string) (string, error) {
		_, err := w.S.Opportunities().List(ctx, pursuit.OpportunityQuery{Sort: opportunity.Sort(s)}, pursuit.Page{})
		return "", err
	}},
	{"cursor", func(ctx context.Context, w *World, _ uuid.UUID, s string) (string, error) {
		_, err := w.S.Opportunities().List(ctx, pursuit.OpportunityQuery{}, pursuit.Page{Cursor: s})
		return "", err
	}},
	{"activities and expenses", func(ctx context.Context, w *World, _ uuid.UUID, s string) (string, error) {
		_, err1 := w.S.Activities().List(ctx, pursuit.ActivityQuery{Filter: opportunity.ActivityFilter{Assignee: s}}, pursuit.Page{Cursor: s})
		_, err2 := w.S.Expenses().List(ctx, pursuit.ExpenseQuery{Filter: opportunity.ExpenseFilter{User: s}}, pursuit.Page{})
		if err1 != nil {
			return "", err1
		}
		return "", err2
	}},
	{"number", func(ctx context.Context, w *World, _ uuid.UUID, s string) (string, error) {
		_, err := w.S.Opportunities().ByNumber(ctx, s, 0)
		return "", err
	}},
	{"customers", func(ctx context.Context, w *World, _ uuid.UUID, s string) (string, error) {
		_, err1 := w.S.Customers().List(ctx, pursuit.CustomerQuery{Search: s}, pursuit.Page{})
		_, err2 := w.S.Customers().ByCode(ctx, s)
		if err1 != nil {
			return "", err1
		}
		return "", err2
	}},
}

func hostility(r *Run, n int, bug bool) error {
	p, err := r.Site.Fresh(r, r.Dir)
	if err != nil {
		return err
	}
	defer p.Close()
	good, err := NewWorld(r, p.Store, "acme", nil)
	if err != nil {
		return err
	}
	id, err := good.Record(r, 1)
	if err != nil {
		return err
	}
	if _, err := good.S.SalesSystem().Enable(r); err != nil {
		return err
	}
	w := good
	if bug {
		h := &Hooked{Store: p.Store, Save: func(ctx context.Context, tx storage.Tx, c opportunity.Change) error {
			c.Root.Description, _, _ = strings.Cut(c.Root.Description, "'")
			return tx.Opportunities().Save(ctx, c)
		}}
		if w, err = good.Inside(h, nil); err != nil {
			return err
		}
	}
	before, err := p.schema(r)
	if err != nil {
		return err
	}
	trips, refusals := 0, 0
	for _, s := range hostiles(r.Rand(0), n) {
		for _, f := range fields {
			got, err := f.put(r, w, id, s)
			switch {
			case err == nil:
				trips++
				if got != s && got != cleaned(s) {
					r.Breach("%s: %.60q came back as %.60q", f.name, s, got)
				}
			case typed(err):
				refusals++
			default:
				r.Breach("%s: %.60q: %v", f.name, s, err)
			}
		}
		for _, f := range questions {
			if _, err := f.put(r, w, id, s); err != nil && !typed(err) {
				r.Breach("%s: %.60q: %v", f.name, s, err)
			}
		}
		name := s
		if _, err := good.S.Opportunities().Update(r, id, opportunity.Update{Name: &name}); err == nil {
			l, err := good.S.Opportunities().List(r, pursuit.OpportunityQuery{Filter: opportunity.Filter{Search: s}}, pursuit.Page{})
			if err != nil && !typed(err) || err == nil && len(l.Items) != 1 {
				r.Breach("a search for %.60q finds %d of that name, %v", s, len(l.Items), err)
			}
		}
		r.Did(1)
	}
	after, err := p.schema(r)
	if err != nil {
		return err
	}
	if before != after {
		r.Breach("the schema is another one")
	}
	if _, err := Whole(r, p.Store, "acme"); err != nil {
		r.Breach("%v", err)
	}
	if !bug && (trips < 5*n || refusals < 5*n) {
		return fmt.Errorf("only %d round trips and %d refusals", trips, refusals)
	}
	r.Figure("%d fields, %d round trips, %d refusals", len(fields)+len(questions), trips, refusals)
	return nil
}

// cleaned is what may be done to a text: trimming it, and bringing it to NFC.
func cleaned(s string) string { return norm.NFC.String(strings.TrimSpace(s)) }

// typed says that an error is a refusal with a code.
func typed(err error) bool {
	return fault.CodeOf(err) != "" && (refused(err) || errors.Is(err, fault.ErrRequestReused) || errors.Is(err, fault.ErrForbidden))
}

// schema describes all tables.
func (p *Place) schema(ctx context.Context) (string, error) {
	query := map[*Site]string{
		SQLite:   "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name",
		Postgres: "SELECT table_name || column_name || data_type FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1",
		MariaDB:  "SELECT CONCAT(table_name, column_name, column_type) FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY 1",
	}[p.Site]
	if query == "" {
		return "", nil
	}
	rows, err := p.DB.QueryContext(ctx, query)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return "", err
		}
		b.WriteString(s + "\n")
	}
	return b.String(), rows.Err()
}
