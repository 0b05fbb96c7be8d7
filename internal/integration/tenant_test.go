package integration

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// tenant is a tenant with what a sale needs, on one of the stores.
type tenant struct {
	t        *testing.T
	ctx      context.Context
	store    storage.Store
	host     func() hostTx
	eng      *pursuit.Engine
	s        *pursuit.Session
	mu       sync.Mutex
	now      time.Time
	customer uuid.UUID
	contact  uuid.UUID
	win      uuid.UUID
	loss     uuid.UUID
	lossTo   uuid.UUID // demands a competitor
	other    uuid.UUID // a loss reason that demands an explanation
	rival    uuid.UUID
	source   uuid.UUID
	process  uuid.UUID
	second   uuid.UUID               // another process, for those who publish it
	travel   uuid.UUID               // a kind of expense, for those who spend
	part     uuid.UUID               // the activity, expense, document or evaluation that was added last
	card     uuid.UUID               // a scorecard, for those who publish it
	papers   map[uuid.UUID]uuid.UUID // by opportunity, of those who keep one on each
	blobs    storage.Blobs
	called   string                    // acme
	team     []opportunity.MemberInput // of every deal, beside ann
}

// onEach runs a test on every store, as subtests named after them. They run side
// by side, and beside other tests: nothing may follow it in a test, and what they
// share is only read.
func onEach(t *testing.T, f func(t *testing.T)) {
	t.Parallel()
	for _, s := range stores {
		t.Run(s.name, func(t *testing.T) { t.Parallel(); f(t) })
	}
}

// open opens the store that the running subtest is named after.
func open(t *testing.T) (storage.Store, func() hostTx) {
	t.Helper()
	parts := strings.Split(t.Name(), "/")
	for _, s := range stores {
		if len(parts) > 1 && parts[1] == s.name {
			return s.open(t)
		}
	}
	t.Fatalf("%s isn't named after a store", t.Name())
	return nil, nil
}

func names(s string) stage.Names { return stage.Names{"en": s} }

// clock gives a time that is a second later at each call.
func (w *tenant) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(time.Second)
	return w.now
}

func newTenant(t *testing.T) *tenant {
	t.Helper()
	store, host := open(t)
	return tenantOn(t, store, host)
}

// tenants returns what makes tenants in one store, for tests that need many: to open a
// store, and to connect to its database, takes longer than most of them.
func tenants(t *testing.T) func(t *testing.T) *tenant {
	t.Helper()
	store, host := open(t)
	n := 0
	return func(t *testing.T) *tenant {
		n++
		return tenantCalled(t, store, host, fmt.Sprint("acme", n))
	}
}

// tenantOn is newTenant on a store that is open.
func tenantOn(t *testing.T, store storage.Store, host func() hostTx) *tenant {
	t.Helper()
	return tenantCalled(t, store, host, "acme")
}

// tenantCalled is tenantOn of a name.
func tenantCalled(t *testing.T, store storage.Store, host func() hostTx, name string) *tenant {
	t.Helper()
	w := &tenant{t: t, called: name, ctx: context.Background(), store: store, host: host, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	w.blobs = memory.NewBlobs()
	w.eng = w.engine(nil)
	w.s = w.as(access.Administrator, access.Manager)
	c, err := w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "Northwind", Code: "C1", Status: customer.Active, Contacts: []customer.ContactInput{{Name: "Li Wei"}}})
	require.NoError(t, err)
	w.customer, w.contact = c.ID, c.Contacts[0]
	w.win = w.entry(archive.CreateInput{Kind: archive.WinReason, Code: "price"})
	w.loss = w.entry(archive.CreateInput{Kind: archive.LossReason, Code: "price"})
	w.lossTo = w.entry(archive.CreateInput{Kind: archive.LossReason, Code: "rival", NeedsCompetitor: true})
	w.other = w.entry(archive.CreateInput{Kind: archive.LossReason, Code: "other", NeedsExplanation: true})
	w.rival = w.entry(archive.CreateInput{Kind: archive.Competitor, Code: "contoso"})
	w.source = w.entry(archive.CreateInput{Kind: archive.Source, Code: "fair"})
	p, err := w.s.Processes().Publish(w.ctx, stage.Process{Code: "crm", Names: names("CRM"), AllowBack: true, Stages: []stage.Stage{
		{ID: "prospecting", Names: names("Prospecting"), Probability: 1000, Category: stage.Pipeline, Checklist: []stage.ChecklistItem{{ID: "called", Names: names("Called")}}},
		{ID: "engaging", Names: names("Engaging"), Probability: 5000, Category: stage.BestCase, Start: true,
			Entry: []stage.Gate{{Kind: stage.GateLines, Params: map[string]string{"n": "1"}}, {Kind: stage.GateExpectedClose}}},
	}})
	require.NoError(t, err)
	w.process = p.ID
	return w
}

