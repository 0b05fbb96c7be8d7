package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// View is an opportunity as clients see it: its root, the parts, and the amount. What
// only stores need is left out: the ledger mark, the end of the journal chain, and
// which parts are loaded.
type View struct {
	Snapshot
	// Amount is the one that figures count (O06, O16), see Root.Amount.
	Amount money.Money `json:"amount"`
}

// ViewOf returns the view of a snapshot. For a root from a list it is
// ViewOf(Snapshot{Root: r}).
func ViewOf(s Snapshot) View {
	s.Loaded, s.Ledger, s.Head = 0, LedgerMark{}, journal.Head{}
	return View{Snapshot: s, Amount: s.Amount()}
}

// ArchiveEntries returns the ids of the archive entries that the root and the loaded
// parts refer to, in no order, some more than once.
func (s Snapshot) ArchiveEntries() []uuid.UUID {
	var ids []uuid.UUID
	add := func(id uuid.UUID) {
		if id != uuid.Nil {
			ids = append(ids, id)
		}
	}
	outcome := func(o *Outcome) {
		for _, r := range o.Reasons {
			add(r.Reason)
		}
		add(o.Competitor)
	}
	add(s.Source)
	if s.Outcome != nil {
		outcome(s.Outcome)
	}
	for i := range s.Cycles {
		outcome(&s.Cycles[i].Outcome)
	}
	for _, c := range s.Competitors {
		add(c.Competitor)
	}
	for i := range s.Expenses {
		add(s.Expenses[i].Category)
	}
	for i := range s.Documents {
		add(s.Documents[i].Kind)
	}
	for i := range s.Evaluations {
		add(s.Evaluations[i].Scorecard)
	}
	return ids
}
