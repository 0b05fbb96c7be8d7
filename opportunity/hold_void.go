package opportunity

import (
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// HoldInput pauses an open opportunity (O19).
type HoldInput struct {
	Reason string `json:"reason"`
	// ResumeOn is the intended date of resumption; the zero date if unknown.
	ResumeOn calendar.Date `json:"resume_on,omitzero"`
}

// VoidInput excludes an opportunity from every rate (O19).
type VoidInput struct {
	Reason string `json:"reason"`
	// Quotes is as for Lose (Q15).
	Quotes OpenQuotes `json:"quotes,omitempty"`
}

// Hold puts an open opportunity on hold 暂停, optionally until a date (O19). The
// date is informative: nothing resumes automatically. Time on hold has ledger
// rows of its own, so it is kept apart from the time in the stage. Errors:
// ErrInvalid without a reason, or with a date before today; ErrNotAllowed.
func (o *Opportunity) Hold(in HoldInput, at journal.Moment) error {
	var f fault.Fields
	if err := o.reasoned(CommandHold, &f, &in.Reason, at); err != nil {
		return err
	}
	if !in.ResumeOn.IsZero() && in.ResumeOn.Before(calendar.Of(at.Effective, o.zone())) {
		f.Add("/resume_on", "past", "must not be in the past")
	}
	if err := f.Invalid("opportunity.hold.invalid"); err != nil {
		return err
	}
	o.do(&HeldPayload{Reason: in.Reason, Resume: in.ResumeOn}, at)
	return nil
}

// Resume reopens an opportunity on hold (O19). Errors: ErrNotAllowed.
func (o *Opportunity) Resume(at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.may(CommandResume); err != nil {
		return err
	}
	o.do(&ResumedPayload{}, at)
	return nil
}

// Void excludes an open or held opportunity from every rate 作废 (O19). It checks
// no gates, because processes have them only for wins and losses. Afterwards it
// can only be reopened. Errors: ErrInvalid without a reason; ErrNotAllowed
// (status, open quotes: Q15).
func (o *Opportunity) Void(in VoidInput, at journal.Moment) error {
	var f fault.Fields
	if err := o.reasoned(CommandVoid, &f, &in.Reason, at); err != nil {
		return err
	}
	in.Quotes.check(&f)
	if err := f.Invalid("opportunity.void.invalid"); err != nil {
		return err
	}
	settled, err := o.settling(Void)
	if err != nil {
		return err
	}
	if settled != nil {
		o.do(settled, at)
	}
	o.do(&VoidedPayload{Decision{Outcome: Outcome{Status: Void, Amount: o.s.Amount(), Stage: o.s.Stage, Summary: in.Reason, At: at.Effective, By: at.By}}}, at)
	return nil
}
