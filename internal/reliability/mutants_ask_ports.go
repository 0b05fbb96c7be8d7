package reliability

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// askPorts asks what no method of the engine asks with another's ids.
func (t *theatre) askPorts(w *World, x rich, note noteFunc) {
	err := t.store.View(t, func(ctx context.Context, tx storage.Tx) error {
		c, err := tx.Customers().Named(ctx, w.Tenant, []uuid.UUID{w.Customer, x.other, x.person})
		note("named", sorted(c), err)
		k, err := tx.Customers().ContactsNamed(ctx, w.Tenant, []uuid.UUID{w.Contact, x.contact2})
		note("contacts named", sorted(k), err)
		for _, id := range []uuid.UUID{w.Customer, x.other, x.person, x.quiet} {
			u, err := tx.Customers().Used(ctx, w.Tenant, id, uuid.Nil)
			note("used", u, err)
			d, err := tx.Customers().Dependents(ctx, w.Tenant, id, 10)
			note("dependents", d, err)
		}
		for _, id := range []uuid.UUID{w.Contact, x.contact2, x.whisper} {
			u, err := tx.Customers().Used(ctx, w.Tenant, w.Customer, id)
			note("contact used", u, err)
		}
		for _, id := range []uuid.UUID{w.Win, w.Loss, w.Rival, w.Source, w.Travel, x.entry, x.card, x.kind, x.win2, x.rival2} {
			u, err := tx.Archives().Used(ctx, w.Tenant, id)
			note("entry used", u, err)
		}
		for _, id := range []uuid.UUID{w.Contact, x.contact2} {
			k, err := tx.Customers().ContactsNamed(ctx, w.Tenant, []uuid.UUID{id})
			note("contact named", sorted(k), err)
		}
		for _, id := range []uuid.UUID{w.Customer, x.other, x.person} {
			c, err := tx.Customers().Named(ctx, w.Tenant, []uuid.UUID{id})
			note("one named", sorted(c), err)
		}
		for _, id := range []uuid.UUID{w.Win, w.Rival, x.entry} {
			e, err := tx.Archives().Named(ctx, w.Tenant, []uuid.UUID{id})
			note("entry named", sorted(e), err)
		}
		e, err := tx.Archives().Named(ctx, w.Tenant, []uuid.UUID{w.Win, w.Rival, x.entry})
		note("entries named", sorted(e), err)
		for _, id := range []uuid.UUID{w.Process, x.mode} {
			u, err := tx.Processes().Used(ctx, w.Tenant, id)
			note("process used", u, err)
			r, err := tx.Processes().Get(ctx, w.Tenant, id)
			if err == nil {
				n, err := tx.Processes().InUse(ctx, w.Tenant, r.Current)
				note("in use", n, err)
			}
		}
		for n := range 40 { // of which one tenant has more
			id, err := tx.Opportunities().ByNumber(ctx, w.Tenant, fmt.Sprintf("OPP-2026-%06d", n))
			note("id by number", id, err)
		}
		docs, err := tx.Opportunities().StoredDocuments(ctx, w.Tenant, []uuid.UUID{x.document})
		note("stored documents", docs, err)
		for mask := range 16 {
			var refs opportunity.Refs
			if mask&1 != 0 {
				refs.Customers = []uuid.UUID{w.Customer, x.other}
			}
			if mask&2 != 0 {
				refs.Contacts = []uuid.UUID{w.Contact}
			}
			if mask&4 != 0 {
				refs.Archive = []uuid.UUID{w.Source, w.Rival}
			}
			if mask&8 != 0 {
				refs.Process = x.mode
			}
			f, err := tx.Opportunities().References(ctx, w.Tenant, refs)
			note("references", []any{sorted(f.Customers), sorted(f.Contacts), sorted(f.Archive), f.Process}, err)
		}
		for mask := range 16 { // as commands ask, of one each
			var refs opportunity.Refs
			if mask&1 != 0 {
				refs.Customers = []uuid.UUID{x.person}
			}
			if mask&2 != 0 {
				refs.Contacts = []uuid.UUID{x.contact2}
			}
			if mask&4 != 0 {
				refs.Archive = []uuid.UUID{x.loss2}
			}
			if mask&8 != 0 {
				refs.Process = x.mode
			}
			f, err := tx.Opportunities().References(ctx, w.Tenant, refs)
			note("references to one", []any{sorted(f.Customers), sorted(f.Contacts), sorted(f.Archive), f.Process}, err)
		}
		for _, id := range []uuid.UUID{x.main, x.won, x.third, x.reopened} {
			place := &opportunity.TimelinePlace{At: w.now(), Activity: uuid.Max} // as if an activity ended the page before
			l, err := tx.FollowUps().Timeline(ctx, w.Tenant, opportunity.TimelineQuery{Opportunity: id, After: place, Limit: 50})
			note("timeline after an activity", l, err)
			for l := range loads(w, x) {
				s, err := tx.Opportunities().Get(ctx, w.Tenant, id, l)
				// In no order that is promised.
				slices.SortFunc(s.Archive, func(a, b opportunity.Named) int { return bytes.Compare(a.Entry.ID[:], b.Entry.ID[:]) })
				note("deal", s, err)
			}
		}
		for _, id := range []uuid.UUID{x.main, x.won} {
			for _, viewer := range []string{"ann", "carl"} {
				b, err := tx.Orders().Basis(ctx, w.Tenant, id, viewer)
				note("basis", b, err)
			}
		}
		for _, viewer := range []string{"ann", "carl"} {
			o, rel, err := tx.Orders().Get(ctx, w.Tenant, x.order, true, viewer)
			note("order", []any{o, rel}, err)
			q, rel, err := tx.Quotes().Get(ctx, w.Tenant, x.quote, quote.Load{Items: true, Past: true, Viewer: viewer})
			note("quote", []any{q, rel}, err)
		}
		u, err := tx.Journal().Unrelayed(ctx, w.Tenant, 5)
		note("unrelayed", u, err)
		l, err := tx.Customers().Alike(ctx, w.Tenant, customer.AlikeQuery{Scope: access.Scope{All: true}, Domains: []string{"fabrikam.example"}, Limit: 20})
		note("alike", l, err)
		for _, domain := range []string{"max-a.example", "max-b.example", "eve-a.example", "eve-b.example"} {
			l, err := tx.Customers().Alike(ctx, w.Tenant, customer.AlikeQuery{Scope: access.Scope{All: true}, Domains: []string{domain}, Limit: 20})
			note("alike", l, err)
		}
		return nil
	})
	note("ports", nil, err)
	err = t.store.Update(t, func(ctx context.Context, tx storage.Tx) error {
		size := map[string]int64{"a": 2, "b": 3, "c": 4}[w.Tenant]
		n, err := tx.Numbers().Take(ctx, w.Tenant, "own", size)
		note("number", n, err)
		if n, err = tx.Numbers().Take(ctx, w.Tenant, "back", size); err == nil {
			err = tx.Numbers().Back(ctx, w.Tenant, "back", n, size)
		}
		note("number given back", n, err)
		now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		for i := range 3 {
			ok, err := tx.Leases().Take(ctx, storage.Lease{Tenant: w.Tenant, Name: "own", Holder: []string{w.Tenant, "z", w.Tenant}[i], Until: now.Add(time.Hour)}, now)
			note("lease", ok, err)
		}
		for range 2 { // a lease and a number that are alike in all tenants
			ok, err := tx.Leases().Take(ctx, storage.Lease{Tenant: w.Tenant, Name: "same", Holder: "one", Until: now.Add(time.Duration(size) * time.Hour)}, now)
			note("same lease", ok, err)
		}
		n, err = tx.Numbers().Take(ctx, w.Tenant, "same", 7)
		note("same number", n, err)
		if w.Tenant == "b" {
			note("same number back", nil, tx.Numbers().Back(ctx, w.Tenant, "same", n, 7))
			note("release", nil, tx.Leases().Release(ctx, w.Tenant, "own", "a"))
			note("release", nil, tx.Leases().Release(ctx, w.Tenant, "own", "b"))
			// No command removes a line of an order.
			o, _, err := tx.Orders().Get(ctx, w.Tenant, x.order, false, "")
			if err == nil {
				c := order.Change{Root: o.Root, Expected: o.Version, RemovedLines: []int{1}}
				c.Root.Version++
				err = tx.Orders().Save(ctx, c)
			}
			note("line removed", nil, err)
		}
		return nil
	})
	note("writing ports", nil, err)
	if w.Tenant != "c" {
		t.askCodes(w, note)
	}
}

