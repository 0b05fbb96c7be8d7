package opportunity

import (
	"slices"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/stage"
)

// AdvanceInput is a move to another stage (S4, S5).
type AdvanceInput struct {
	To string `json:"to"`
	// Summary 总结 summarises the finished stage's work (O04).
	Summary string `json:"summary"`
	// Override is the reason to pass unmet gates (P07). It doesn't replace
	// required approvals (J10).
	Override string `json:"override,omitempty"`
}

// Advance moves to another stage, forward or, where the process allows it, back.
// Probability and category become the new stage's (O05). Errors: ErrInvalid
// without a summary; ErrNotAllowed by status and process (O03), and for unmet
// gates, all listed (P08).
func (o *Opportunity) Advance(in AdvanceInput, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if o.s.Status != Open {
		return o.badStatus("opportunity.advance.status")
	}
	var f fault.Fields
	text.Block(&f, "/summary", &in.Summary, 1, text.MaxDescription)
	text.Block(&f, "/override", &in.Override, 0, text.MaxDescription)
	text.Code(&f, "/to", in.To, 1)
	if err := o.ruled(); err != nil {
		return err
	}
	v := o.rules.Version
	move := v.CanMove(o.s.Stage, in.To)
	if !f.Empty() { // a stage that can't be reached is one more fault
		if !slices.ContainsFunc(f.List(), func(x fault.Field) bool { return x.Path == "/to" }) {
			f.Merge("", move)
		}
		return f.Invalid("opportunity.advance.invalid")
	}
	if move != nil {
		return move
	}
	override, err := o.pass(o.s.Stage, in.To, stage.NoEnd, in.Override, at)
	if err != nil {
		return err
	}
	st, _ := v.Stage(in.To)
	o.do(&MovedPayload{From: o.s.Stage, To: in.To, Back: v.Index(in.To) < v.Index(o.s.Stage), Probability: st.Probability,
		Category: st.Category, Summary: in.Summary, Override: override}, at)
	return nil
}
