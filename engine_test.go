package pursuit_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// world is a tenant with what a sale needs.
type world struct {
	t        *testing.T
	ctx      context.Context
	store    *memory.Store
	eng      *pursuit.Engine
	s        *pursuit.Session
	now      time.Time
	mu       sync.Mutex
	customer uuid.UUID
	contact  uuid.UUID
	win      uuid.UUID
	loss     uuid.UUID
	lossTo   uuid.UUID // demands a competitor
	rival    uuid.UUID
	process  uuid.UUID
}

func names(s string) stage.Names { return stage.Names{"en": s} }

func newWorld(t *testing.T) *world {
	w := &world{t: t, ctx: context.Background(), store: memory.New(), now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	eng, err := pursuit.New(w.store, &pursuit.Options{Clock: func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.now = w.now.Add(time.Second)
		return w.now
	}})
	require.NoError(t, err)
	w.eng = eng
	w.s = eng.As(pursuit.Actor{Tenant: "acme", User: "ann", Department: "east", Roles: []access.Role{access.Administrator, access.Manager}})
	c, err := w.s.Customers().Create(w.ctx, customer.Input{Name: "Northwind", Code: "C1"}, []customer.ContactInput{{Name: "Li Wei"}})
	require.NoError(t, err)
	w.customer, w.contact = c.ID, c.Parts[0]
	entry := func(in archive.Input) uuid.UUID {
		in.Names = map[string]string{"en": in.Code}
		r, err := w.s.Archives().Create(w.ctx, in)
		require.NoError(t, err)
		return r.ID
	}
	w.win = entry(archive.Input{Kind: archive.WinReason, Code: "price"})
	w.loss = entry(archive.Input{Kind: archive.LossReason, Code: "price"})
	w.lossTo = entry(archive.Input{Kind: archive.LossReason, Code: "rival", NeedsCompetitor: true})
	w.rival = entry(archive.Input{Kind: archive.Competitor, Code: "contoso"})
	p, err := w.s.Processes().Publish(w.ctx, stage.Process{Code: "crm", Names: names("CRM"), AllowBack: true, Stages: []stage.Stage{
		{ID: "prospecting", Names: names("Prospecting"), Probability: 1000, Category: stage.Pipeline},
		{ID: "engaging", Names: names("Engaging"), Probability: 5000, Category: stage.BestCase, Start: true,
			Entry: []stage.Gate{{Kind: stage.GateLines, Params: map[string]string{"n": "1"}}, {Kind: stage.GateExpectedClose}}},
	}})
	require.NoError(t, err)
	w.process = p.ID
	return w
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func (w *world) record(opts ...pursuit.CallOption) pursuit.Result {
	close_, err := calendar.New(2026, 6, 30)
	require.NoError(w.t, err)
	r, err := w.s.Opportunities().Record(w.ctx, opportunity.RecordInput{
		Name: "Big deal", Customer: w.customer, Currency: money.USD, ExpectedClose: close_,
		Lines: []opportunity.LineInput{{Product: "GTX", Quantity: dec("3"), Price: dec("100.50"), Discount: dec("10")}},
	}, opts...)
	require.NoError(w.t, err)
	return r
}

func (w *world) get(id uuid.UUID) opportunity.Snapshot {
	s, err := w.s.Opportunities().Get(w.ctx, id, opportunity.AllParts)
	require.NoError(w.t, err)
	return s
}

func (w *world) choose(id uuid.UUID) []opportunity.Choice { return []opportunity.Choice{{Reason: id}} }

// same wants replay, chain and ledger to give the stored state (J05–J07).
func (w *world) same(id uuid.UUID) {
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

func TestS1toS9_WinReopenLose(t *testing.T) {
	w := newWorld(t)
	o := w.s.Opportunities()
	r := w.record()
	require.Equal(t, "OPP-2026-000001", r.Number)
	fresh := w.get(r.ID)
	require.Equal(t, "271.35", fresh.Amount().Amount()) // L01

	_, err := w.s.Team().Set(w.ctx, r.ID, opportunity.MemberInput{User: "bob", Role: opportunity.RolePresales, Access: opportunity.Read})
	require.NoError(t, err)
	_, err = w.s.Team().SetSplits(w.ctx, r.ID, opportunity.Splits{Revenue: map[string]int{"ann": 6667, "bob": 3333}})
	require.NoError(t, err)
	_, err = w.s.DealContacts().Add(w.ctx, r.ID, opportunity.ContactInput{Contact: w.contact, Role: opportunity.DecisionMaker, Primary: true})
	require.NoError(t, err)
	_, err = w.s.DealCompetitors().Add(w.ctx, r.ID, opportunity.CompetitorInput{Competitor: w.rival, Strengths: "cheap"})
	require.NoError(t, err)
	added, err := w.s.Lines().Add(w.ctx, r.ID, []opportunity.LineInput{{Description: "Service", Quantity: dec("1"), Price: dec("28.65")}})
	require.NoError(t, err)
	require.Equal(t, []int{2}, added.Lines)
	_, err = o.Advance(w.ctx, r.ID, opportunity.Advance{To: "engaging", Summary: "They want it"})
	require.NoError(t, err)
	_, err = w.s.Team().Transfer(w.ctx, r.ID, opportunity.Transfer{To: "carol", Role: opportunity.RoleSales})
	require.NoError(t, err)
	_, err = o.Win(w.ctx, r.ID, opportunity.Win{Reasons: w.choose(w.win), Summary: "Signed"})
	require.NoError(t, err)
	s := w.get(r.ID)
	require.Equal(t, opportunity.Won, s.Status)
	require.Equal(t, 10000, s.Probability)
	require.Equal(t, "300.00", s.Outcome.Amount.Amount())
	shares, err := opportunity.SplitAmounts(&s) // T05
	require.NoError(t, err)
	require.Equal(t, "200.01", shares["ann"].Amount())
	require.Equal(t, "99.99", shares["bob"].Amount())
	_, err = w.s.Lines().Add(w.ctx, r.ID, []opportunity.LineInput{{Description: "More", Quantity: dec("1"), Price: dec("1")}})
	require.ErrorIs(t, err, fault.ErrNotAllowed) // O08
	_, err = o.Close(w.ctx, r.ID, opportunity.Close{})
	require.NoError(t, err)
	_, err = o.Reopen(w.ctx, r.ID, opportunity.Reopen{Reason: "Cancelled by the customer"})
	require.NoError(t, err)
	require.Len(t, w.get(r.ID).Cycles, 1)
	_, err = o.Lose(w.ctx, r.ID, opportunity.Lose{Reasons: w.choose(w.lossTo), Summary: "Gone"})
	require.ErrorIs(t, err, fault.ErrInvalid) // A05
	_, err = o.Lose(w.ctx, r.ID, opportunity.Lose{Reasons: w.choose(w.lossTo), Summary: "Gone", Competitor: w.rival})
	require.NoError(t, err)
	s = w.get(r.ID)
	require.Equal(t, "engaging", s.Outcome.Stage) // O07
	require.Equal(t, stage.Omitted, s.Category)
	w.same(r.ID)
}

func TestP08_RefusalListsAllUnmetGates(t *testing.T) {
	w := newWorld(t)
	r, err := w.s.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "Bare", Customer: w.customer, Currency: money.CNY})
	require.NoError(t, err)
	before := w.get(r.ID)
	_, err = w.s.Opportunities().Advance(w.ctx, r.ID, opportunity.Advance{To: "engaging", Summary: "go"})
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Len(t, fault.FieldsOf(err), 2)
	require.Equal(t, before, w.get(r.ID)) // nothing changed
	_, err = w.s.Opportunities().Advance(w.ctx, r.ID, opportunity.Advance{To: "engaging", Summary: "go", Override: "the board says so"})
	require.NoError(t, err) // P07
	w.same(r.ID)
}

