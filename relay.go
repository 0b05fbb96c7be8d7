package pursuit

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/storage"
)

// Publisher delivers journal entries to the host's destination: a queue, a
// webhook, a search index. It gets each entry at least once, so it should
// recognise a repeated ID; and it should stop when the context ends, which is
// when the relay's lease does.
type Publisher interface {
	Publish(ctx context.Context, e journal.Entry) error
}

// PublisherFunc is a function as a Publisher.
type PublisherFunc func(ctx context.Context, e journal.Entry) error

// Publish calls the function.
func (f PublisherFunc) Publish(ctx context.Context, e journal.Entry) error { return f(ctx, e) }

// RelayOptions configure a Relay; nil, and zero fields, mean the defaults.
type RelayOptions struct {
	// Batch is the number of entries read at once; 0 means 100, the most is 1000.
	Batch int
	// Interval is how long Run waits when there is nothing to do; 0 means one
	// second.
	Interval time.Duration
	// Lease is how long a relay that stops responding blocks the others; 0 means
	// 30 seconds. It should far exceed the difference between the machines'
	// clocks, and the time for one entry.
	Lease time.Duration
	// OnError, if set, gets the errors of Run, which continues.
	OnError func(error)
}

// Relay passes the entries of one tenant's journal to a Publisher (J09): each at
// least once, those of one aggregate in order, and none before its command was
// committed; an entry that commits late isn't skipped. Relays may run
// concurrently, on several machines: one works at a time, and another takes over
// when it ends or its lease expires. A Relay isn't safe for concurrent use.
type Relay struct {
	eng    *Engine
	tenant string
	to     Publisher
	opts   RelayOptions
	holder string
	until  time.Time
	page   int
}

const (
	relayLease  = "relay"
	maxRelayed  = 1000
	maxPage     = 16_000
	maxRelayLag = 30 * time.Second
)

// Relay returns a relay of a tenant's journal. Errors: ErrInvalid, also in a
// host's transaction.
func (e *Engine) Relay(tenant string, to Publisher, opts *RelayOptions) (r *Relay, err error) {
	defer rescue(&err)
	if e = e.made(); e.err != nil {
		return nil, e.err
	}
	var o RelayOptions
	if opts != nil {
		o = *opts
	}
	var f fault.Fields
	text.AnyKey(&f, "/tenant", tenant, 1, text.MaxCode)
	if to == nil {
		f.Add("/publisher", "required", "is required")
	}
	if e.bound {
		f.Add("/engine", "bound", "is inside a host's transaction")
	}
	o.Batch = cmp.Or(o.Batch, 100)
	if o.Batch < 1 || o.Batch > maxRelayed {
		f.Add("/batch", "out_of_range", "must be 1 to 1000")
	}
	o.Interval, o.Lease = min(cmp.Or(o.Interval, time.Second), longest), min(cmp.Or(o.Lease, 30*time.Second), longest)
	if o.Interval < 0 {
		f.Add("/interval", "negative", "must be positive")
	}
	if o.Lease < 0 {
		f.Add("/lease", "negative", "must be positive")
	}
	if err := f.Invalid("relay.invalid"); err != nil {
		return nil, err
	}
	return &Relay{eng: e, tenant: tenant, to: to, opts: o, holder: e.newID().String(), page: o.Batch}, nil
}

// Once publishes waiting entries, up to a batch, and returns their number. It
// returns 0 if nothing waits, and if another relay has the lease. An entry that
// the publisher refuses is retried later, followed by the later entries of its
// aggregate; other aggregates continue. Errors: the publisher's, in ErrHost
// ("relay.publisher"); those of the store. Entries published before the error
// count.
func (r *Relay) Once(ctx context.Context) (n int, err error) {
	defer rescue(&err)
	if ok, err := r.lease(ctx); err != nil || !ok {
		return 0, err
	}
	list, full, err := r.waiting(ctx)
	if err != nil {
		return 0, err
	}
	done, failed, lost := r.hand(ctx, list)
	if len(done) > 0 {
		// Mark published entries even if the context ended meanwhile.
		ctx, cancel := r.after(ctx)
		defer cancel()
		err = r.update(ctx, func(ctx context.Context, tx storage.Tx) error {
			return tx.Journal().MarkRelayed(ctx, r.tenant, done)
		})
	}
	switch {
	case len(done) > 0:
		r.page = r.opts.Batch
	case full && !lost && r.page < maxPage:
		r.page *= 2 // all of them are refused: look beyond them
	}
	return len(done), cmp.Or(err, failed)
}

// after returns a context for the remaining work when ctx has ended: a database
// that doesn't respond delays it by the length of a lease, not for ever.
func (r *Relay) after(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), r.opts.Lease)
}

// update runs a transaction of the relay's own, which may be tried again.
func (r *Relay) update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	s := &Session{eng: r.eng, err: r.eng.made().err}
	return s.run(ctx, true, fn)
}

// lease takes or keeps the lease.
func (r *Relay) lease(ctx context.Context) (ok bool, err error) {
	if err := r.eng.made().err; err != nil {
		return false, err
	}
	now := r.eng.now()
	until := now.Add(r.opts.Lease)
	err = r.update(ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		ok, err = tx.Leases().Take(ctx, storage.Lease{Tenant: r.tenant, Name: relayLease, Holder: r.holder, Until: until}, now)
		return err
	})
	if err != nil || !ok {
		return false, err
	}
	r.until = until
	return true, nil
}

type chainKey struct {
	kind journal.Kind
	id   uuid.UUID
}

