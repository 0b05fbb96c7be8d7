package storagetest_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
	"github.com/pursuit-crm/pursuit/storage/storagetest"
)

// statements is a store whose reads each see a state of their own, and whose
// writes come last and check no version: as a database does at READ COMMITTED
// when the adapter forgets its guards.
type statements struct{ *memory.Store }

type statementTx struct {
	storage.Tx // nil: only what the rules need is there
	s          statements
	writes     *[]body
}

func (s statements) View(ctx context.Context, fn body) error {
	return fn(ctx, statementTx{s: s, writes: &[]body{}})
}

func (s statements) Update(ctx context.Context, fn body) error {
	var writes []body
	if err := fn(ctx, statementTx{s: s, writes: &writes}); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
		for _, w := range writes {
			if err := w(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t statementTx) Opportunities() opportunity.Repository { return statementDeals{t: t} }
func (t statementTx) Pipeline() pipeline.Repository         { return statementSums{t: t} }
func (t statementTx) Customers() customer.Repository        { return statementCustomers{t: t} }
func (t statementTx) Archives() archive.Repository          { return statementArchives{t: t} }
func (t statementTx) Processes() stage.Repository           { return statementProcesses{t: t} }
func (t statementTx) Journal() journal.Repository           { return statementJournal{t: t} }

func (t statementTx) later(w body) error {
	*t.writes = append(*t.writes, w)
	return nil
}

type statementDeals struct {
	opportunity.Repository
	t statementTx
}

func (r statementDeals) Get(ctx context.Context, tenant string, id uuid.UUID, l opportunity.Load) (rec opportunity.Record, err error) {
	err = r.t.s.Store.View(ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		rec, err = tx.Opportunities().Get(ctx, tenant, id, l)
		return err
	})
	return rec, err
}

func (r statementDeals) Ledger(ctx context.Context, tenant string, id uuid.UUID) (rows []opportunity.LedgerRow, err error) {
	err = r.t.s.Store.View(ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		rows, err = tx.Opportunities().Ledger(ctx, tenant, id)
		return err
	})
	return rows, err
}

func (r statementDeals) Save(_ context.Context, c opportunity.Change) error {
	return r.t.later(func(ctx context.Context, tx storage.Tx) error {
		if v := stored(ctx, tx.Opportunities(), &c.Root); v > 0 {
			c.Expected = v
		}
		return tx.Opportunities().Save(ctx, c)
	})
}

type statementSums struct {
	pipeline.Repository
	t statementTx
}

func (r statementSums) Sums(ctx context.Context, tenant string, q pipeline.Query) (list []pipeline.Bucket, err error) {
	err = r.t.s.Store.View(ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		list, err = tx.Pipeline().Sums(ctx, tenant, q)
		return err
	})
	return list, err
}

type statementCustomers struct {
	customer.Repository
	t statementTx
}

func (r statementCustomers) Save(_ context.Context, c customer.Change) error {
	return r.t.later(func(ctx context.Context, tx storage.Tx) error { return tx.Customers().Save(ctx, c) })
}

type statementArchives struct {
	archive.Repository
	t statementTx
}

func (r statementArchives) Save(_ context.Context, c archive.Change) error {
	return r.t.later(func(ctx context.Context, tx storage.Tx) error { return tx.Archives().Save(ctx, c) })
}

type statementProcesses struct {
	stage.Repository
	t statementTx
}

func (r statementProcesses) Save(_ context.Context, c stage.Change) error {
	return r.t.later(func(ctx context.Context, tx storage.Tx) error { return tx.Processes().Save(ctx, c) })
}

type statementJournal struct {
	journal.Repository
	t statementTx
}

func (r statementJournal) Entries(ctx context.Context, tenant string, kind journal.Kind, id uuid.UUID, after int64, limit int) (list []journal.Entry, err error) {
	err = r.t.s.Store.View(ctx, func(ctx context.Context, tx storage.Tx) (err error) {
		list, err = tx.Journal().Entries(ctx, tenant, kind, id, after, limit)
		return err
	})
	return list, err
}

func TestRacyStoreIsCaught(t *testing.T) {
	h := harness()
	h.Open = func(storagetest.T) storage.Store { return statements{memory.New()} }
	for _, rule := range []string{"concurrency/O11_no-lost-updates", "concurrency/view-is-consistent", "concurrency/J08_readers-see-whole-commands"} {
		t.Run(rule, func(t *testing.T) {
			for range 20 { // a race needs luck; in practice the first run finds it
				if len(caught(t, h, func(name string) bool { return name == rule })) > 0 {
					return
				}
			}
			require.Fail(t, "the rule never caught it")
		})
	}
}