// TestO02_AllPairs tries every command of the lifecycle in every status.
func TestO02_AllPairs(t *testing.T) {
	into := map[opportunity.Status][]opportunity.Command{
		opportunity.Open: {}, opportunity.OnHold: {opportunity.CommandHold}, opportunity.Won: {opportunity.CommandWin},
		opportunity.Lost: {opportunity.CommandLose}, opportunity.Void: {opportunity.CommandVoid},
		opportunity.Closed: {opportunity.CommandWin, opportunity.CommandClose},
	}
	allowed := map[opportunity.Status]map[opportunity.Command]opportunity.Status{
		opportunity.Open:   {opportunity.CommandWin: opportunity.Won, opportunity.CommandLose: opportunity.Lost, opportunity.CommandHold: opportunity.OnHold, opportunity.CommandVoid: opportunity.Void},
		opportunity.OnHold: {opportunity.CommandResume: opportunity.Open, opportunity.CommandLose: opportunity.Lost, opportunity.CommandVoid: opportunity.Void},
		opportunity.Won:    {opportunity.CommandClose: opportunity.Closed, opportunity.CommandReopen: opportunity.Open},
		opportunity.Lost:   {opportunity.CommandReopen: opportunity.Open},
		opportunity.Void:   {opportunity.CommandReopen: opportunity.Open},
		opportunity.Closed: {opportunity.CommandReopen: opportunity.Open},
	}
	w := newWorld(t)
	for _, from := range opportunity.Statuses() {
		for _, c := range opportunity.Commands() {
			t.Run("O02/"+from.String()+"/"+c.String(), func(t *testing.T) {
				id := w.record().ID
				for _, x := range into[from] {
					require.NoError(t, w.command(id, x))
				}
				before := w.get(id)
				require.Equal(t, from, before.Status)
				err := w.command(id, c)
				if to, ok := allowed[from][c]; ok {
					require.NoError(t, err)
					require.Equal(t, to, w.get(id).Status)
				} else {
					require.ErrorIs(t, err, fault.ErrNotAllowed)
					require.Equal(t, before, w.get(id))
				}
				w.same(id)
			})
		}
	}
}

