package opportunity

import (
	"errors"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/stage"
)

// CloseInput ends all follow-up after a win (S9).
type CloseInput struct {
	Summary string `json:"summary,omitempty"`
	// Override is the reason to close despite incomplete follow-up (O09).
	Override string `json:"override,omitempty"`
}

// Close closes a won opportunity whose follow-up is complete (O09). Errors:
// ErrNotAllowed by status, or listing each shortfall.
func (o *Opportunity) Close(in CloseInput, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.may(CommandClose); err != nil {
		return err
	}
	var f, short fault.Fields
	text.Block(&f, "/summary", &in.Summary, 0, text.MaxDescription)
	text.Block(&f, "/override", &in.Override, 0, text.MaxDescription)
	if err := f.Invalid("opportunity.close.invalid"); err != nil {
		return err
	}
	n := &o.s.Counts
	for _, x := range []struct {
		count     int
		path, msg string
	}{
		{n.OpenActivities, "/activities", "there are open activities"},
		{n.UnsettledExpenses, "/expenses", "there are unsettled expenses"},
		{n.OpenQuotes, "/quotes", "a quote awaits an answer"},
		{n.LiveOrders, "/orders", "an order is still in execution"},
	} {
		if x.count > 0 {
			short.Add(x.path, "open", x.msg)
		}
	}
	if short.Empty() {
		in.Override = "" // there was nothing to override
	}
	if in.Override == "" {
		if err := short.NotAllowed("opportunity.close.incomplete", "the follow-up isn't complete"); err != nil {
			return err
		}
	}
	o.do(&ClosedPayload{Summary: in.Summary, Override: in.Override}, at)
	return nil
}

// ReopenInput reverses a win, a loss, a void or a closing 反赢单, 反输单 (O10).
type ReopenInput struct {
	Reason string `json:"reason"`
	// Stage is the stage to continue in; empty means the one in which it ended.
	Stage string `json:"stage,omitempty"`
}

// Reopen archives the outcome as a past cycle and opens the opportunity in the
// stage where it ended, or in the given one, with that stage's values (O10). For
// another stage, its entry gates apply and, forward, the exit gates of the stage
// where it ended. They can't be overridden: reopen where it ended and advance
// from there (P07). Approvals of the past cycle no longer count. An accepted
// quote stays accepted, as the basis of another win; it must be ended before the
// opportunity is lost or voided (Q15). Errors: ErrInvalid; ErrNotAllowed by
// status, by unmet gates, and while a live order exists; ErrLimit.
func (o *Opportunity) Reopen(in ReopenInput, at journal.Moment) error {
	var f fault.Fields
	if err := o.reasoned(CommandReopen, &f, &in.Reason, at); err != nil {
		return err
	}
	if o.s.Outcome == nil {
		return lacksOutcome()
	}
	if err := o.ruled(); err != nil {
		return err
	}
	to := in.Stage
	if to == "" {
		to = o.s.Outcome.Stage
	}
	st, ok := o.rules.Version.Stage(to)
	if !ok {
		f.Add("/stage", "unknown", "isn't a stage of the process")
	}
	var short fault.Fields
	if o.s.Counts.LiveOrders > 0 {
		short.Add("/orders", "live", "must be completed or cancelled first")
	}
	live := short.NotAllowed("opportunity.reopen.order", "a live order exists")
	if !f.Empty() {
		f.Merge("", live)
		return f.Invalid("opportunity.reopen.invalid")
	}
	if o.s.Cycle >= MaxCycles {
		return fault.New(fault.ErrLimit, "opportunity.cycles.too_many", "an opportunity has at most 100 cycles")
	}
	c := Cycle{Number: o.s.Cycle, Outcome: *o.s.Outcome, ClosedAt: o.s.ClosedAt, CycleDays: o.s.CycleDays,
		Reason: in.Reason, ReopenedAt: at.Effective, ReopenedBy: at.By}
	ev := &ReopenedPayload{Cycle: c, Stage: to, Probability: st.Probability, Category: st.Category}
	if to != o.s.Outcome.Stage {
		trial := *o
		ev.apply(&trial.s, at)
		from := ""
		if v := o.rules.Version; v.Index(to) > v.Index(o.s.Outcome.Stage) {
			from = o.s.Outcome.Stage
		}
		_, err := trial.pass(from, to, stage.NoEnd, "", at)
		if live == nil || err != nil && !errors.Is(err, fault.ErrNotAllowed) {
			live = err
		} else if err != nil { // list unmet gates beside the order
			short.Merge("", err)
			live = short.NotAllowed("opportunity.reopen.order", "a live order exists, and conditions of the process aren't met")
		}
	}
	if live != nil {
		return live
	}
	o.do(ev, at)
	o.dirty.Cycle = &c
	return nil
}

func lacksOutcome() error {
	return fault.New(fault.ErrCorrupt, "opportunity.corrupt", "a decided opportunity has no outcome")
}
