package integration

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
)

// scramble changes all that is reached through slices, maps and pointers of v, and
// says how much that was.
func scramble(v any) int { return spoil(reflect.ValueOf(v), false) }

func spoil(v reflect.Value, reached bool) (n int) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			n = spoil(v.Elem(), false)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			n = spoil(v.Elem(), true)
		}
	case reflect.Slice:
		for i := range v.Len() {
			n += spoil(v.Index(i), true)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			n += spoil(v.MapIndex(k), false)
			v.SetMapIndex(k, reflect.Zero(v.Type().Elem()))
			n++
		}
	case reflect.Struct:
		if !reached {
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					n += spoil(v.Field(i), false)
				}
			}
			return n
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				n += spoil(v.Field(i), true)
			}
		}
		if v.CanSet() {
			v.SetZero()
			n++
		}
	default:
		if reached && v.CanSet() {
			v.SetZero()
			n++
		}
	}
	return n
}

func asText(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

// TestB17_NothingHandedOutIsKept changes what a session returns, and wants the same
// again.
func TestB17_NothingHandedOutIsKept(t *testing.T) {
	inProcess(t, func(t *testing.T) {
		w := newTenant(t)
		w.selling()
		deal := withMember(w)
		w.must(w.s.DealContacts().Add(w.ctx, deal, opportunity.ContactInput{Contact: w.contact, Role: opportunity.Champion}))
		w.must(w.s.DealCompetitors().Add(w.ctx, deal, opportunity.CompetitorInput{Competitor: w.rival}))
		w.must(w.s.Opportunities().Update(w.ctx, deal, opportunity.UpdateInput{Attributes: &map[string]string{"a": "b"}}))
		w.must(w.s.Activities().Plan(w.ctx, deal, w.call()))
		quote := w.quote(deal, quote.CreateInput{Terms: "net 30"})
		_, ordered := w.ordered()
		reads := map[string]func() (any, error){
			"deal":    func() (any, error) { return w.s.Opportunities().Get(w.ctx, deal, opportunity.AllParts) },
			"view":    func() (any, error) { return w.s.Opportunities().View(w.ctx, deal) },
			"history": func() (any, error) { return w.s.Opportunities().History(w.ctx, deal) },
			"journal": func() (any, error) { return w.s.Opportunities().Journal(w.ctx, deal) },
			"deals": func() (any, error) {
				return w.s.Opportunities().List(w.ctx, pursuit.OpportunityQuery{}, pursuit.Page{})
			},
			"customers": func() (any, error) { return w.s.Customers().List(w.ctx, pursuit.CustomerQuery{}, pursuit.Page{}) },
			"customer": func() (any, error) {
				c, err := w.s.Customers().Get(w.ctx, w.customer)
				return &c, err
			},
			"entry":     func() (any, error) { return w.s.Archives().Get(w.ctx, w.rival) },
			"processes": func() (any, error) { return w.s.Processes().List(w.ctx, pursuit.ProcessQuery{}, pursuit.Page{}) },
			"process": func() (any, error) {
				r, err := w.s.Processes().Get(w.ctx, w.process)
				return &r, err
			},
			"versions": func() (any, error) { return w.s.Processes().Versions(w.ctx, w.process) },
			"version": func() (any, error) {
				list, err := w.s.Processes().Versions(w.ctx, w.process)
				if err != nil {
					return nil, err
				}
				return w.s.Processes().Version(w.ctx, list[0].VersionID)
			},
			"quote": func() (any, error) { return w.s.Quotes().Get(w.ctx, quote) },
			"order": func() (any, error) { return w.s.Orders().Get(w.ctx, ordered) },
		}
		for name, read := range reads {
			got, err := read()
			require.NoError(t, err, name)
			before := asText(t, got)
			require.Positive(t, scramble(got), name)
			got, err = read()
			require.NoError(t, err, name)
			require.Equal(t, before, asText(t, got), name)
		}
		// What the engine remembers of the process still works.
		w.must(w.s.Opportunities().Advance(w.ctx, deal, opportunity.AdvanceInput{To: "engaging", Summary: "done"}))
	})
}

// TestB17_NothingGivenIsKept changes what commands were given after they returned.
func TestB17_NothingGivenIsKept(t *testing.T) {
	inProcess(t, func(t *testing.T) {
		w := newTenant(t)
		w.selling()
		tax := dec("13")
		rec := w.input()
		rec.Lines[0].Tax = &tax
		rec.Attributes = map[string]string{"a": "b"}
		rec.Members = []opportunity.MemberInput{bob}
		rec.Contacts = []opportunity.ContactInput{{Contact: w.contact, Role: opportunity.Champion}}
		rec.Competitors = []opportunity.CompetitorInput{{Competitor: w.rival}}
		r, err := w.s.Opportunities().Record(w.ctx, rec)
		w.must(r, err)
		deal := r.ID
		cust := customer.CreateInput{Name: "Fabrikam", Attributes: map[string]string{"a": "b"}, Contacts: []customer.ContactInput{{Name: "Zoe"}}}
		c, err := w.s.Customers().Create(w.ctx, cust)
		w.must(c, err)
		entry := archive.CreateInput{Kind: archive.Source, Code: "web", Names: map[string]string{"en": "Web"}}
		e, err := w.s.Archives().Create(w.ctx, entry)
		w.must(e, err)
		process := stage.Process{Code: "second", Names: names("Second"), Stages: []stage.Stage{{ID: "only", Names: names("Only"), Probability: 1000,
			Category: stage.Pipeline, Checklist: []stage.ChecklistItem{{ID: "x", Names: names("X")}}}}}
		p, err := w.s.Processes().Publish(w.ctx, process)
		w.must(p, err)
		q, err := w.s.Quotes().Create(w.ctx, deal, quote.CreateInput{Lines: rec.Lines})
		w.must(q, err)
		id := placed(w)
		events := []order.EventInput{w.delivered()}
		w.must(w.s.Orders().Execute(w.ctx, id, events))
		kept := func() string {
			var out []any
			add := func(v any, err error) { require.NoError(t, err); out = append(out, v) }
			add(w.s.Opportunities().Get(w.ctx, deal, opportunity.AllParts))
			x, err := w.s.Customers().Get(w.ctx, c.ID)
			add(x, err)
			add(w.s.Archives().Get(w.ctx, e.ID))
			add(w.s.Processes().Versions(w.ctx, p.ID))
			add(w.s.Quotes().Get(w.ctx, q.ID))
			add(w.s.Orders().Get(w.ctx, id))
			add(w.s.Opportunities().Journal(w.ctx, deal))
			return asText(t, out)
		}
		before := kept()
		for _, in := range []any{&rec, &cust, &entry, &process, events, &tax} {
			require.Positive(t, scramble(in))
		}
		require.Equal(t, before, kept())
		w.same(deal)
	})
}

func placed(w *tenant) uuid.UUID {
	_, id := w.ordered()
	w.must(w.s.Orders().Confirm(w.ctx, id))
	return id
}

// TestB17_RolesAndOptionsAreTheSessionsOwn: neither the slice that made a session nor
// the one that it shows raises its rights, nor does a policy that writes to it; an
// engine's gates are those that it was made with.
func TestB17_RolesAndOptionsAreTheSessionsOwn(t *testing.T) {
	inProcess(t, func(t *testing.T) {
		w := newTenant(t)
		roles := []access.Role{access.Sales}
		s := w.eng.As(pursuit.Actor{Tenant: "acme", User: "eve", Department: "west", Roles: roles})
		refused := func() {
			t.Helper()
			_, err := s.Archives().Create(w.ctx, archive.CreateInput{Kind: archive.Source, Code: "web", Names: names("Web")})
			require.ErrorIs(t, err, fault.ErrForbidden)
		}
		refused()
		roles[0] = access.Administrator
		refused()
		s.Actor().Roles[0] = access.Administrator
		refused()
		require.Equal(t, []access.Role{access.Sales}, s.Actor().Roles)
		gates := map[string]pursuit.GateKind{}
		eng, err := pursuit.New(w.store, &pursuit.Options{Clock: w.clock, Gates: gates})
		require.NoError(t, err)
		gates["host"] = pursuit.GateKind{Evaluate: func(context.Context, pursuit.GateInput) (stage.Verdict, error) {
			return stage.Verdict{Met: true}, nil
		}}
		gated := stage.Process{Code: "third", Names: names("Third"), WinGates: []stage.Gate{{ID: "g", Kind: "host"}},
			Stages: []stage.Stage{{ID: "only", Names: names("Only"), Probability: 1000, Category: stage.Pipeline}}}
		_, err = eng.As(w.s.Actor()).Processes().Publish(w.ctx, gated)
		require.ErrorIs(t, err, fault.ErrInvalid)
		eng, err = pursuit.New(w.store, &pursuit.Options{Clock: w.clock, Gates: gates})
		require.NoError(t, err)
		w.must(eng.As(w.s.Actor()).Processes().Publish(w.ctx, gated))
	})
}

// TestB17_TheTwin: what is shared is found.
func TestB17_TheTwin(t *testing.T) {
	kept := struct {
		A []string
		B map[string]int
		C *time.Time
		D money.Money
	}{[]string{"a"}, map[string]int{"b": 1}, &time.Time{}, money.Money{}}
	before := asText(t, kept)
	handed := kept
	require.Positive(t, scramble(&handed))
	require.NotEqual(t, before, asText(t, kept))
}
