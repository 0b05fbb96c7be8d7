package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// Replay rebuilds an opportunity and its ledger from its whole journal (J05).
// deleted says whether its last event deleted it. It re-applies no rules, and
// doesn't check the chain: journal.Verify does. Errors: ErrCorrupt for no
// entries, for a journal that isn't one of a single opportunity from its first
// event on, and for payloads that can't be read.
func Replay(entries []journal.Entry) (s Snapshot, ledger []LedgerRow, deleted bool, err error) {
	for i := range entries {
		e := &entries[i]
		if e.Seq != int64(i)+1 || e.Aggregate != entries[0].Aggregate || e.Tenant != entries[0].Tenant ||
			(e.Type == EventRecorded) != (i == 0) || deleted {
			return Snapshot{}, nil, false, fault.New(fault.ErrCorrupt, "journal.order", "the journal isn't that of one opportunity from its beginning",
				fault.Field{Path: fault.Index("/entries", i), Code: "order", Message: "doesn't belong here"})
		}
		deleted = e.Type == EventDeleted
	}
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
		}
		gone := deleted && j == len(entries)
		last := &entries[j-1]
		s.ID, s.Tenant, s.Version = last.Aggregate, last.Tenant, last.Version
		s.Head = journal.Head{Seq: last.Seq, Hash: last.Hash}
		prior, next := book(&before, &s, n, last.Moment, last.Type, last.Seq, gone)
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