// askCodes lets one tenant have what the other one then makes with the same ids and
// with codes that it has itself: the codes are taken, not the ids.
func (t *theatre) askCodes(w *World, note noteFunc) {
	apart := func(code *string) {
		if w.Tenant == "a" {
			*code = "apart"
		}
	}
	saves := map[string]func(ctx context.Context, tx storage.Tx) error{
		"entry": func(ctx context.Context, tx storage.Tx) error {
			r, err := tx.Archives().Get(ctx, w.Tenant, w.Win)
			if err != nil {
				return err
			}
			r.Entry.ID = uuid.Max
			apart(&r.Entry.Code)
			return tx.Archives().Save(ctx, archive.Change{Entry: r.Entry, Head: r.Head})
		},
		"customer": func(ctx context.Context, tx storage.Tx) error {
			r, err := tx.Customers().Get(ctx, w.Tenant, w.Customer, false)
			if err != nil {
				return err
			}
			r.Customer.ID = uuid.Max
			apart(&r.Customer.Code)
			return tx.Customers().Save(ctx, customer.Change{Customer: r.Customer, Head: r.Head})
		},
		"process": func(ctx context.Context, tx storage.Tx) error {
			r, err := tx.Processes().Get(ctx, w.Tenant, w.Process)
			if err != nil {
				return err
			}
			r.ID, r.Default = uuid.Max, false
			apart(&r.Code)
			return tx.Processes().Save(ctx, stage.Change{Record: r})
		},
	}
	for _, what := range slices.Sorted(maps.Keys(saves)) {
		note(what+" with a code", nil, t.store.Update(t, saves[what]))
	}
}

// loads are those of each sort that a deal is loaded with.
func loads(w *World, x rich) iter.Seq[opportunity.Load] {
	return func(yield func(opportunity.Load) bool) {
		for _, viewer := range []string{"", "ann", "carl"} {
			for _, l := range []opportunity.Load{{}, {CustomerOwner: true}, {Expense: x.expense}, {Activity: x.activity}} {
				l.Viewer = viewer
				for _, l.Archive = range [][]uuid.UUID{nil, {w.Rival}, {w.Rival, x.rival2}} {
					if !yield(l) {
						return
					}
				}
				l.Archive = nil
				for l.Parts = opportunity.Parts(1); l.Parts != 0 && l.Parts <= opportunity.AllParts; l.Parts <<= 1 {
					if !yield(l) {
						return
					}
				}
			}
		}
	}
}

// sorted puts what may come in any order into one.
func sorted[T any](list []T) []string {
	var out []string
	for _, v := range list {
		b, err := json.Marshal(v)
		out = append(out, string(b)+fmt.Sprint(err))
	}
	slices.Sort(out)
	return out
}
