package integration

import (
	"context"
	"errors"
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
	"github.com/pursuit-crm/pursuit/stage"
)

// TestJ08_ARefusalLeavesNothingInAHostsTransaction commits after refusals that
// the host didn't look at.
func TestJ08_ARefusalLeavesNothingInAHostsTransaction(t *testing.T) {
	onEach(t, func(t *testing.T) {
		for name, refuse := range map[string]func(w *tenant, s *pursuit.Session, id uuid.UUID) error{
			"a contact's role twice": func(w *tenant, s *pursuit.Session, id uuid.UUID) error {
				_, err := s.DealContacts().Add(w.ctx, id, opportunity.ContactInput{Contact: w.contact, Role: opportunity.Champion}, pursuit.RequestID("k"))
				return err
			},
			"a competitor twice": func(w *tenant, s *pursuit.Session, id uuid.UUID) error {
				_, err := s.DealCompetitors().Add(w.ctx, id, opportunity.CompetitorInput{Competitor: w.rival}, pursuit.RequestID("k"))
				return err
			},
			"a customer's code": func(w *tenant, s *pursuit.Session, _ uuid.UUID) error {
				_, err := s.Customers().Create(w.ctx, customer.CreateInput{Name: "Other", Code: "C1"}, pursuit.RequestID("k"))
				return err
			},
			"a new customer's code": func(w *tenant, s *pursuit.Session, _ uuid.UUID) error {
				_, err := s.Opportunities().RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "Other", Code: "C1"}, Opportunity: opportunity.RecordInput{Name: "x", Currency: money.USD}}, pursuit.RequestID("k"))
				return err
			},
			"an entry's code": func(w *tenant, s *pursuit.Session, _ uuid.UUID) error {
				_, err := s.Archives().Create(w.ctx, archive.CreateInput{Kind: archive.Source, Code: "fair", Names: map[string]string{"en": "x"}}, pursuit.RequestID("k"))
				return err
			},
			"a process's code": func(w *tenant, s *pursuit.Session, _ uuid.UUID) error {
				_, err := s.Processes().Publish(w.ctx, stage.Process{Code: "crm", Names: names("x"), Stages: []stage.Stage{{ID: "a", Names: names("a"), Category: stage.Pipeline}}}, pursuit.RequestID("k"))
				return err
			},
		} {
			t.Run(name, func(t *testing.T) {
				w := newTenant(t)
				id := withContact(w)
				w.must(w.s.DealCompetitors().Add(w.ctx, id, opportunity.CompetitorInput{Competitor: w.rival}))
				before, written := w.get(id), w.written()
				h := w.host()
				err := refuse(w, w.eng.In(h.bound).As(w.s.Actor()), id)
				require.ErrorIs(t, err, fault.ErrDuplicate)
				_ = h.commit() // the host doesn't look; a store may refuse
				require.Equal(t, before, w.get(id))
				require.Equal(t, written, w.written())
				w.same(id)
				require.ErrorIs(t, refuse(w, w.s, id), fault.ErrDuplicate, "the RequestID wasn't used up")
			})
		}
	})
}

// panicking gives ids until it panics.
type panicking struct{ left int }

func (p *panicking) id() uuid.UUID {
	if p.left--; p.left < 0 {
		panic("out of ids")
	}
	return uuid.Must(uuid.NewV7())
}

// TestJ08_ABrokenCommandBreaksItsBatch goes on in a batch after a command broke
// off, at each of its ids in turn, and after a batch inside it failed.
func TestJ08_ABrokenCommandBreaksItsBatch(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.selling()
		deal := w.won()
		before, written := w.get(deal), w.written()
		broke := 0
		for left := 0; left < 10; left++ {
			ids := &panicking{left: left}
			eng, err := pursuit.New(w.store, &pursuit.Options{Clock: w.clock, NewID: ids.id})
			require.NoError(t, err)
			var inner error
			err = eng.As(w.s.Actor()).Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
				_, inner = b.Orders().Create(ctx, deal, order.CreateInput{}, pursuit.RequestID("k"))
				if inner == nil {
					return errors.New("enough")
				}
				require.ErrorIs(t, inner, fault.ErrHost)
				_, next := b.Opportunities().Get(ctx, deal, 0)
				require.ErrorIs(t, next, fault.ErrTxAborted, "a broken batch refuses everything")
				return nil // the caller didn't look
			})
			require.Error(t, err)
			if inner == nil {
				break
			}
			broke++
			require.ErrorIs(t, err, fault.ErrTxAborted)
			require.Equal(t, before, w.get(deal))
			require.Equal(t, written, w.written())
		}
		require.GreaterOrEqual(t, broke, 2, "the order's id and its entries'")

		boom := errors.New("boom")
		err := w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
			require.ErrorIs(t, b.Batch(ctx, func(ctx context.Context, b *pursuit.Session) error {
				w.must(b.Opportunities().Reopen(ctx, deal, opportunity.ReopenInput{Reason: "x"}))
				return boom
			}), boom)
			return nil
		})
		require.ErrorIs(t, err, fault.ErrTxAborted)
		require.Equal(t, before, w.get(deal))
	})
}