func (w *world) command(id uuid.UUID, c opportunity.Command) error {
	o := w.s.Opportunities()
	var err error
	switch c {
	case opportunity.CommandWin:
		_, err = o.Win(w.ctx, id, opportunity.Win{Reasons: w.choose(w.win), Summary: "won"})
	case opportunity.CommandLose:
		_, err = o.Lose(w.ctx, id, opportunity.Lose{Reasons: w.choose(w.loss), Summary: "lost", Competitor: w.rival})
	case opportunity.CommandHold:
		_, err = o.Hold(w.ctx, id, "budget", calendar.Date{})
	case opportunity.CommandResume:
		_, err = o.Resume(w.ctx, id)
	case opportunity.CommandVoid:
		_, err = o.Void(w.ctx, id, "a duplicate")
	case opportunity.CommandClose:
		_, err = o.Close(w.ctx, id, opportunity.Close{})
	case opportunity.CommandReopen:
		_, err = o.Reopen(w.ctx, id, opportunity.Reopen{Reason: "a mistake"})
	}
	return err
}

func TestO11_VersionGuards(t *testing.T) {
	w := newWorld(t)
	r := w.record()
	_, err := w.s.Opportunities().Hold(w.ctx, r.ID, "budget", calendar.Date{}, pursuit.IfVersion(7))
	require.ErrorIs(t, err, fault.ErrConflict)
	got, err := w.s.Opportunities().Hold(w.ctx, r.ID, "budget", calendar.Date{}, pursuit.IfVersion(r.Version))
	require.NoError(t, err)
	require.Equal(t, r.Version+1, got.Version)
}

func TestO12_TimeNeverRunsBackwards(t *testing.T) {
	w := newWorld(t)
	r := w.record()
	_, err := w.s.Opportunities().Hold(w.ctx, r.ID, "budget", calendar.Date{}, pursuit.At(w.now.Add(-time.Hour)))
	require.ErrorIs(t, err, fault.ErrInvalid)
	_, err = w.s.Opportunities().Hold(w.ctx, r.ID, "budget", calendar.Date{}, pursuit.At(w.now.Add(time.Hour)))
	require.ErrorIs(t, err, fault.ErrInvalid)
}

