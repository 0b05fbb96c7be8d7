package reliability

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// B24 is this check: canaries stand for personal data: names, addresses, phones, tax ids and
// texts. They are in every text of every method's input, taken and refused, in what
// is stored, and in what a failing database says. No error of any method shows one,
// however it is printed or logged.
var B24 = Check{
	ID: "B24", Name: "personal data in an error or a log", Sites: AllSites, Unit: "methods", Full: func(*Site) int { return len(Calls()) },
	Run: func(r *Run) error { return canaries(r, false) },
	Twin: func(r *Run) error {
		r.N = len(Calls())
		return canaries(r, true)
	},
	TwinOf: "an error that quotes its input",
}

// canary are the words by which all canaries are known.
var canary = []string{"kanari", "7007007"}

// sing is a good canary of the shape that a place wants.
func (p place) sing() string {
	path := strings.ReplaceAll(p.String(), "*", "") // a pointer stands for what it points to
	for end, s := range map[string]string{
		".Email": "kanari@kanari.example", "Emails[]": "kanari@kanari.example", ".Phone": "+49 30 7007007", "Phones[]": "+49 30 7007007", ".URL": "https://kanari.example/7007007",
		".Location": "https://kanari.example/7007007", ".MediaType": "text/kanari", ".NumberPrefix": "KANARI", ".TaxID": "DE7007007", "Names{key}": "de-kanari",
		"{key}": "kanari7", ".Code": "kanari7", ".ID": "kanari7",
	} {
		if strings.HasSuffix(path, end) {
			return s
		}
	}
	return "Kanari 7007007"
}

// spoilt are canaries that are refused nearly everywhere.
func spoilt(s string) []string {
	return []string{s + "\x00", s + "\xff", strings.Repeat(s+" ", 2000), s + "\u202e", " \t" + s + "\n" + s, "'" + s + "\""}
}

// leak is what a failing database may say: it isn't behind a pointer, so that %#v
// shows all of it.
type leak struct{ DSN, Query, Detail string }

func (l leak) Error() string { return "kanari: " + l.DSN + l.Query + l.Detail }

func leaking(query string) error {
	return leak{"postgres://kanari:7007007@host/db", query, "Key (name)=(Kanari 7007007) already exists."}
}

// listener looks at errors.
type listener struct {
	*Run
	errs int
	kind map[string]bool
}

// hear renders an error in all ways, and looks for canaries.
func (l *listener) hear(what string, err error) {
	if err == nil {
		return
	}
	l.errs++
	l.kind[fault.CodeOf(err)] = true
	var log bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(h).Error("failed", "err", err, slog.Any("fields", fault.FieldsOf(err)))
	}
	wire, _ := json.Marshal(err)
	shown := []string{err.Error(), fmt.Sprintf("%v", err), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err), fmt.Sprintf("%q", err), fmt.Sprintf("%s", err), string(wire), log.String()}
	var f *fault.Error
	if errors.As(err, &f) {
		shown = append(shown, fmt.Sprintf("%+v", f.Fields), fmt.Sprintf("%#v", f.Fields), f.Message, f.Code)
	}
	for i, s := range shown {
		for _, c := range canary {
			if at := strings.Index(strings.ToLower(s), c); at >= 0 {
				l.Breach("%s, rendered in way %d, shows …%q", what, i, s[max(0, at-80):min(len(s), at+40)])
				return
			}
		}
	}
}

func canaries(r *Run, bug bool) error {
	p, err := r.quick()
	if err != nil {
		return err
	}
	defer p.Close()
	l := &listener{Run: r, kind: map[string]bool{}}
	calls := Calls()
	if bug {
		calls = callsNamed("Opportunities.Update")
	}
	q, failing, err := leakingPlace(p)
	if err != nil {
		return err
	}
	defer q.Close()
	places := 0
	for i, k := range r.Rand(0).Perm(len(calls)) {
		if i >= r.N {
			break
		}
		c := calls[k]
		w, id, err := l.aviary(p, c, fmt.Sprint("aviary", i))
		if err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		store := p.Store
		if bug {
			store = &Hooked{Store: p.Store, Save: func(_ context.Context, _ storage.Tx, c opportunity.Change) error {
				return fault.New(fault.ErrInvalid, "bug", "the name "+c.Root.Name+" is bad")
			}}
		}
		for _, place := range c.places() {
			places++
			if err := l.refusals(store, w, id, place); err != nil {
				return fmt.Errorf("%s: %w", place, err)
			}
		}
		if err := l.wrong(p, w, id, c); err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		if err := l.broken(p, q, failing, w, id, c); err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		r.Did(1)
	}
	if !bug && (l.errs < 8*r.N || len(l.kind) < min(40, r.N)) {
		return fmt.Errorf("only %d errors of %d codes", l.errs, len(l.kind))
	}
	r.Figure("%d fields, %d errors of %d codes", places, l.errs, len(l.kind))
	return nil
}

