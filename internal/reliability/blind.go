package reliability

import (
	"context"
	"errors"
	"time"

	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// Blind is a store with a bug: it reads in one transaction, writes in another,
// and doesn't look whether the opportunity's version has changed in between. It
// is what a store without the version in its WHERE would be.
type Blind struct{ storage.Store }

var errNotBlind = errors.New("needs a plain transaction")

// Update runs fn on what is there, and writes afterwards.
func (b Blind) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	var saves []opportunity.Change
	err := b.Store.View(ctx, func(ctx context.Context, tx storage.Tx) error {
		return fn(ctx, blindTx{tx, &saves})
	})
	if errors.Is(err, errNotBlind) {
		return b.Store.Update(ctx, fn)
	}
	if err != nil || len(saves) == 0 {
		return err
	}
	// Let others in between: in memory, reading and writing are so quick that they
	// might not come.
	time.Sleep(200 * time.Microsecond)
	return b.Store.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
		for _, c := range saves {
			if err := overwrite(ctx, tx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// overwrite saves a change whatever is there now.
func overwrite(ctx context.Context, tx storage.Tx, c opportunity.Change) error {
	if c.Expected == 0 {
		return tx.Opportunities().Save(ctx, c)
	}
	now, err := tx.Opportunities().Get(ctx, c.Root.Tenant, c.Root.ID, opportunity.Load{})
	if err != nil {
		return err
	}
	c.Expected = now.Snapshot.Version
	for i := range c.Entries {
		c.Entries[i].Seq = now.Snapshot.Head.Seq + int64(i) + 1
		c.Root.Head.Seq = c.Entries[i].Seq
	}
	if c.Prior != nil && c.Next != nil {
		prior, next := *c.Prior, *c.Next
		prior.Seq, next.Seq = now.Snapshot.Ledger.Seq, now.Snapshot.Ledger.Seq+1
		c.Prior, c.Next, c.Root.Ledger.Seq = &prior, &next, next.Seq
	}
	return tx.Opportunities().Save(ctx, c)
}

type blindTx struct {
	storage.Tx
	saves *[]opportunity.Change
}

func (t blindTx) Numbers() storage.Numbers   { return notBlind{} }
func (t blindTx) Requests() storage.Requests { return notBlind{} }
func (t blindTx) Opportunities() opportunity.Repository {
	return blindOpportunities{t.Tx.Opportunities(), t.saves}
}

type notBlind struct{}

func (notBlind) Take(context.Context, string, string, int64) (int64, error) { return 0, errNotBlind }
func (notBlind) Claim(context.Context, storage.Request) (bool, error)       { return false, errNotBlind }
func (notBlind) Back(context.Context, string, string, int64, int64) error   { return errNotBlind }
func (notBlind) Find(context.Context, string, string, ...string) (storage.Request, error) {
	return storage.Request{}, errNotBlind
}

type blindOpportunities struct {
	opportunity.Repository
	saves *[]opportunity.Change
}

func (o blindOpportunities) Save(_ context.Context, c opportunity.Change) error {
	*o.saves = append(*o.saves, c)
	return nil
}