func TestO13_RequestIDs(t *testing.T) {
	w := newWorld(t)
	first := w.record(pursuit.RequestID("k1"))
	again := w.record(pursuit.RequestID("k1"))
	require.True(t, again.Repeated)
	again.Repeated = false
	require.Equal(t, first, again)
	n, err := w.s.Opportunities().Count(w.ctx, opportunity.Filter{})
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	_, err = w.s.Opportunities().Void(w.ctx, first.ID, "x", pursuit.RequestID("k1"))
	require.ErrorIs(t, err, fault.ErrRequestReused)
}

func TestC06_AllOrNone(t *testing.T) {
	w := newWorld(t)
	nc := pursuit.NewCustomer{Customer: customer.Input{Name: "Fabrikam", Code: "C2"}, Contacts: []customer.ContactInput{{Name: "Zoe", Primary: true}}, Roles: []opportunity.ContactRole{opportunity.Champion}}
	_, err := w.s.Opportunities().RecordForNewCustomer(w.ctx, nc, opportunity.RecordInput{Name: "", Currency: money.USD})
	require.ErrorIs(t, err, fault.ErrInvalid)
	_, err = w.s.Customers().ByCode(w.ctx, "C2")
	require.ErrorIs(t, err, fault.ErrNotFound)
	r, err := w.s.Opportunities().RecordForNewCustomer(w.ctx, nc, opportunity.RecordInput{Name: "First", Currency: money.USD})
	require.NoError(t, err)
	s := w.get(r.ID)
	require.Equal(t, r.Customer, s.Customer)
	require.Equal(t, r.Parts[0], s.PrimaryContact.Contact)
	w.same(r.ID)
}

func TestC04_InactiveCustomer(t *testing.T) {
	w := newWorld(t)
	r := w.record()
	_, err := w.s.Customers().SetStatus(w.ctx, w.customer, customer.Inactive)
	require.NoError(t, err)
	_, err = w.s.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "Late", Customer: w.customer, Currency: money.USD})
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.NoError(t, w.command(r.ID, opportunity.CommandWin))
}

func TestJ03_OtherTenantsAreNotThere(t *testing.T) {
	w := newWorld(t)
	r := w.record()
	other := w.eng.As(pursuit.Actor{Tenant: "evil", User: "ann", Roles: []access.Role{access.Administrator}})
	_, err := other.Opportunities().Get(w.ctx, r.ID, 0)
	_, err2 := other.Opportunities().Get(w.ctx, uuid.New(), 0)
	require.ErrorIs(t, err, fault.ErrNotFound)
	require.Equal(t, err2, err)
	_, err = other.Opportunities().Void(w.ctx, r.ID, "mine")
	require.ErrorIs(t, err, fault.ErrNotFound)
}

type spy struct {
	access.Default
	asked  int
	answer error
	boom   bool
}

func (s *spy) Allow(ctx context.Context, a access.Actor, act access.Action, on access.Subject) error {
	s.asked++
	if s.boom {
		panic("boom")
	}
	if s.answer != nil {
		return s.answer
	}
	return s.Default.Allow(ctx, a, act, on)
}

func TestJ01_PolicyIsAskedOnceAndDenies(t *testing.T) {
	w := newWorld(t)
	r := w.record()
	p := &spy{}
	eng, err := pursuit.New(w.store, &pursuit.Options{Policy: p})
	require.NoError(t, err)
	s := eng.As(w.s.Actor())
	hold := func() error {
		_, err := s.Opportunities().Hold(w.ctx, r.ID, "x", calendar.Date{})
		return err
	}
	before := w.get(r.ID)
	p.answer = fault.New(fault.ErrForbidden, "no", "no")
	require.ErrorIs(t, hold(), fault.ErrForbidden)
	p.answer = errors.New("the directory is down")
	require.ErrorIs(t, hold(), fault.ErrHost)
	p.boom = true
	require.ErrorIs(t, hold(), fault.ErrHost)
	require.Equal(t, before, w.get(r.ID))
	p.answer, p.boom, p.asked = nil, false, 0
	require.NoError(t, hold())
	require.Equal(t, 1, p.asked)
}

