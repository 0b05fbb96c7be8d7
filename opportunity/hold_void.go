package opportunity

import (
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// HoldInput is a pause of an open opportunity (O19).
type HoldInput struct {
	Reason string `json:"reason"`
	// ResumeOn is when it is meant to go on; the zero date if nobody knows.
	ResumeOn calendar.Date `json:"resume_on,omitzero"`
}

// VoidInput takes an opportunity out of every rate (O19).
type VoidInput struct {
	Reason string `json:"reason"`
	// Quotes is as in Lose (Q15).
	Quotes OpenQuotes `json:"quotes,omitempty"`
}

// Hold puts an open opportunity on hold 暂停, until a date if one is given (O19).
// The date is a note: nothing resumes by itself. The time on hold has ledger
// rows of its own, so that it is kept apart from the time in the stage.
// Errors: ErrInvalid without a reason, or with a date before today; ErrNotAllowed.
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

// Resume opens a held opportunity again (O19). Errors: ErrNotAllowed.
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

// Void takes an open or held opportunity out of every rate 作废 (O19). Gates
// aren't asked: processes have them for wins and losses. It takes nothing but a
// reopening afterwards.
// Errors: ErrInvalid without a reason; ErrNotAllowed (status, quotes that aren't
// settled: Q15).
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
