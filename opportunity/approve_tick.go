package opportunity

import (
	"slices"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/stage"
)

// TickInput ticks an item of the current stage's checklist.
type TickInput struct {
	Item string `json:"item"`
	// Undo removes the tick.
	Undo bool `json:"undo,omitempty"`
}

// ApproveInput is a consent to the next step (J10).
type ApproveInput struct {
	Role access.Role `json:"role"`
	Note string      `json:"note,omitempty"`
}

// Tick ticks an item of the current stage's checklist, or removes the tick.
// Errors: ErrInvalid for an unknown item; ErrNotAllowed unless open or on hold;
// ErrLimit.
func (o *Opportunity) Tick(in TickInput, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.commercial("opportunity.tick.status"); err != nil {
		return err
	}
	if err := o.ruled(); err != nil {
		return err
	}
	st, _ := o.rules.Version.Stage(o.s.Stage)
	if !slices.ContainsFunc(st.Checklist, func(c stage.ChecklistItem) bool { return c.ID == in.Item }) {
		return fault.Invalid("opportunity.tick.invalid", fault.Field{Path: "/item", Code: "unknown", Message: "isn't on the stage's checklist"})
	}
	is := func(t Tick) bool { return t.Stage == o.s.Stage && t.Item == in.Item }
	if !in.Undo && len(o.s.Ticks) >= MaxTicks && !slices.ContainsFunc(o.s.Ticks, is) {
		return fault.New(fault.ErrLimit, "opportunity.ticks.too_many", "an opportunity has at most 200 ticked items")
	}
	o.do(&TickedPayload{Stage: o.s.Stage, Item: in.Item, Off: in.Undo}, at)
	return nil
}

// Approve records the actor's consent, in a role, to the next step: an advance, a
// win, a loss, or an override of its gates. A move to another stage uses it up.
// It is possible on hold too, since a held opportunity may be lost. It never
// counts for a step that the same user asks for (J10). The engine checks that the
// actor has the role. Errors: ErrInvalid; ErrNotAllowed unless open or on hold;
// ErrLimit.
func (o *Opportunity) Approve(in ApproveInput, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.commercial("opportunity.approve.status"); err != nil {
		return err
	}
	var f fault.Fields
	text.Key(&f, "/role", string(in.Role), 1, text.MaxCode)
	text.Block(&f, "/note", &in.Note, 0, text.MaxDescription)
	if err := f.Invalid("opportunity.approve.invalid"); err != nil {
		return err
	}
	if len(o.s.Approvals) >= MaxApprovals {
		return fault.New(fault.ErrLimit, "opportunity.approvals.too_many", "an opportunity has at most 50 approvals for a step")
	}
	o.do(&ApprovedPayload{Role: string(in.Role), Note: in.Note}, at)
	return nil
}
