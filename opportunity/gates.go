package opportunity

import (
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/stage"
)

// facts are what gates look at.
func (o *Opportunity) facts(target string, end stage.End, by string) stage.Facts {
	s := &o.s
	f := stage.Facts{
		ID: s.ID, Number: s.Number, Owner: s.Owner, Department: s.Department, Stage: s.Stage, Target: target, End: string(end),
		HasPrimaryContact: s.PrimaryContact != nil, Lines: s.Counts.Lines, Amount: s.Amount(), ExpectedClose: s.ExpectedClose,
		QuoteAccepted: s.Counts.AcceptedQuotes > 0, Requester: by, Attributes: cloneMap(s.Attributes),
	}
	for _, t := range s.Ticks {
		f.Ticked = append(f.Ticked, t.Item)
	}
	for _, a := range s.Approvals {
		f.Approvals = append(f.Approvals, stage.Approval{Role: a.Role, By: a.By, At: a.At})
	}
	return f
}

// unmet lists the gates that aren't met on the way (P07, P08).
func (o *Opportunity) unmet(from, to string, end stage.End, at journal.Moment) ([]fault.Field, error) {
	gates := o.rules.Version.GatesFor(from, to, end)
	if len(gates) == 0 {
		return nil, nil
	}
	return stage.Unmet(gates, o.facts(to, end, at.By), o.rules.Kinds)
}

// pass refuses unmet gates unless they are overridden with a reason; whether
// the actor may override is the engine's question.
func (o *Opportunity) pass(from, to string, end stage.End, override string, at journal.Moment) error {
	unmet, err := o.unmet(from, to, end, at)
	if err != nil || len(unmet) == 0 || override != "" {
		return err
	}
	return fault.NotAllowed("opportunity.gates", "conditions of the process aren't met", unmet...)
}

