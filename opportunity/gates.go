package opportunity

import (
	"errors"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/stage"
)

// facts returns the facts that gates look at.
func (o *Opportunity) facts(target string, end stage.End, by string) stage.Facts {
	s := &o.s
	f := stage.Facts{
		ID: s.ID, Number: s.Number, Owner: s.Owner, Department: s.Department, Stage: s.Stage, Target: target, End: string(end),
		HasPrimaryContact: s.PrimaryContact != nil, Lines: s.Counts.Lines, Amount: s.Amount(), ExpectedClose: s.ExpectedClose,
		ActivitiesDone: s.Counts.DoneActivities.byKind(), QuoteAccepted: s.Counts.AcceptedQuotes > 0, Requester: by, Attributes: cloneMap(s.Attributes),
	}
	f.Documents = maps.Clone(s.Counts.DocumentKinds)
	if len(s.Counts.Scores) > 0 {
		f.Evaluations = make(map[string]decimal.Decimal, len(s.Counts.Scores))
	}
	for code, score := range s.Counts.Scores {
		f.Evaluations[code] = decimal.New(int64(score), -2)
	}
	for _, t := range s.Ticks {
		f.Ticked = append(f.Ticked, t.Item)
	}
	for _, a := range s.Approvals {
		f.Approvals = append(f.Approvals, stage.Approval{Role: a.Role, By: a.By, At: a.At})
	}
	return f
}

// Unjudged is the error of a command that depends on gates of the host's own
// kinds, if Rules.Verdicts lacks the host's verdicts on them. The command changed
// nothing. Pass the verdicts to Judge and repeat the command.
type Unjudged struct {
	stage.Unjudged
	Customer uuid.UUID
	// Lines are the opportunity's lines, if LinesLoaded.
	Lines       []Line
	LinesLoaded bool
}

// Judge sets the host's verdicts on gates of its own kinds, in place of earlier
// ones.
func (o *Opportunity) Judge(v stage.Verdicts) { o.rules.Verdicts = v }

// pass refuses unmet gates, all listed (P07, P08), unless they are overridden
// with a reason. It returns the reason used; empty if nothing had to be
// overridden. The engine checks that the actor may override. A required approval
// also covers the override: nobody can override another person's consent to their
// own request (J10).
func (o *Opportunity) pass(from, to string, end stage.End, override string, at journal.Moment) (used string, err error) {
	return o.through(o.rules.Version.GatesFor(from, to, end), to, end, override, at)
}

// through is pass for the given gates.
func (o *Opportunity) through(gates []stage.Gate, to string, end stage.End, override string, at journal.Moment) (used string, err error) {
	if len(gates) == 0 {
		return "", nil
	}
	facts := o.facts(to, end, at.By)
	unmet, err := stage.Unmet(gates, facts, o.rules.Verdicts)
	var open *stage.Unjudged
	if errors.As(err, &open) {
		return "", &Unjudged{*open, o.s.Customer, slices.Clone(o.s.Lines), o.s.Loaded&PartLines != 0}
	}
	if err != nil || len(unmet) == 0 {
		return "", err
	}
	if override == "" {
		return "", fault.NotAllowed("opportunity.gates", "conditions of the process aren't met", unmet...)
	}
	approvals := slices.DeleteFunc(slices.Clone(gates), func(g stage.Gate) bool { return g.Kind != stage.GateApproval })
	if unmet, err = stage.Unmet(approvals, facts, nil); err != nil {
		return "", err
	}
	if len(unmet) > 0 {
		return "", fault.NotAllowed("opportunity.gates.approval", "an override needs the approval of somebody else too", unmet...)
	}
	return override, nil
}
