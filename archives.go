package pursuit

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/storage"
)

var zeroTime time.Time

// Archives manages sources, competitors, reasons and the other archives (C1, C3,
// C4; A01–A05). Errors common to all methods are those of [Opportunities].
type Archives struct{ handle }

// Archives returns the handle of archives.
func (s *Session) Archives() Archives { return Archives{handle{s}} }

// Create adds an entry. Errors: ErrInvalid, ErrDuplicate for a code that the kind
// already has.
func (h Archives) Create(ctx context.Context, in archive.CreateInput, opts ...CallOption) (Result, error) {
	s := h.s()
	return s.do(ctx, "archive.create", uuid.Nil, in, opts, func(ctx context.Context, c *command) (Result, error) {
		if err := s.allow(ctx, access.ArchiveCreate, access.Subject{Kind: string(in.Kind)}); err != nil {
			return Result{}, err
		}
		if err := c.expect(0, "archive.changed"); err != nil {
			return Result{}, err
		}
		at, err := c.firstMoment(ctx)
		if err != nil {
			return Result{}, err
		}
		a, err := archive.New(c.id(), s.actor.Tenant, in, at)
		if err != nil {
			return Result{}, err
		}
		res := Result{ID: a.Entry.ID, Version: 1}
		return res, c.saveArchive(ctx, a, res)
	})
}

func (c *command) saveArchive(ctx context.Context, a *archive.Aggregate, res Result) error {
	ch, err := a.Change(c.s.eng.newID)
	if err != nil {
		return err
	}
	if err := c.tx.Archives().Save(ctx, ch); err != nil {
		return err
	}
	return c.finish(ctx, res)
}

func (h Archives) change(ctx context.Context, name string, action access.Action, id uuid.UUID, input any, opts []CallOption,
	f func(ctx context.Context, c *command, a *archive.Aggregate, at journal.Moment) error,
) (Result, error) {
	s := h.s()
	res, err := s.do(ctx, name, id, input, opts, func(ctx context.Context, c *command) (Result, error) {
		rec, err := c.tx.Archives().Get(ctx, s.actor.Tenant, id)
		if err != nil {
			return Result{}, err
		}
		if err := s.allow(ctx, action, access.Subject{ID: id, Kind: string(rec.Entry.Kind)}); err != nil {
			return Result{}, err
		}
		if err := c.expect(rec.Entry.Version, "archive.changed"); err != nil {
			return Result{}, err
		}
		a := archive.Open(rec)
		if err := f(ctx, c, a, c.moment(zeroTime, rec.Entry.Updated)); err != nil {
			return Result{}, err
		}
		res := Result{ID: id, Version: rec.Entry.Version + 1}
		return res, c.saveArchive(ctx, a, res)
	})
	return res, err
}

// Update changes an entry's names and properties; nil fields stay as they are, and
// so do kind and code. Errors: ErrInvalid.
func (h Archives) Update(ctx context.Context, id uuid.UUID, in archive.UpdateInput, opts ...CallOption) (Result, error) {
	return h.change(ctx, "archive.update", access.ArchiveUpdate, id, in, opts,
		func(_ context.Context, _ *command, a *archive.Aggregate, at journal.Moment) error {
			return a.Update(in, at)
		})
}

// Retire removes an entry from future choices (A02). Errors: ErrNotAllowed if it
// is retired.
func (h Archives) Retire(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.change(ctx, "archive.retire", access.ArchiveRetire, id, nil, opts,
		func(_ context.Context, _ *command, a *archive.Aggregate, at journal.Moment) error {
			return a.Retire(at)
		})
}

// Activate makes a retired entry available again. Errors: ErrNotAllowed if it is
// active.
func (h Archives) Activate(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.change(ctx, "archive.activate", access.ArchiveActivate, id, nil, opts,
		func(_ context.Context, _ *command, a *archive.Aggregate, at journal.Moment) error {
			return a.Activate(at)
		})
}

// Delete removes an entry that was never used (A04). Errors: ErrInUse.
func (h Archives) Delete(ctx context.Context, id uuid.UUID, opts ...CallOption) (Result, error) {
	return h.change(ctx, "archive.delete", access.ArchiveDelete, id, nil, opts,
		func(ctx context.Context, c *command, a *archive.Aggregate, at journal.Moment) error {
			used, err := c.tx.Archives().Used(ctx, h.s().actor.Tenant, id)
			if err != nil {
				return err
			}
			return a.Delete(used, at)
		})
}

// ByCode returns the entry of a kind with a code, even if retired. Errors:
// ErrInvalid, ErrNotFound.
func (h Archives) ByCode(ctx context.Context, kind archive.Kind, code string) (archive.Entry, error) {
	var f fault.Fields
	if !kind.Valid() {
		f.Add("/kind", "unknown", "isn't a kind of archive entries")
	}
	text.Code(&f, "/code", code, 1)
	if err := f.Invalid("archive.code.invalid"); err != nil {
		return archive.Entry{}, err
	}
	var out archive.Entry
	err := h.s().view(ctx, "archives.by_code", func(ctx context.Context, tx storage.Tx) error {
		list, err := tx.Archives().Coded(ctx, h.s().actor.Tenant, kind, []string{code})
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return fault.NotFound("archive.not_found")
		}
		out = list[0]
		return h.s().allow(ctx, access.ArchiveRead, access.Subject{ID: out.ID, Kind: string(kind)})
	})
	if err != nil {
		return archive.Entry{}, err
	}
	return out, nil
}

// Get returns an entry, even if retired. Errors: ErrNotFound.
func (h Archives) Get(ctx context.Context, id uuid.UUID) (archive.Entry, error) {
	var rec archive.Record
	err := h.s().view(ctx, "archives.get", func(ctx context.Context, tx storage.Tx) (err error) {
		if rec, err = tx.Archives().Get(ctx, h.s().actor.Tenant, id); err != nil {
			return err
		}
		return h.s().allow(ctx, access.ArchiveRead, access.Subject{ID: id, Kind: string(rec.Entry.Kind)})
	})
	if err != nil {
		return archive.Entry{}, err
	}
	return rec.Entry, nil
}