// TestNoPanicOfTheHostCrossesTheAPI breaks each of the host's functions.
func TestNoPanicOfTheHostCrossesTheAPI(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := w.record().ID
		written := w.written()
		for name, opts := range map[string]*pursuit.Options{
			"Clock": {Clock: func() time.Time { panic("boom") }},
			"NewID": {Clock: w.clock, NewID: func() uuid.UUID { panic("boom") }},
			"Zone":  {Clock: w.clock, Zone: func(string) *time.Location { panic("boom") }},
		} {
			eng, err := pursuit.New(w.store, opts)
			require.NoError(t, err)
			s := eng.As(w.s.Actor())
			_, err = s.Opportunities().Record(w.ctx, w.input())
			require.ErrorIs(t, err, fault.ErrHost, name)
			_, err = s.Opportunities().Win(w.ctx, id, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "x"})
			require.ErrorIs(t, err, fault.ErrHost, name)
			if name == "Clock" {
				_, err = s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{KnownAt: w.now})
				require.ErrorIs(t, err, fault.ErrHost, name)
			}
			require.Equal(t, written, w.written(), name)
		}
	})
}

// TestO12_NothingTakesEffectInTheFuture tries what isn't an opportunity.
func TestO12_NothingTakesEffectInTheFuture(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		at := pursuit.At(time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC))
		written := w.written()
		_, err := w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "x"}, at)
		require.ErrorIs(t, err, fault.ErrInvalid)
		_, err = w.s.Archives().Retire(w.ctx, w.win, at)
		require.ErrorIs(t, err, fault.ErrInvalid)
		_, err = w.s.Processes().Retire(w.ctx, w.process, at)
		require.ErrorIs(t, err, fault.ErrInvalid)
		_, err = w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "x"}, pursuit.IfVersion(99))
		require.ErrorIs(t, err, fault.ErrConflict, "what is new has no version 99")
		require.Equal(t, written, w.written())
	})
}

// TestC06_ANewCustomersParentIsLookedUp wants no parent of another tenant.
func TestC06_ANewCustomersParentIsLookedUp(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r, err := w.evil().Customers().Create(w.ctx, customer.CreateInput{Name: "Evil"})
		require.NoError(t, err)
		for _, parent := range []uuid.UUID{uuid.Max, r.ID} {
			_, err := w.s.Opportunities().RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "z", Parent: parent}, Opportunity: opportunity.RecordInput{Name: "x", Currency: money.USD}})
			require.ErrorIs(t, err, fault.ErrInvalid)
			require.Equal(t, "/customer/parent", fault.FieldsOf(err)[0].Path)
		}
		_, err = w.s.Opportunities().RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "z"}, Opportunity: opportunity.RecordInput{Name: "x", Currency: money.USD, Customer: w.customer}})
		require.ErrorIs(t, err, fault.ErrInvalid)
		_, err = w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "\u200b\u3164"})
		require.ErrorIs(t, err, fault.ErrInvalid, "C01: a name shows something")
	})
}

