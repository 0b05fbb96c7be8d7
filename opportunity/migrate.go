package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/stage"
)

// Migrate moves the opportunity to another version of a process by a map of
// stages (P05). A stage that isn't in the map keeps its id. Errors:
// ErrNotAllowed if the stage isn't in the new version, or unmet entry gates of
// a stage that it comes into (P07).
func (o *Opportunity) Migrate(process uuid.UUID, versionID uuid.UUID, to *stage.Version, stages map[string]string, override string, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	target, ok := stages[o.s.Stage]
	if !ok {
		target = o.s.Stage
	}
	st, ok := to.Stage(target)
	if !ok {
		return fault.NotAllowed("opportunity.migrate.unmapped", "the new version lacks the stage", fault.Field{Path: "/stages/" + o.s.Stage, Code: "unmapped", Message: "must be mapped to a stage"})
	}
	old := o.rules.Version
	o.rules.Version = to
	if (o.s.Status == Open || o.s.Status == OnHold) && target != o.s.Stage {
		if err := o.pass("", target, stage.NoEnd, override, at); err != nil {
			o.rules.Version = old
			return err
		}
	}
	o.do(&migrated{Process: process, Version: versionID, From: o.s.Stage, Stage: target, Probability: st.Probability, Category: st.Category}, at)
	return nil
}

