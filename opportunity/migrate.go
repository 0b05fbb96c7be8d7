package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/stage"
)

// MigrateInput moves an opportunity to another version of a process (P05).
type MigrateInput struct {
	// Process is the target process; its current version is used.
	Process uuid.UUID `json:"process"`
	// Stages maps stages of the old version to those of the new one; an unmapped
	// stage keeps its id.
	Stages map[string]string `json:"stages,omitempty"`
	// Override is the reason to pass unmet entry gates (P07).
	Override string `json:"override,omitempty"`
}

// Migrate moves an open or held opportunity to another version of a process by a
// mapping of stages (P05); an unmapped stage keeps its id. Manual values of
// probability and category stay; others become the new stage's. The exit gates of
// the old stage and the entry gates of the new one apply, unless it is the same
// stage of the same process; an override passes them as in Advance (P07, J10). A
// decided opportunity keeps its version (O08): reopen it first. Errors:
// ErrInvalid; ErrNotAllowed by status, for its current version, for a stage that
// the new version lacks, and for unmet gates.
func (o *Opportunity) Migrate(versionID uuid.UUID, to *stage.Version, in MigrateInput, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.commercial("opportunity.migrate.status"); err != nil {
		return err
	}
	if to == nil {
		return noRules()
	}
	var f fault.Fields
	text.Block(&f, "/override", &in.Override, 0, text.MaxDescription)
	target, ok := in.Stages[o.s.Stage]
	if !ok {
		target = o.s.Stage
	}
	st, ok := to.Stage(target)
	var move error
	switch {
	case versionID == o.s.ProcessVersion:
		// Otherwise a mapping within its own version would bypass O03.
		move = fault.NotAllowed("opportunity.migrate.same", "it is on this version already",
			fault.Field{Path: "/process", Code: "same_version", Message: "is the version that it is on"})
	case !ok:
		move = fault.NotAllowed("opportunity.migrate.unmapped", "the new version lacks the stage", fault.Field{Path: "/stages/" + o.s.Stage, Code: "unmapped", Message: "must be mapped to a stage"})
	}
	if !f.Empty() {
		f.Merge("", move)
		return f.Invalid("opportunity.migrate.invalid")
	}
	if move != nil {
		return move
	}
	used := ""
	if in.Process != o.s.Process || target != o.s.Stage {
		// The old version's exit gates apply, and the new version's entry gates
		// (P07).
		var gates []stage.Gate
		if o.rules.Version != nil {
			gates = o.rules.Version.GatesFor(o.s.Stage, "", stage.NoEnd)
		}
		gates = append(gates[:len(gates):len(gates)], to.GatesFor("", target, stage.NoEnd)...)
		var err error
		if used, err = o.through(gates, target, stage.NoEnd, in.Override, at); err != nil {
			return err
		}
	}
	o.rules.Version = to
	o.do(&MigratedPayload{Process: in.Process, Version: versionID, FromProcess: o.s.Process, FromVersion: o.s.ProcessVersion, From: o.s.Stage,
		Stage: target, Probability: st.Probability, Category: st.Category, Override: used}, at)
	return nil
}
