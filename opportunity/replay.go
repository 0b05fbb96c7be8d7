package opportunity

import (
	"github.com/pursuit-crm/pursuit/journal"
)

// Replay rebuilds an opportunity and its ledger from its whole journal (J05).
// deleted reports whether its last event deleted it. It re-applies no rules, and
// doesn't check the chain; journal.Verify does. Errors: ErrCorrupt for an empty
// journal, for one that isn't a single opportunity's from its first event on, and
// for unreadable payloads.
func Replay(entries []journal.Entry) (s Snapshot, ledger []LedgerRow, deleted bool, err error) {
	var before Root
	var n note
	s, deleted, err = events.Replay(entries, func(s *Snapshot, i int, payload any) {
		last := &entries[i]
		n = n.after(payload)
		if i+1 < len(entries) && entries[i+1].Version == last.Version {
			return
		}
		prior, next := book(&before, s, n, last.Moment, last.Type, last.Seq, last.Type == EventDeleted)
		if prior != nil && len(ledger) > 0 {
			open := &ledger[len(ledger)-1]
			open.EffectiveTo, open.RecordedTo = prior.EffectiveTo, prior.RecordedTo
		}
		if next != nil {
			ledger = append(ledger, *next)
		}
		before, n = s.Root, note{}
	})
	if err != nil {
		return Snapshot{}, nil, false, err
	}
	return s, ledger, deleted, nil
}

// after returns the ledger's note on an event's stage work (O04).
func (n note) after(payload any) note {
	switch e := payload.(type) {
	case *MovedPayload:
		n = note{Advanced, e.From, e.Summary}
		if e.Back {
			n.progress = Returned
		}
	case *WonPayload:
		n = note{EndedWon, e.Outcome.Stage, e.Outcome.Summary}
	case *LostPayload:
		n = note{EndedLost, e.Outcome.Stage, e.Outcome.Summary}
	}
	return n
}
