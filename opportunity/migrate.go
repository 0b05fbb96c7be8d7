package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/stage"
)

// Migrate moves an open or held opportunity to another version of a process by
// a map of stages (P05); a stage that isn't in the map keeps its id. Probability
// and category set by hand stay, others become the new stage's. The entry gates
// of a stage that it comes into are asked, unless it is the same stage of the
// same process; override passes them as in Advance (P07, J10). What is decided
// keeps its version (O08): reopen it first.
// Errors: ErrInvalid; ErrNotAllowed by status, for the version that it has
// already, for a stage that the new version lacks, and for unmet gates.
func (o *Opportunity) Migrate(process uuid.UUID, versionID uuid.UUID, to *stage.Version, stages map[string]string, override string, at journal.Moment) error {
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
	text.Block(&f, "/override", &override, 0, text.MaxDescription)
	if err := f.Invalid("opportunity.migrate.invalid"); err != nil {
		return err
	}
	if versionID == o.s.ProcessVersion {
		// Else a map of its own version would be a way around O03.
		return fault.NotAllowed("opportunity.migrate.same", "it is on this version already",
			fault.Field{Path: "/process", Code: "same_version", Message: "is the version that it is on"})
	}
	target, ok := stages[o.s.Stage]
	if !ok {
		target = o.s.Stage
	}
	st, ok := to.Stage(target)
	if !ok {
		return fault.NotAllowed("opportunity.migrate.unmapped", "the new version lacks the stage", fault.Field{Path: "/stages/" + o.s.Stage, Code: "unmapped", Message: "must be mapped to a stage"})
	}
	used := ""
	if process != o.s.Process || target != o.s.Stage {
		trial := *o
		trial.rules.Version = to
		var err error
		if used, err = trial.pass("", target, stage.NoEnd, override, at); err != nil {
			return err
		}
	}
	o.rules.Version = to
	o.do(&migrated{Process: process, Version: versionID, From: o.s.Stage, Stage: target, Probability: st.Probability, Category: st.Category, Override: used}, at)
	return nil
}