// aviary prepares a world for a call, and gives its customer, its contact and its
// deal canaries for names and the rest.
func (l *listener) aviary(p *Place, c *Call, tenant string) (*World, uuid.UUID, error) {
	w, id, err := preparedCall(l, p, c, tenant)
	if err != nil {
		return nil, id, err
	}
	for _, store := range callsNamed("Customers.Update", "Customers.UpdateContact", "Opportunities.Update", "Archives.Update") {
		on := map[string]uuid.UUID{"Opportunities.Update": id, "Archives.Update": w.Source}[store.Name]
		if on == uuid.Nil {
			on = w.Customer
		}
		args, err := store.Args(l, w, on)
		if err != nil {
			return nil, id, err
		}
		for _, place := range store.places() {
			if place.expected().kind == free && place.typ == reflect.TypeFor[string]() && !strings.Contains(place.path, "Country") && !strings.Contains(place.path, "SHA256") {
				place.plant(w, args, place.sing())
			}
		}
		err = store.Do(l, w, on, args)
		if err != nil && (store.Name != "Opportunities.Update" || !typed(err)) { // the call may be about something else than a deal
			return nil, id, fmt.Errorf("canaries in %s: %w", store.Name, err)
		}
	}
	return w, id, nil
}

// refusals gives canaries in one place, good ones and spoilt ones, twice each: the
// second time the name or code may be taken, or the state be another.
func (l *listener) refusals(store storage.Store, w *World, id uuid.UUID, p place) error {
	for _, s := range append([]string{p.sing(), "kanari"}, spoilt(p.sing())...) {
		err := rehearse(l, store, w, func(ctx context.Context, _ storage.Tx, x *World) error {
			for range 2 {
				args, err := p.call.Args(ctx, x, id)
				if err != nil {
					return err
				}
				p.plant(x, args, s)
				err = p.call.Do(ctx, x, id, args, pursuit.RequestID("once"))
				l.hear(fmt.Sprintf("%s %.30q", p, s), err)
				if err != nil && !typed(err) {
					break // the transaction is over
				}
			}
			return nil
		})
		l.hear(p.String(), err)
	}
	return nil
}

// wrong calls with a version, an id, a key, a moment or an actor that doesn't fit.
func (l *listener) wrong(p *Place, w *World, id uuid.UUID, c *Call) error {
	stranger := *w
	stranger.S = w.Engine.As(access.Actor{Tenant: w.Tenant, User: "kanari", Department: "kanari 7007007", Roles: []access.Role{"kanari"}})
	args, err := c.Args(l, w, id) // before the transaction
	if err != nil {
		return err
	}
	nobody, err := c.Args(l, w, uuid.Max)
	if err != nil {
		return err
	}
	for what, try := range map[string]func(ctx context.Context, x *World) error{
		"version": func(ctx context.Context, x *World) error { return c.Do(ctx, x, id, args, pursuit.IfVersion(7007007)) },
		"id":      func(ctx context.Context, x *World) error { return c.Do(ctx, x, uuid.Max, nobody) },
		"key": func(ctx context.Context, x *World) error {
			return c.Do(ctx, x, id, args, pursuit.RequestID("kanari\x00"))
		},
		"reused": func(ctx context.Context, x *World) error {
			if _, err := x.S.Archives().Retire(ctx, w.Source, pursuit.RequestID("kanari7007007")); err != nil {
				return err
			}
			return c.Do(ctx, x, id, args, pursuit.RequestID("kanari7007007"))
		},
		"future": func(ctx context.Context, x *World) error {
			return c.Do(ctx, x, id, args, pursuit.At(w.now().AddDate(1, 0, 0)))
		},
		"stranger": func(ctx context.Context, x *World) error {
			y := *x
			y.S = x.Engine.As(stranger.S.Actor())
			return c.Do(ctx, &y, id, args)
		},
		"cancelled": func(ctx context.Context, x *World) error {
			ctx, cancel := context.WithCancelCause(ctx)
			cancel(leaking(""))
			return c.Do(ctx, x, id, args)
		},
	} {
		err := rehearse(l, p.Store, w, func(ctx context.Context, _ storage.Tx, x *World) error {
			l.hear(c.Name+" with a wrong "+what, try(ctx, x))
			return nil
		})
		l.hear(c.Name+" with a wrong "+what, err)
	}
	return nil
}