func (w *tenant) engine(policy pursuit.Policy) *pursuit.Engine {
	eng, err := pursuit.New(w.store, &pursuit.Options{Clock: w.clock, Policy: policy, Blobs: w.blobs})
	require.NoError(w.t, err)
	return eng
}

// as gives a session of ann, of department east, in some roles.
func (w *tenant) as(roles ...access.Role) *pursuit.Session {
	return w.eng.As(pursuit.Actor{Tenant: w.called, User: "ann", Department: "east", Roles: roles})
}

func (w *tenant) entry(in archive.CreateInput) uuid.UUID {
	w.t.Helper()
	in.Names = map[string]string{"en": in.Code}
	r, err := w.s.Archives().Create(w.ctx, in)
	require.NoError(w.t, err)
	return r.ID
}

func (w *tenant) input() opportunity.RecordInput {
	day, err := calendar.New(2026, 6, 30)
	require.NoError(w.t, err)
	return opportunity.RecordInput{
		Name: "Big deal", Customer: w.customer, Currency: money.USD, ExpectedClose: day, Members: w.team,
		Lines: []opportunity.LineInput{{Product: "GTX", Quantity: dec("3"), Price: dec("100.50"), Discount: dec("10")}},
	}
}

func (w *tenant) record(opts ...pursuit.CallOption) pursuit.Result {
	w.t.Helper()
	r, err := w.s.Opportunities().Record(w.ctx, w.input(), opts...)
	require.NoError(w.t, err)
	return r
}

func (w *tenant) get(id uuid.UUID) opportunity.Snapshot {
	w.t.Helper()
	s, err := w.s.Opportunities().Get(w.ctx, id, opportunity.AllParts)
	require.NoError(w.t, err)
	return s
}

func (w *tenant) choose(id uuid.UUID) []opportunity.Choice { return []opportunity.Choice{{Reason: id}} }

// same wants replay, chain and ledger to give the stored state (J05–J07).
func (w *tenant) same(id uuid.UUID) {
	w.t.Helper()
	entries, err := w.s.Opportunities().Journal(w.ctx, id)
	require.NoError(w.t, err)
	snap, ledger, deleted, err := opportunity.Replay(entries)
	require.NoError(w.t, err)
	require.False(w.t, deleted)
	require.Equal(w.t, w.get(id), snap)
	stored, err := w.s.Opportunities().History(w.ctx, id)
	require.NoError(w.t, err)
	require.Equal(w.t, stored, ledger)
	for i, r := range stored {
		if i+1 < len(stored) {
			require.Equal(w.t, stored[i+1].EffectiveFrom, r.EffectiveTo)
			require.Equal(w.t, stored[i+1].RecordedFrom, r.RecordedTo)
		} else {
			require.True(w.t, r.EffectiveTo.IsZero())
			require.Equal(w.t, snap.Status, r.Status)
			require.Equal(w.t, snap.Amount(), r.Amount)
		}
	}
}

// written counts all journal entries of the tenant: every command leaves one (J04).
func (w *tenant) written() int {
	w.t.Helper()
	n := 0
	require.NoError(w.t, w.store.View(w.ctx, func(ctx context.Context, tx storage.Tx) error {
		list, err := tx.Journal().Unrelayed(ctx, w.called, 100_000)
		n = len(list)
		return err
	}))
	return n
}

// command gives a command of the lifecycle.
func (w *tenant) command(id uuid.UUID, c opportunity.Command) error {
	o := w.s.Opportunities()
	var err error
	switch c {
	case opportunity.CommandWin:
		_, err = o.Win(w.ctx, id, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "won"})
	case opportunity.CommandLose:
		_, err = o.Lose(w.ctx, id, opportunity.LoseInput{Reasons: w.choose(w.loss), Summary: "lost", Competitor: w.rival})
	case opportunity.CommandHold:
		_, err = o.Hold(w.ctx, id, opportunity.HoldInput{Reason: "budget", ResumeOn: calendar.Date{}})
	case opportunity.CommandResume:
		_, err = o.Resume(w.ctx, id)
	case opportunity.CommandVoid:
		_, err = o.Void(w.ctx, id, opportunity.VoidInput{Reason: "a duplicate"})
	case opportunity.CommandClose:
		_, err = o.Close(w.ctx, id, opportunity.CloseInput{})
	case opportunity.CommandReopen:
		_, err = o.Reopen(w.ctx, id, opportunity.ReopenInput{Reason: "a mistake"})
	}
	return err
}