func TestJ06_TamperingIsFound(t *testing.T) {
	w := newWorld(t)
	r := w.record()
	require.NoError(t, w.command(r.ID, opportunity.CommandWin))
	entries, err := w.s.Opportunities().Journal(w.ctx, r.ID)
	require.NoError(t, err)
	head := w.get(r.ID).Head
	require.NoError(t, journal.Verify(entries, head))
	entries[0].Moment.By = "mallory"
	require.ErrorIs(t, journal.Verify(entries, head), fault.ErrCorrupt)
	entries[0].Moment.By = "ann"
	require.ErrorIs(t, journal.Verify(entries[:1], head), fault.ErrCorrupt)
}

func TestO01_NumbersUnderConcurrency(t *testing.T) {
	w := newWorld(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := map[string]bool{}
	for range 8 {
		wg.Go(func() {
			for range 25 {
				r := w.record()
				mu.Lock()
				seen[r.Number] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Len(t, seen, 200)
}

func TestBatchAndHostTransaction(t *testing.T) {
	w := newWorld(t)
	boom := errors.New("boom")
	err := w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
		_, err := b.Opportunities().Record(ctx, opportunity.RecordInput{Name: "In a batch", Customer: w.customer, Currency: money.USD})
		require.NoError(t, err)
		return boom
	})
	require.ErrorIs(t, err, boom)
	n, err := w.s.Opportunities().Count(w.ctx, opportunity.Filter{})
	require.NoError(t, err)
	require.Zero(t, n)

	r := w.record()
	h := w.store.Begin()
	_, err = w.eng.In(w.store.Bind(h)).As(w.s.Actor()).Opportunities().Hold(w.ctx, r.ID, "budget", calendar.Date{})
	require.NoError(t, err)
	h.Rollback()
	require.Equal(t, opportunity.Open, w.get(r.ID).Status)
	var _ storage.Bound = w.store.Bind(h)
}

func TestReports_AsOfAndAsKnown(t *testing.T) {
	w := newWorld(t)
	r := w.record()
	before := w.now
	require.NoError(t, w.command(r.ID, opportunity.CommandWin))
	now, err := w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{By: pipeline.ByStage})
	require.NoError(t, err)
	require.EqualValues(t, 1, now[0].Won)
	require.Equal(t, "1", now[0].WinRate.String())
	then, err := w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{By: pipeline.ByStage, AsOf: before})
	require.NoError(t, err)
	require.EqualValues(t, 1, then[0].Open)
	require.Nil(t, then[0].WinRate)
	require.Equal(t, "27.14", then[0].Amounts[money.USD].Weighted.Amount()) // 271.35 × 10 %, half even
	known, err := w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{KnownAt: before})
	require.NoError(t, err)
	require.EqualValues(t, 1, known[0].Open) // the win wasn't known then
	_, err = w.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{By: pipeline.ByProduct, AsOf: before})
	require.ErrorIs(t, err, fault.ErrInvalid)
}

func TestPagesAndCursors(t *testing.T) {
	w := newWorld(t)
	for range 5 {
		w.record()
	}
	q := pursuit.OpportunityQuery{Order: opportunity.ByAmount, Desc: true}
	var got []string
	page := pursuit.Page{Size: 2}
	for {
		l, err := w.s.Opportunities().List(w.ctx, q, page)
		require.NoError(t, err)
		for _, r := range l.Items {
			got = append(got, r.Number)
		}
		if l.Next == "" {
			break
		}
		page.Cursor = l.Next
	}
	require.Len(t, got, 5)
	_, err := w.s.Opportunities().List(w.ctx, pursuit.OpportunityQuery{}, page)
	require.ErrorIs(t, err, fault.ErrInvalid) // another query's cursor
}
