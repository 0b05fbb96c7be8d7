package pursuit

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/storage"
)

// history reads and verifies the journal of what load finds, if the policy lets
// the actor read journals.
func (s *Session) history(ctx context.Context, kind journal.Kind, id uuid.UUID, notFound string,
	load func(ctx context.Context, tx storage.Tx) (journal.Head, access.Subject, error),
) ([]journal.Entry, error) {
	var out []journal.Entry
	err := s.view(ctx, func(ctx context.Context, tx storage.Tx) error {
		head, on, err := load(ctx, tx)
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

// Journal returns everything that happened to a customer and its contacts, after
// checking that the chain is whole (J06). Errors: ErrNotFound; ErrForbidden;
// ErrCorrupt if the journal was tampered with.
func (h Customers) Journal(ctx context.Context, id uuid.UUID) ([]journal.Entry, error) {
	return h.s.history(ctx, journal.KindCustomer, id, "customer.not_found", func(ctx context.Context, tx storage.Tx) (journal.Head, access.Subject, error) {
		rec, err := tx.Customers().Get(ctx, h.s.actor.Tenant, id, false)
		return rec.Head, customerSubject(&rec.Customer), err
	})
}

// Journal returns everything that happened to an entry, after checking that the
// chain is whole (J06). Errors: as Customers.Journal.
func (h Archives) Journal(ctx context.Context, id uuid.UUID) ([]journal.Entry, error) {
	return h.s.history(ctx, journal.KindArchive, id, "archive.not_found", func(ctx context.Context, tx storage.Tx) (journal.Head, access.Subject, error) {
		rec, err := tx.Archives().Get(ctx, h.s.actor.Tenant, id)
		return rec.Head, access.Subject{Kind: string(rec.Entry.Kind)}, err
	})
}

// Journal returns everything that happened to a process, after checking that the
// chain is whole (J06). Errors: as Customers.Journal.
func (h Processes) Journal(ctx context.Context, id uuid.UUID) ([]journal.Entry, error) {
	return h.s.history(ctx, journal.KindProcess, id, "process.not_found", func(ctx context.Context, tx storage.Tx) (journal.Head, access.Subject, error) {
		rec, err := tx.Processes().Get(ctx, h.s.actor.Tenant, id)
		return rec.Head, access.Subject{}, err
	})
}
