package integration

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// neighbour is another tenant, with everything that it may have, of the same codes,
// numbers and names, on the same store and engine.
func (w *tenant) neighbour() (*tenant, []uuid.UUID) {
	v := tenantCalled(w.t, w.store, w.host, "evil")
	v.eng = w.eng
	v.s = v.as(access.Administrator, access.Manager)
	return v, v.full()
}

// ids tries every place of every method with ids of another tenant and an unknown one,
// and returns what is wrong. answered lets a twin change an answer.
func ids(w *tenant, foreign []uuid.UUID, answered func(place string, id uuid.UUID, a answer) answer) (wrong error) {
	unknown := uuid.MustParse("01936a5e-0000-7000-8000-000000000000")
	for handle, h := range handles() {
		for i := range h.NumMethod() {
			m := h.Method(i)
			name, places := handle+"."+m.Name, placesOf(m)
			base, ok := bases[name]
			if !ok && (len(places) == 0 || len(places) == 1 && places[0] == "0") {
				continue // J03 tries them
			}
			if !ok {
				return fmt.Errorf("%s takes %v, and has no probe", name, places)
			}
			args := valuesOf(base(w), params(m))
			for _, place := range places {
				if unprobedIDs[name+" "+place] != "" {
					continue
				}
				if err := at(w, name, place, args, foreign, unknown, answered); err != nil {
					wrong = errors.Join(wrong, err)
				}
			}
			opts := []pursuit.CallOption{}
			if m.Type.IsVariadic() {
				opts = append(opts, pursuit.RequestID(name)) // which the other tenant used
			}
			a := callBy(w.ctx, w.s, name, args, opts...)
			if a.err != nil {
				wrong = errors.Join(wrong, fmt.Errorf("%s isn't done with ids of one's own: %w", name, a.err))
				continue
			}
			if len(opts) > 0 && a.values[0].(pursuit.Result).Repeated {
				wrong = errors.Join(wrong, fmt.Errorf("%s has the answer to a request of another tenant", name))
			}
		}
	}
	return wrong
}

// at tries one place: a foreign id gets the answer of an unknown one, no rows, and
// nothing is written.
func at(w *tenant, name, place string, args []reflect.Value, foreign []uuid.UUID, unknown uuid.UUID, answered func(string, uuid.UUID, answer) answer) error {
	n, _ := strconv.Atoi(place[:1])
	before := w.written()
	with := func(id uuid.UUID) answer {
		in := append([]reflect.Value{}, args...)
		in[n] = put(args[n], place[1:], id)
		if id == unknown {
			return callBy(w.ctx, w.s, name, in)
		}
		return answered(name+" "+place, id, callBy(w.ctx, w.s, name, in))
	}
	want := with(unknown)
	if want.rows > 0 || want.err == nil && probes[name].sort != searches {
		return fmt.Errorf("%s %s: an unknown id is taken: %d rows", name, place, want.rows)
	}
	for _, id := range foreign {
		got := with(id)
		if got.rows > 0 || !reflect.DeepEqual(got.values, want.values) || textOf(got.err, id) != textOf(want.err, unknown) {
			return fmt.Errorf("%s %s: the other tenant's %s is answered with %d rows, %v, and an unknown one with %v", name, place, id, got.rows, got.err, want.err)
		}
	}
	if w.written() != before {
		return fmt.Errorf("%s %s: something was written", name, place)
	}
	return nil
}

// textOf is all that an error says, but for the id that was asked with.
func textOf(err error, id uuid.UUID) string {
	return strings.ReplaceAll(fmt.Sprintf("%v %v %+v", fault.CodeOf(err), err, fault.FieldsOf(err)), id.String(), "the id")
}

// cursors tries every method that takes a page with another tenant's cursor.
func cursors(w, v *tenant, theirs func(name, cursor string) string) (int, error) {
	n := 0
	for handle, h := range handles() {
		for i := range h.NumMethod() {
			m := h.Method(i)
			name, types := handle+"."+m.Name, params(m)
			if len(types) == 0 || types[len(types)-1] != reflect.TypeFor[pursuit.Page]() {
				continue
			}
			n++
			about := map[string][2]uuid.UUID{
				"Customers.ContactDeals": {w.contact, v.contact},
				"Opportunities.Timeline": {w.happened(), v.happened()},
				"Orders.Events":          {w.events(), v.events()},
			}[name]
			page := func(x *tenant, id uuid.UUID, cursor string) answer {
				args := make([]reflect.Value, len(types))
				for i, t := range types {
					args[i] = reflect.Zero(t)
				}
				if types[0] == reflect.TypeFor[uuid.UUID]() {
					args[0] = reflect.ValueOf(id)
				}
				args[len(args)-1] = reflect.ValueOf(pursuit.Page{Size: 1, Cursor: cursor})
				return callBy(x.ctx, x.s, name, args)
			}
			first := page(v, about[1], "")
			if first.err != nil {
				return n, fmt.Errorf("%s: %w", name, first.err)
			}
			cursor := reflect.ValueOf(first.values[0]).FieldByName("Next").String()
			if cursor == "" {
				return n, fmt.Errorf("%s has one page only", name)
			}
			for _, id := range about {
				got := page(w, id, theirs(name, cursor))
				if (!errors.Is(got.err, fault.ErrInvalid) || fault.FieldsOf(got.err)[0].Path != "/cursor") && !errors.Is(got.err, fault.ErrNotFound) || got.rows > 0 {
					return n, fmt.Errorf("%s takes another tenant's cursor: %d rows, %w", name, got.rows, cmpError(got.err))
				}
			}
		}
	}
	return n, nil
}

