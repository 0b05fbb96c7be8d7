package integration

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
)

// gatedPaths publishes a process whose gates a bare deal doesn't meet. Leaving
// "a" asks for a primary contact; "b" asks for three things more; a win asks for a
// quote and a manager's approval, a loss for the approval.
func (w *tenant) gatedPaths() uuid.UUID {
	gate := func(kind string, params ...string) stage.Gate {
		g := stage.Gate{Kind: kind}
		if len(params) > 0 {
			g.Params = map[string]string{params[0]: params[1]}
		}
		return g
	}
	return w.published(stage.Process{
		Code: "gated", Names: names("Gated"), AllowBack: true,
		Stages: []stage.Stage{
			{ID: "a", Names: names("A"), Category: stage.Pipeline, Exit: []stage.Gate{gate(stage.GatePrimaryContact)}},
			{ID: "b", Names: names("B"), Category: stage.Pipeline, Start: true,
				Entry: []stage.Gate{gate(stage.GateLines, "n", "1"), gate(stage.GateExpectedClose), gate(stage.GateAttribute, "key", "budget")}},
		},
		WinGates:  []stage.Gate{gate(stage.GateQuote), gate(stage.GateApproval, "role", "manager")},
		LoseGates: []stage.Gate{gate(stage.GateApproval, "role", "manager")},
	})
}

func bareDeal(w *tenant, process uuid.UUID) opportunity.RecordInput {
	return opportunity.RecordInput{Name: "Bare", Customer: w.customer, Currency: money.USD, Process: process}
}

// unmetGates are the gates that a refusal names.
func unmetGates(t *testing.T, err error) (list []string) {
	t.Helper()
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	for _, f := range fault.FieldsOf(err) {
		list = append(list, f.Path)
	}
	return list
}

var (
	entryGates = []string{"gate/lines_min", "gate/expected_close_set", "gate/attribute_set"}
	allGates   = append([]string{"gate/has_primary_contact"}, entryGates...)
)

// TestP07_P08_NoPathLeadsAroundTheGates tries each way into a stage: by command,
// in a batch, in a host's transaction, by an import, by migration of one deal and
// of a version, and by reopening. Each refusal lists all that is unmet.
func TestP07_P08_NoPathLeadsAroundTheGates(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		gated := w.gatedPaths()
		o := w.s.Opportunities()
		r, err := o.Record(w.ctx, bareDeal(w, gated))
		w.must(r, err)
		plain := w.publish("plain", "b")
		from, err := w.recordIn(plain)
		require.NoError(t, err)
		ended, err := w.recordIn(gated)
		require.NoError(t, err)
		require.NoError(t, w.command(ended.ID, opportunity.CommandVoid))
		written := w.written()
		advance := opportunity.AdvanceInput{To: "b", Summary: "done"}
		refused := func(name string, want []string, give func() error) {
			t.Helper()
			require.ElementsMatch(t, want, unmetGates(t, give()), name)
			require.Equal(t, written, w.written(), name)
		}
		refused("command", allGates, func() error { _, err := o.Advance(w.ctx, r.ID, advance); return err })
		refused("batch", allGates, func() error {
			return w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
				_, err := b.Opportunities().Advance(ctx, r.ID, advance)
				return err
			})
		})
		refused("host", allGates, func() error {
			h := w.host()
			_, err := w.eng.In(h.bound).As(w.s.Actor()).Opportunities().Advance(w.ctx, r.ID, advance)
			require.NoError(t, h.rollback())
			return err
		})
		into := bareDeal(w, gated)
		into.Stage = "b"
		refused("record", entryGates, func() error { _, err := o.Record(w.ctx, into); return err })
		refused("import", entryGates, func() error {
			return w.s.Batch(w.ctx, func(ctx context.Context, b *pursuit.Session) error {
				_, err := b.Opportunities().Record(ctx, bareDeal(w, gated))
				require.NoError(t, err)
				_, err = b.Opportunities().Record(ctx, into)
				return err
			})
		})
		refused("new customer", entryGates, func() error {
			in := into
			in.Customer = uuid.Nil
			_, err := o.RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "New"}, Opportunity: in})
			return err
		})
		refused("migration", entryGates, func() error {
			_, err := o.Migrate(w.ctx, from.ID, opportunity.MigrateInput{Process: gated})
			return err
		})
		refused("reopening", allGates, func() error {
			_, err := o.Reopen(w.ctx, ended.ID, opportunity.ReopenInput{Reason: "x", Stage: "b"})
			return err
		})
		var each []string
		for _, g := range entryGates {
			each = append(each, "/opportunities/"+from.Number+"/"+g)
		}
		whole := pursuit.MigrateInput{Version: from.ProcessVersion, Process: gated}
		refused("migration of a version", each, func() error { _, err := w.s.Processes().Migrate(w.ctx, whole); return err })
		require.Equal(t, "a", w.get(r.ID).Stage)
		require.Equal(t, from, w.get(from.ID))

		whole.Override = "the board says so"
		w.must(w.s.Processes().Migrate(w.ctx, whole))
		w.same(from.ID)
		w.overridden(from.ID)
	})
}

// overridden wants the last entry of a deal's journal to hold the reason.
func (w *tenant) overridden(id uuid.UUID) {
	w.t.Helper()
	entries, err := w.s.Opportunities().Journal(w.ctx, id)
	require.NoError(w.t, err)
	require.Contains(w.t, string(entries[len(entries)-1].Payload), "the board says so")
}

