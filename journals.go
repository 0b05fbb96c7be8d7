package pursuit

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// history reads and verifies the journal of the record that load finds, or of a
// deleted one, if the policy lets the actor read journals. whose returns the
// subject of a deleted record from its journal before the deletion.
func (s *Session) history(ctx context.Context, kind journal.Kind, id uuid.UUID, notFound string,
	load func(ctx context.Context, tx storage.Tx) (journal.Head, access.Subject, error), whose func([]journal.Entry) access.Subject,
) ([]journal.Entry, error) {
	var out []journal.Entry
	err := s.view(ctx, "journals.read", func(ctx context.Context, tx storage.Tx) error {
		head, on, err := load(ctx, tx)
		if errors.Is(err, fault.ErrNotFound) {
			out, err = s.deleted(ctx, tx, kind, id, notFound, whose)
			return err
		}
		if err != nil {
			return err
		}
		if err := s.allow(ctx, access.JournalRead, on); err != nil {
			return hidden(err, notFound)
		}
		out, err = s.chain(ctx, tx, kind, id, head)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// deletions are the events that end a journal.
var deletions = map[journal.Kind]string{
	journal.KindOpportunity: opportunity.EventDeleted, journal.KindCustomer: customer.EventDeleted,
	journal.KindArchive: archive.EventDeleted, journal.KindProcess: stage.EventDeleted,
}

// deleted reads and verifies the journal of a deleted record, if the policy lets
// the actor read journals of its last state. No head of such a journal is kept
// elsewhere, so it must end with the deletion.
func (s *Session) deleted(ctx context.Context, tx storage.Tx, kind journal.Kind, id uuid.UUID, notFound string,
	whose func(past []journal.Entry) access.Subject,
) ([]journal.Entry, error) {
	list, err := s.entries(ctx, tx, kind, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.NotFound(notFound)
	}
	last := &list[len(list)-1]
	on := whose(list[:len(list)-1])
	on.ID = id
	if err := s.allow(ctx, access.JournalRead, on); err != nil {
		return nil, hidden(err, notFound)
	}
	var head journal.Head
	if last.Type == deletions[kind] {
		head = journal.Head{Seq: last.Seq, Hash: last.Hash}
	}
	if err := journal.Verify(list, head); err != nil {
		return nil, err
	}
	return list, nil
}

// Journal returns the verified journal of a customer and its contacts (J06). For
// a deleted customer, the right depends on its last state. Errors: ErrNotFound;
// ErrForbidden; ErrCorrupt if the journal was tampered with.
func (h Customers) Journal(ctx context.Context, id uuid.UUID) ([]journal.Entry, error) {
	return h.s().history(ctx, journal.KindCustomer, id, "customer.not_found", func(ctx context.Context, tx storage.Tx) (journal.Head, access.Subject, error) {
		rec, err := tx.Customers().Get(ctx, h.s().actor.Tenant, id, false)
		return rec.Head, customerSubject(&rec.Customer), err
	}, lastCustomer)
}

// Journal returns the verified journal of an entry (J06). Errors as for
// Customers.Journal.
func (h Archives) Journal(ctx context.Context, id uuid.UUID) ([]journal.Entry, error) {
	return h.s().history(ctx, journal.KindArchive, id, "archive.not_found", func(ctx context.Context, tx storage.Tx) (journal.Head, access.Subject, error) {
		rec, err := tx.Archives().Get(ctx, h.s().actor.Tenant, id)
		return rec.Head, access.Subject{ID: id, Kind: string(rec.Entry.Kind)}, err
	}, lastEntry)
}

// Journal returns the verified journal of a process (J06). Errors as for
// Customers.Journal.
func (h Processes) Journal(ctx context.Context, id uuid.UUID) ([]journal.Entry, error) {
	return h.s().history(ctx, journal.KindProcess, id, "process.not_found", func(ctx context.Context, tx storage.Tx) (journal.Head, access.Subject, error) {
		rec, err := tx.Processes().Get(ctx, h.s().actor.Tenant, id)
		return rec.Head, processID(&rec), err
	}, func([]journal.Entry) access.Subject { return access.Subject{} })
}