// happened is a deal with three activities.
func (w *tenant) happened() uuid.UUID {
	id := withCall(w)
	for range 2 {
		w.must(w.s.Activities().Log(w.ctx, id, opportunity.LogActivityInput{Kind: opportunity.Visit, Subject: "Visit", Result: "fine"}))
	}
	return id
}

// events is an order with two deliveries.
func (w *tenant) events() uuid.UUID {
	_, id := w.ordered()
	w.must(w.s.Orders().Confirm(w.ctx, id))
	one, two := w.delivered(), w.delivered()
	two.External = "D-2"
	w.must(w.s.Orders().Execute(w.ctx, id, []order.EventInput{one, two}))
	return id
}

// sameTwice gives two tenants that have everything twice.
func sameTwice(t *testing.T) (w, v *tenant, foreign []uuid.UUID) {
	w = newTenant(t)
	w.full()
	v, foreign = w.neighbour()
	for name := range bases { // the other tenant's user of the same name used these requests
		w.must(v.s.Customers().Create(v.ctx, customer.CreateInput{Name: name}, pursuit.RequestID(name)))
	}
	return w, v, foreign
}

// TestJ03_B15_EveryIdOfAnotherTenant: every id of every input, query and filter, found
// by reflection, and every request id and cursor, between two tenants that share all
// codes and numbers.
func TestJ03_B15_EveryIdOfAnotherTenant(t *testing.T) {
	honest := func(_ string, _ uuid.UUID, a answer) answer { return a }
	onEach(t, func(t *testing.T) {
		if !everywhere(t) { // the statements are the same ones
			return
		}
		w, v, foreign := sameTwice(t)
		mine, theirs := w.get(w.record().ID), v.get(v.record().ID)
		require.Equal(t, mine.Number, theirs.Number, "they share numbers")
		require.NoError(t, ids(w, foreign, honest))
		n, err := cursors(w, v, func(_, cursor string) string { return cursor })
		require.NoError(t, err)
		require.GreaterOrEqual(t, n, 10)
	})
}

// TestJ03_B15_PlacesExist fails for a base or an exemption of what isn't there.
func TestJ03_B15_PlacesExist(t *testing.T) {
	for name := range bases {
		handle, method, _ := strings.Cut(name, ".")
		m, ok := handles()[handle].MethodByName(method)
		require.True(t, ok, name)
		require.NotEmpty(t, placesOf(m), name)
	}
	for place, why := range unprobedIDs {
		name, at, _ := strings.Cut(place, " ")
		handle, method, _ := strings.Cut(name, ".")
		m, _ := handles()[handle].MethodByName(method)
		require.Contains(t, placesOf(m), at)
		require.NotEmpty(t, why)
	}
}

// TestJ03_B15_TwinsAreFound: one place of all that leaks is found, be it that it says
// more, shows a row or does something; and so is a cursor that goes with any tenant.
func TestJ03_B15_TwinsAreFound(t *testing.T) {
	for name, twin := range map[string]func(w *tenant, place string, id uuid.UUID, a answer) answer{
		"another error": func(_ *tenant, place string, _ uuid.UUID, a answer) answer {
			if place == "Opportunities.Update 1.BillTo" {
				a.err = fault.NotFound("customer.not_found")
			}
			return a
		},
		"a row": func(_ *tenant, place string, _ uuid.UUID, a answer) answer {
			if place == "Expenses.List 0.Filter.Category" {
				a.rows++
			}
			return a
		},
		"a write": func(w *tenant, place string, _ uuid.UUID, a answer) answer {
			if place == "Evaluations.Submit 1.Scorecard" {
				w.record()
			}
			return a
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := tenantOn(t, memory.New(), nil)
			w.full()
			_, foreign := w.neighbour()
			require.Error(t, ids(w, foreign, func(place string, id uuid.UUID, a answer) answer { return twin(w, place, id, a) }))
		})
	}
	w := tenantOn(t, memory.New(), nil)
	w.full()
	v, _ := w.neighbour()
	_, err := cursors(w, v, func(string, string) string { return "" })
	require.Error(t, err)
}
