package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// Replay rebuilds an opportunity and its ledger from its whole journal (J05).
// deleted says whether its last event deleted it. Errors: ErrCorrupt.
func Replay(entries []journal.Entry) (s Snapshot, ledger []LedgerRow, deleted bool, err error) {
	for i := 0; i < len(entries); {
		before, n := s.Root, note{}
		j := i
		for ; j < len(entries) && entries[j].Version == entries[i].Version; j++ {
			ev, err := decode(&entries[j])
			if err != nil {
				return Snapshot{}, nil, false, err
			}
			ev.apply(&s, entries[j].Moment)
			touch(&s, entries[j].Moment)
			n = n.after(ev)
			_, gone := ev.(*deletedEvent)
			deleted = deleted || gone
		}
		last := &entries[j-1]
		s.ID, s.Tenant, s.Version = last.Aggregate, last.Tenant, last.Version
		s.Head = journal.Head{Seq: last.Seq, Hash: last.Hash}
		prior, next := book(&before, &s, n, last.Moment, last.Type, last.Seq, deleted)
		if prior != nil && len(ledger) > 0 {
			open := &ledger[len(ledger)-1]
			open.EffectiveTo, open.RecordedTo = prior.EffectiveTo, prior.RecordedTo
		}
		if next != nil {
			ledger = append(ledger, *next)
		}
		i = j
	}
	if s.ID == uuid.Nil {
		return Snapshot{}, nil, false, corruptJournal()
	}
	return s, ledger, deleted, nil
}

// after is what the ledger says about an event's stage work (O04).
func (n note) after(ev event) note {
	switch e := ev.(type) {
	case *moved:
		n = note{Advanced, e.From, e.Summary}
		if e.Back {
			n.progress = Returned
		}
	case *won:
		n = note{EndedWon, e.Outcome.Stage, e.Outcome.Summary}
	case *lost:
		n = note{EndedLost, e.Outcome.Stage, e.Outcome.Summary}
	}
	return n
}

func corruptJournal() error {
	return fault.New(fault.ErrCorrupt, "journal.empty", "there is no journal to replay")
}