// TestP07_AnOverrideNeedsTheRight lets a seller, who may advance, win and lose,
// override nothing, and a manager each.
func TestP07_AnOverrideNeedsTheRight(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		p := w.published(stage.Process{
			Code: "strict", Names: names("Strict"), Stages: []stage.Stage{
				{ID: "a", Names: names("A"), Category: stage.Pipeline},
				{ID: "b", Names: names("B"), Category: stage.Pipeline, Entry: []stage.Gate{{Kind: stage.GateExpectedClose}}},
			},
			WinGates: []stage.Gate{{Kind: stage.GateQuote}}, LoseGates: []stage.Gate{{Kind: stage.GatePrimaryContact}},
		})
		for name, give := range map[string]func(s *pursuit.Session, id uuid.UUID, why string) error{
			"advance": func(s *pursuit.Session, id uuid.UUID, why string) error {
				_, err := s.Opportunities().Advance(w.ctx, id, opportunity.AdvanceInput{To: "b", Summary: "x", Override: why})
				return err
			},
			"win": func(s *pursuit.Session, id uuid.UUID, why string) error {
				_, err := s.Opportunities().Win(w.ctx, id, opportunity.WinInput{Reasons: w.choose(w.win), Summary: "x", Override: why})
				return err
			},
			"lose": func(s *pursuit.Session, id uuid.UUID, why string) error {
				_, err := s.Opportunities().Lose(w.ctx, id, opportunity.LoseInput{Reasons: w.choose(w.loss), Summary: "x", Override: why})
				return err
			},
		} {
			s, err := w.recordIn(p)
			require.NoError(t, err)
			seller := w.colleague("ann", access.Sales)
			require.ErrorIs(t, give(seller, s.ID, ""), fault.ErrNotAllowed, name)
			require.ErrorIs(t, give(seller, s.ID, "the board says so"), fault.ErrForbidden, name)
			require.ErrorIs(t, give(w.s, s.ID, " "), fault.ErrNotAllowed, "%s: blanks are no reason", name)
			require.Equal(t, s, w.get(s.ID), name)
			require.NoError(t, give(w.colleague("mia", access.Manager), s.ID, "the board says so"), name)
			w.overridden(s.ID)
			w.same(s.ID)
		}
	})
}

// TestP07_OrdersMoveNoDeal follows an order through its life: nothing that
// happens to it moves the stage or the status of its deal, so no gate is passed.
func TestP07_OrdersMoveNoDeal(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		w.selling()
		for _, end := range []func(id uuid.UUID) error{
			func(id uuid.UUID) error { _, err := w.s.Orders().Execute(w.ctx, id, everythingDone()); return err },
			func(id uuid.UUID) error {
				_, err := w.s.Orders().Cancel(w.ctx, id, order.CancelInput{Reason: "gone"})
				return err
			},
		} {
			deal, id := w.ordered()
			before := w.get(deal)
			w.must(w.s.Orders().Confirm(w.ctx, id))
			require.NoError(t, end(id))
			after := w.get(deal)
			require.Equal(t, []any{before.Status, before.Stage, before.Outcome}, []any{after.Status, after.Stage, after.Outcome})
			w.sameOrder(id)
		}
	})
}

// TestJ10_ApproverAndRequesterDiffer asks for a win, a loss and an override that
// the requester approved, and then for ones that somebody else did.
func TestJ10_ApproverAndRequesterDiffer(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		gated := w.gatedPaths()
		ann, bob := w.colleague("ann", access.Manager), w.colleague("bob", access.Manager)
		win := opportunity.WinInput{Reasons: w.choose(w.win), Summary: "x"}
		lose := opportunity.LoseInput{Reasons: w.choose(w.loss), Summary: "x"}
		approve := opportunity.ApproveInput{Role: access.Manager}
		for name, x := range map[string]struct {
			unmet []string
			give  func(s *pursuit.Session, id uuid.UUID) error
		}{
			"win": {[]string{"gate/has_primary_contact", "gate/quote_accepted", "gate/approval"}, func(s *pursuit.Session, id uuid.UUID) error {
				_, err := s.Opportunities().Win(w.ctx, id, win)
				return err
			}},
			"loss": {[]string{"gate/approval"}, func(s *pursuit.Session, id uuid.UUID) error {
				_, err := s.Opportunities().Lose(w.ctx, id, lose)
				return err
			}},
			"override": {[]string{"gate/approval"}, func(s *pursuit.Session, id uuid.UUID) error {
				win := win
				win.Override = "the board says so"
				_, err := s.Opportunities().Win(w.ctx, id, win)
				return err
			}},
		} {
			d, err := w.recordIn(gated)
			require.NoError(t, err)
			require.ElementsMatch(t, x.unmet, unmetGates(t, x.give(ann, d.ID)), name)
			_, err = w.colleague("ann", access.Sales).Opportunities().Approve(w.ctx, d.ID, approve)
			require.ErrorIs(t, err, fault.ErrForbidden, "a seller doesn't approve")
			w.must(ann.Opportunities().Approve(w.ctx, d.ID, approve))
			require.ElementsMatch(t, x.unmet, unmetGates(t, x.give(ann, d.ID)), "%s: one's own consent doesn't count", name)
			w.must(bob.Opportunities().Approve(w.ctx, d.ID, approve))
			if err := x.give(ann, d.ID); name == "win" {
				require.ElementsMatch(t, x.unmet[:2], unmetGates(t, err), "the others are unmet still")
			} else {
				require.NoError(t, err, name)
			}
			w.same(d.ID)
		}
	})
}
