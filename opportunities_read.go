package pursuit

import (
	"cmp"
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// Get returns an opportunity with the requested parts. Errors: ErrNotFound, also
// if the actor may not see it.
func (h Opportunities) Get(ctx context.Context, id uuid.UUID, parts opportunity.Parts) (opportunity.Snapshot, error) {
	var out opportunity.Snapshot
	err := h.s().view(ctx, "opportunities.get", func(ctx context.Context, tx storage.Tx) error {
		rec, err := h.s().read(ctx, tx, id, parts, access.OpportunityRead)
		out = rec.Snapshot
		return err
	})
	if err != nil {
		return opportunity.Snapshot{}, err
	}
	return out, nil
}

func (s *Session) read(ctx context.Context, tx storage.Tx, id uuid.UUID, parts opportunity.Parts, action access.Action) (opportunity.Record, error) {
	return s.readWith(ctx, tx, id, opportunity.Load{Parts: parts & opportunity.AllParts}, action)
}

func (s *Session) readWith(ctx context.Context, tx storage.Tx, id uuid.UUID, load opportunity.Load, action access.Action) (opportunity.Record, error) {
	rec, err := tx.Opportunities().Get(ctx, s.actor.Tenant, id, s.asking(load))
	if err != nil {
		return opportunity.Record{}, err
	}
	if err := s.allow(ctx, action, subject(&rec)); err != nil {
		return opportunity.Record{}, hidden(err, "opportunity.not_found")
	}
	return rec, nil
}

// ByNumber returns an opportunity by its number. Errors as for Get.
func (h Opportunities) ByNumber(ctx context.Context, number string, parts opportunity.Parts) (opportunity.Snapshot, error) {
	if err := numberOf(number, "opportunity.number.invalid"); err != nil {
		return opportunity.Snapshot{}, err
	}
	var out opportunity.Snapshot
	err := h.s().view(ctx, "opportunities.by_number", func(ctx context.Context, tx storage.Tx) error {
		id, err := tx.Opportunities().ByNumber(ctx, h.s().actor.Tenant, number)
		if err != nil {
			return err
		}
		rec, err := h.s().read(ctx, tx, id, parts, access.OpportunityRead)
		out = rec.Snapshot
		return err
	})
	if err != nil {
		return opportunity.Snapshot{}, err
	}
	return out, nil
}

// History returns the ledger of an opportunity: the values that figures use, with
// their times, and the summaries of stages' work 商机进程 (O04). For a deleted
// opportunity, the right depends on its last department and owner. Errors as for
// Get.
func (h Opportunities) History(ctx context.Context, id uuid.UUID) ([]opportunity.LedgerRow, error) {
	var out []opportunity.LedgerRow
	err := h.s().view(ctx, "opportunities.history", func(ctx context.Context, tx storage.Tx) error {
		_, there := h.s().read(ctx, tx, id, 0, access.OpportunityRead)
		if there != nil && !errors.Is(there, fault.ErrNotFound) {
			return there
		}
		rows, err := tx.Opportunities().Ledger(ctx, h.s().actor.Tenant, id)
		if err == nil && there != nil {
			on, was := lastSubject(rows)
			if !was {
				return there
			}
			err = hidden(h.s().allow(ctx, access.OpportunityRead, on), "opportunity.not_found")
		}
		if err == nil {
			out = rows
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// lastSubject returns the subject of a deleted opportunity from its last row in
// the ledger; the last row of an existing one has no end.
func lastSubject(rows []opportunity.LedgerRow) (access.Subject, bool) {
	if len(rows) == 0 || rows[len(rows)-1].EffectiveTo.IsZero() {
		return access.Subject{}, false
	}
	last := &rows[len(rows)-1]
	return access.Subject{ID: last.Opportunity, Department: last.Department, Owner: last.Owner}, true
}

// Journal returns the verified journal of an opportunity (J06). For a deleted
// opportunity, the right depends on its last department and owner: with
// access.Default, administrators, its manager and its owner have it. Errors as
// for Get; ErrForbidden; ErrCorrupt if the journal was tampered with.
func (h Opportunities) Journal(ctx context.Context, id uuid.UUID) ([]journal.Entry, error) {
	var out []journal.Entry
	err := h.s().view(ctx, "opportunities.journal", func(ctx context.Context, tx storage.Tx) error {
		rec, err := h.s().read(ctx, tx, id, 0, access.JournalRead)
		if errors.Is(err, fault.ErrNotFound) {
			rows, failed := tx.Opportunities().Ledger(ctx, h.s().actor.Tenant, id)
			on, was := lastSubject(rows)
			if failed != nil || !was {
				return cmp.Or(failed, err)
			}
			out, err = h.s().deleted(ctx, tx, journal.KindOpportunity, id, "opportunity.not_found", func([]journal.Entry) access.Subject { return on })
			return err
		}
		if err != nil {
			return err
		}
		out, err = h.s().chain(ctx, tx, journal.KindOpportunity, id, rec.Snapshot.Head)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