// waiting reads a page of entries, in order per aggregate; full reports whether
// there may be more. Ids order a page. Clocks of several machines differ, so the
// predecessor of an entry may have a later id and be beyond the page: then it is
// fetched, and published again if it already was.
func (r *Relay) waiting(ctx context.Context) (list []journal.Entry, full bool, err error) {
	s := &Session{eng: r.eng}
	err = s.view(ctx, "relay.waiting", func(ctx context.Context, tx storage.Tx) error {
		page, err := tx.Journal().Unrelayed(ctx, r.tenant, r.page)
		if err != nil {
			return err
		}
		full = len(page) == r.page
		list = list[:0]
		of := map[chainKey][]journal.Entry{}
		for _, e := range page {
			k := chainKey{e.Kind, e.Aggregate}
			of[k] = append(of[k], e)
		}
		for _, e := range page {
			k := chainKey{e.Kind, e.Aggregate}
			chain := of[k]
			if chain == nil {
				continue // came with the first of its aggregate
			}
			delete(of, k)
			slices.SortFunc(chain, func(a, b journal.Entry) int { return cmp.Compare(a.Seq, b.Seq) })
			floor := int64(0)
			for _, e := range chain {
				if full { // otherwise nothing is beyond the page
					beyond, err := r.beyond(ctx, tx, e, floor, page[len(page)-1].ID)
					if err != nil {
						return err
					}
					list = append(list, beyond...)
				}
				list, floor = append(list, e), e.Seq
			}
		}
		return nil
	})
	return list, full, err
}

// beyond returns the entries after floor and directly before an entry that are
// beyond the page, whose last id is given. An earlier one that isn't on the page
// was published, and so were all its predecessors.
func (r *Relay) beyond(ctx context.Context, tx storage.Tx, e journal.Entry, floor int64, last uuid.UUID) ([]journal.Entry, error) {
	var out []journal.Entry
	for seq := e.Seq - 1; seq > floor; seq-- {
		list, err := tx.Journal().Entries(ctx, r.tenant, e.Kind, e.Aggregate, seq-1, 1)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 || slices.Compare(list[0].ID[:], last[:]) <= 0 {
			break
		}
		out = append(out, list[0])
	}
	slices.Reverse(out)
	return out, nil
}

// hand publishes entries until the context or the lease ends, which lost reports.
func (r *Relay) hand(ctx context.Context, list []journal.Entry) (done []uuid.UUID, failed error, lost bool) {
	blocked := map[chainKey]bool{}
	for _, e := range list {
		k := chainKey{e.Kind, e.Aggregate}
		if blocked[k] {
			continue
		}
		left := r.until.Sub(r.eng.now())
		if left <= r.opts.Lease/3 || left > r.opts.Lease { // the clock may have been set back
			if ok, err := r.lease(ctx); err != nil || !ok {
				return done, cmp.Or(failed, err), true
			}
			left = r.opts.Lease
		}
		if err := ctx.Err(); err != nil {
			return done, cmp.Or(failed, error(fault.Wrap(fault.ErrCancelled, "relay.cancelled", "the context ended", err))), true
		}
		if err := r.publish(ctx, e, left); err != nil {
			blocked[k] = true
			failed = cmp.Or(failed, err)
			continue
		}
		done = append(done, e.ID)
	}
	return done, failed, false
}

// publish calls the host; a panic there becomes its error.
func (r *Relay) publish(ctx context.Context, e journal.Entry, left time.Duration) (err error) {
	ctx, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	s := &Session{eng: r.eng, actor: Actor{Tenant: r.tenant}}
	return s.observe(ctx, "relay.publish", false, func(ctx context.Context) (_ bool, err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fault.New(fault.ErrHost, "relay.panic", "the publisher panicked")
			}
		}()
		tried(ctx)
		if err := r.to.Publish(ctx, e.Clone()); err != nil {
			return false, fault.Wrap(fault.ErrHost, "relay.publisher", "the publisher failed", err)
		}
		return false, nil
	})
}

// Run publishes entries until the context ends, and then releases the lease.
// Errors don't end it: it calls OnError and waits before the next attempt, longer
// each time, up to half a minute. It returns ErrCancelled.
func (r *Relay) Run(ctx context.Context) error {
	if ctx == nil {
		return noContext()
	}
	if err := r.eng.made().err; err != nil {
		return err
	}
	var wait, slow time.Duration
	for {
		n, err := r.Once(ctx)
		if ctx.Err() != nil {
			last, cancel := r.after(ctx)
			defer cancel()
			_ = r.Release(last) // otherwise it expires
			return fault.Wrap(fault.ErrCancelled, "relay.cancelled", "the context ended", ctx.Err())
		}
		switch {
		case err != nil:
			r.tell(err)
			if wait = r.opts.Interval; n == 0 {
				slow = min(max(slow, wait)*2, max(maxRelayLag, wait))
				wait = slow
			}
		case n > 0:
			slow = 0
			continue
		default:
			slow, wait = 0, r.opts.Interval
		}
		timer := time.NewTimer(jitter(wait))
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
}

// Release releases the lease, so that another relay needn't wait for its end; Run
// does so itself. Errors: the store's.
func (r *Relay) Release(ctx context.Context) (err error) {
	defer rescue(&err)
	return r.update(ctx, func(ctx context.Context, tx storage.Tx) error {
		return tx.Leases().Release(ctx, r.tenant, relayLease, r.holder)
	})
}

// tell calls the host and ignores a panic there.
func (r *Relay) tell(err error) {
	if r.opts.OnError == nil {
		return
	}
	defer func() { _ = recover() }()
	r.opts.OnError(err)
}
