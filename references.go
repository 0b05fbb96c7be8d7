package pursuit

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// Bounds of what is remembered: beyond maxKnown of a sort all of it is forgotten,
// and what refers to more than maxSupposed things, the process included, is read.
const (
	maxKnown    = 4096
	maxSupposed = 8
)

// known remembers what new opportunities refer to as it was seen last, so that
// they can be recorded on the supposition that it is still so: see
// storage.Supposing. It may be stale at any time, which costs a second attempt.
type known struct {
	customers remembered[customer.Customer]
	contacts  remembered[customer.Contact]
	archive   remembered[archive.Entry]
	processes remembered[stage.Record] // the default one stands at Nil too
}

// remembered is what is known of one sort.
type remembered[V any] struct {
	by sync.Map // versionKey to V
	n  atomic.Int64
}

func (x *remembered[V]) put(tenant string, id uuid.UUID, v V) {
	if x.n.Add(1)%maxKnown == 0 {
		x.by.Clear()
	}
	x.by.Store(versionKey{tenant, id}, v)
}

func (x *remembered[V]) forget(tenant string, ids ...uuid.UUID) {
	for _, id := range ids {
		x.by.Delete(versionKey{tenant, id})
	}
}

// all gives what is known of all ids, or says false.
func (x *remembered[V]) all(tenant string, ids []uuid.UUID) ([]V, bool) {
	var out []V
	for _, id := range ids {
		v, ok := x.by.Load(versionKey{tenant, id})
		if !ok {
			return nil, false
		}
		out = append(out, v.(V))
	}
	return out, true
}

// find gives what all references were seen to be, or says false.
func (k *known) find(tenant string, refs opportunity.Refs) (f opportunity.Found, ok bool) {
	if len(refs.Customers)+len(refs.Contacts)+len(refs.Archive) >= maxSupposed {
		return f, false
	}
	if f.Customers, ok = k.customers.all(tenant, refs.Customers); !ok {
		return f, false
	}
	if f.Contacts, ok = k.contacts.all(tenant, refs.Contacts); !ok {
		return f, false
	}
	if f.Archive, ok = k.archive.all(tenant, refs.Archive); !ok {
		return f, false
	}
	list, ok := k.processes.all(tenant, []uuid.UUID{refs.Process})
	if ok {
		f.Process = &list[0]
	}
	return f, ok
}

// learn takes in what was just found, and only that, of each reference.
func (k *known) learn(tenant string, refs opportunity.Refs, f opportunity.Found) {
	k.customers.forget(tenant, refs.Customers...)
	k.contacts.forget(tenant, refs.Contacts...)
	k.archive.forget(tenant, refs.Archive...)
	k.processes.forget(tenant, refs.Process)
	for i := range f.Customers {
		if !f.Customers[i].IsAlias() { // whose survivor is read each time
			k.seen(&f.Customers[i])
		}
	}
	for i := range f.Contacts {
		k.met(tenant, &f.Contacts[i])
	}
	for _, x := range f.Archive {
		k.archive.put(tenant, x.ID, archive.Entry{ID: x.ID, Tenant: tenant, Kind: x.Kind, Code: x.Code, Status: x.Status,
			NeedsExplanation: x.NeedsExplanation, NeedsCompetitor: x.NeedsCompetitor})
	}
	if f.Process != nil {
		k.processes.put(tenant, refs.Process, *f.Process)
	}
}

// seen takes a customer in, without what says who it is.
func (k *known) seen(c *customer.Customer) {
	k.customers.put(c.Tenant, c.ID, customer.Customer{ID: c.ID, Tenant: c.Tenant, Kind: c.Kind, Status: c.Status, Owner: c.Owner, Department: c.Department})
}

func (k *known) met(tenant string, x *customer.Contact) {
	k.contacts.put(tenant, x.ID, customer.Contact{ID: x.ID, Customer: x.Customer, Active: x.Active})
}

// made takes in a customer that was just stored.
func (k *known) made(a *customer.Aggregate) {
	k.seen(&a.Customer)
	for i := range a.Contacts {
		k.met(a.Customer.Tenant, &a.Contacts[i])
	}
}

// supposing gives the command's transaction if it can suppose what is known, and
// another attempt may follow; or nil. It must be one of its own: what it reads is
// committed then, and nobody else's work goes when it fails.
func (c *command) supposing() storage.Supposing {
	if x, ok := c.tx.(storage.Supposing); ok && c.s.tx == nil && !c.s.eng.bound && c.s.eng.opts.Attempts > 1 && x.Supposes() {
		return x
	}
	return nil
}

// found looks up what a new opportunity refers to; it is remembered where that is
// of use.
func (c *command) found(ctx context.Context, refs opportunity.Refs) (opportunity.Found, error) {
	f, err := c.tx.Opportunities().References(ctx, c.s.actor.Tenant, refs)
	if err == nil && c.supposing() != nil {
		c.s.eng.shared.known.learn(c.s.actor.Tenant, refs, f)
	}
	return f, err
}
