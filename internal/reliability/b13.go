package reliability

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// B13 is this check: hostile texts in every text field, filter, sort and cursor give a typed
// refusal, or come back as they are, cleaned at most (trimmed, NFC). The schema
// stays as it is, and everything is whole.
var B13 = Check{
	ID: "B13", Name: "hostile texts: a typed refusal or an exact round trip", Sites: AllSites, Unit: "texts", Full: size(500),
	// A text alone may be refused everywhere, or nowhere.
	Run: func(r *Run) error { return hostility(r, max(r.N, 10), false) },
	Twin: func(r *Run) error {
		return hostility(r, 40, true)
	},
	TwinOf: "text cut at a quote",
}

// question is a place where text only selects.
type question struct {
	name string
	put  func(ctx context.Context, w *World, id uuid.UUID, s string) (string, error)
}

// questions are places where text only selects.
var questions = []question{
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
	p, err := r.quick()
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
	before, err := p.schema(r)
	if err != nil {
		return err
	}
	per := n
	if n < 500 && !bug { // every field has its texts, and all fields together try all of them
		per = max(3, n/8)
	}
	t := &sweep{Run: r, place: p, all: hostiles(r.Rand(0), max(n, 60)), per: per, used: map[string]bool{}}
	if err := t.fields(bug); err != nil {
		return err
	}
	for _, s := range hostiles(r.Rand(0), n) {
		if bug {
			break
		}
		for _, f := range questions {
			if _, err := f.put(r, good, id, s); err != nil && !typed(err) {
				r.Breach("%s: %.60q: %v", f.name, s, err)
			}
		}
		name := s
		if _, err := good.S.Opportunities().Update(r, id, opportunity.UpdateInput{Name: &name}); err == nil {
			l, err := good.S.Opportunities().List(r, pursuit.OpportunityQuery{Filter: opportunity.Filter{Search: s}}, pursuit.Page{})
			if err != nil && !typed(err) || err == nil && len(l.Items) != 1 {
				r.Breach("a search for %.60q finds %d of that name, %v", s, len(l.Items), err)
			}
		}
	}
	r.Did(len(t.used))
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
	return t.enough(bug)
}

// cleaned is what may be done to a text: trimming it, and bringing it to NFC.
func cleaned(s string) string { return norm.NFC.String(strings.TrimSpace(s)) }

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