// TestP07_MigrationAndReopeningAreNoWayAround tries to leave a stage whose exit
// gate isn't met.
func TestP07_MigrationAndReopeningAreNoWayAround(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.second = secondProcess(w)
		r, err := w.s.Processes().Publish(w.ctx, stage.Process{Code: "gated", Names: names("Gated"), Stages: []stage.Stage{
			{ID: "a", Names: names("A"), Category: stage.Pipeline, Exit: []stage.Gate{{Kind: stage.GatePrimaryContact}}},
			{ID: "b", Names: names("B"), Category: stage.Pipeline},
		}})
		w.must(r, err)
		in := w.input()
		in.Process = r.ID
		deal, err := w.s.Opportunities().Record(w.ctx, in)
		w.must(deal, err)
		gated := func(err error) {
			require.ErrorIs(t, err, fault.ErrNotAllowed)
			require.Equal(t, "gate/has_primary_contact", fault.FieldsOf(err)[0].Path)
		}
		_, err = w.s.Opportunities().Advance(w.ctx, deal.ID, opportunity.AdvanceInput{To: "b", Summary: "x"})
		gated(err)
		_, err = w.s.Opportunities().Migrate(w.ctx, deal.ID, opportunity.MigrateInput{Process: w.second, Stages: map[string]string{"a": "only"}})
		gated(err)
		require.NoError(t, w.command(deal.ID, opportunity.CommandVoid))
		_, err = w.s.Opportunities().Reopen(w.ctx, deal.ID, opportunity.ReopenInput{Reason: "x", Stage: "b"})
		gated(err)
		w.must(w.s.Opportunities().Reopen(w.ctx, deal.ID, opportunity.ReopenInput{Reason: "x"}))
		w.must(w.s.Opportunities().Migrate(w.ctx, deal.ID, opportunity.MigrateInput{Process: w.second, Stages: map[string]string{"a": "only"}, Override: "the board says so"}))
		entries, err := w.s.Opportunities().Journal(w.ctx, deal.ID)
		require.NoError(t, err)
		require.Contains(t, string(entries[len(entries)-1].Payload), "the board says so", "an override is journalled")
		w.same(deal.ID)
	})
}

// TestA02_WhatWasChosenStays keeps a reason that was retired since.
func TestA02_WhatWasChosenStays(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := w.record().ID
		require.NoError(t, w.command(id, opportunity.CommandWin))
		w.must(w.s.Archives().Retire(w.ctx, w.win))
		also := w.entry(archive.CreateInput{Kind: archive.WinReason, Code: "speed"})
		w.must(w.s.Opportunities().Analyse(w.ctx, id, opportunity.AnalyseInput{Analysis: "both", Reasons: []opportunity.Choice{{Reason: w.win}, {Reason: also}}}))
		require.Len(t, w.get(id).Outcome.Reasons, 2)
		_, err := w.s.Opportunities().Analyse(w.ctx, id, opportunity.AnalyseInput{Reasons: []opportunity.Choice{{Reason: w.loss}}})
		require.ErrorIs(t, err, fault.ErrInvalid)
		w.same(id)
	})
}

// TestJ06_JournalsAreForThoseWhoMay lets marketing read a deal, not its journal.
func TestJ06_JournalsAreForThoseWhoMay(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := w.record().ID
		s := w.as(access.Marketing)
		_, err := s.Opportunities().Get(w.ctx, id, 0)
		require.NoError(t, err)
		_, err = s.Opportunities().Journal(w.ctx, id)
		require.ErrorIs(t, err, fault.ErrForbidden)
		_, err = s.Customers().Journal(w.ctx, w.customer)
		require.Error(t, err)
	})
}

// TestO13_AnotherInputIsAnotherCommand reuses a key for the same command on
// something else.
func TestO13_AnotherInputIsAnotherCommand(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := w.record().ID
		key := pursuit.RequestID("k")
		w.must(w.s.Opportunities().Hold(w.ctx, id, opportunity.HoldInput{Reason: "budget"}, key))
		_, err := w.s.Opportunities().Hold(w.ctx, id, opportunity.HoldInput{Reason: "another"}, key)
		require.ErrorIs(t, err, fault.ErrRequestReused)
		_, err = w.s.Opportunities().Hold(w.ctx, w.record().ID, opportunity.HoldInput{Reason: "budget"}, key)
		require.ErrorIs(t, err, fault.ErrRequestReused)
		again, err := w.s.Opportunities().Hold(w.ctx, id, opportunity.HoldInput{Reason: "budget"}, key)
		require.NoError(t, err)
		require.True(t, again.Repeated)
	})
}
