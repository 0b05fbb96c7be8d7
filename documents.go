package pursuit

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// Documents works on opportunities' documents 文档 (R03). Opportunities.Get with
// opportunity.PartDocuments returns their details, and Open their contents.
// Errors common to all methods are those of [Opportunities].
type Documents struct{ handle }

// Documents returns the handle of documents.
func (s *Session) Documents() Documents { return Documents{handle{s}} }

// MinGrace is the shortest grace period of CleanUp: no transaction may take
// longer from storing a content to its commit.
const MinGrace = time.Hour

// Add adds a document, Result.Document. With content nil, only in.Location is
// recorded. Otherwise content is read once, to its end, and stored in
// Options.Blobs before the document is written: if anything fails afterwards, the
// stored content is an orphan for CleanUp, and there is never a document without
// content. The policy is asked before content is read, and a RequestID used
// before returns its result without reading it. Errors: ErrInvalid (A02, R03;
// content that differs from in.Size or in.SHA256); ErrNotAllowed (O08;
// "document.blobs.none" for content without Options.Blobs); ErrLimit for too many
// documents, and ("document.too_large") for content above Options.MaxDocument;
// ErrHost if content or Blobs fails.
func (h Documents) Add(ctx context.Context, id uuid.UUID, in opportunity.AddDocumentInput, content io.Reader, opts ...CallOption) (Result, error) {
	s := h.s()
	w := what{name: "documents.add", action: access.OpportunityFollowUp, unruled: true}
	if in.Kind != uuid.Nil {
		w.archive = []uuid.UUID{in.Kind}
	}
	given, by := in, codes{}
	by.add(archive.DocumentKind, in.KindCode, "/kind_code", "/kind", &in.Kind)
	w.codes = &by
	if content == nil {
		return s.on(ctx, id, w, given, opts, func(_ context.Context, c *command, o *opportunity.Opportunity, at journal.Moment, res *Result) error {
			res.Document = c.id()
			return o.AddDocument(res.Document, in, nil, at)
		})
	}
	cl, err := calls(opts)
	if s.err != nil || err != nil {
		return Result{}, cmp.Or(s.err, err)
	}
	if s.eng.opts.Blobs == nil {
		return Result{}, noBlobs()
	}
	cmd := command{s: s, call: cl, name: w.name, input: given, target: id}
	first, err := h.welcome(ctx, id, w, &in, cmd)
	if err != nil || first != nil {
		if first != nil {
			return *first, nil
		}
		return Result{}, err
	}
	doc, stored, err := s.take(ctx, content)
	if err != nil {
		return Result{}, err
	}
	add := func(_ context.Context, _ *command, o *opportunity.Opportunity, at journal.Moment, res *Result) error {
		res.Document = doc
		return o.AddDocument(doc, in, &stored, at)
	}
	w.asked, cmd.looked = true, true
	return s.command(ctx, w.name, func(ctx context.Context) (Result, error) {
		return s.try(ctx, cmd, func(ctx context.Context, c *command) (Result, error) {
			first := w
			w.asked = false // another attempt asks the policy again (J01)
			return working(id, first, add)(ctx, c)
		})
	})
}

// welcome does the checks before content is read: it asks the policy, and checks
// whether the document would be accepted. It returns the first result of a used
// RequestID.
func (h Documents) welcome(ctx context.Context, id uuid.UUID, w what, in *opportunity.AddDocumentInput, cmd command) (first *Result, err error) {
	err = h.s().quietly(ctx, func(ctx context.Context, tx storage.Tx) error {
		c := cmd
		c.tx, c.now, first = tx, h.s().eng.now(), nil
		if err := future(c.call, c.now); err != nil {
			return err
		}
		if c.call.requested {
			if first, err = c.repeated(ctx); err != nil || first != nil {
				return err
			}
		}
		o, err := c.load(ctx, id, w)
		if err != nil {
			return err
		}
		snap := o.Snapshot()
		return w.codes.placed(o.CanAddDocument(*in, true, c.opportunityMoment(&snap)))
	})
	return first, err
}

// take stores content under a new id.
func (s *Session) take(ctx context.Context, content io.Reader) (doc uuid.UUID, stored opportunity.Content, err error) {
	defer rescue(&err)
	doc = s.eng.newID()
	in := newIntake(content, s.eng.opts.MaxDocument)
	key := storage.BlobKey{Tenant: s.actor.Tenant, ID: doc}
	got, err := blobs(func() (storage.Blob, error) { return s.eng.opts.Blobs.Put(s.calling(ctx), key, s.eng.now(), in) })
	switch want, whole := in.sum(); {
	case in.failed != nil:
		err = in.failed
	case err == nil && (!whole || got != want):
		err = fault.New(fault.ErrHost, "document.blobs.differ", "the stored bytes differ from the content")
	}
	return doc, opportunity.Content{Size: got.Size, SHA256: hex.EncodeToString(got.Hash[:])}, err
}

// Remove removes a document from the opportunity. Its content becomes an orphan,
// which CleanUp removes. Errors: ErrNotFound, ErrNotAllowed (O08).
func (h Documents) Remove(ctx context.Context, id, document uuid.UUID, opts ...CallOption) (Result, error) {
	w := what{name: "documents.remove", action: access.OpportunityFollowUp, unruled: true, parts: opportunity.PartDocuments}
	return h.s().on(ctx, id, w, document, opts,
		simple(func(o *opportunity.Opportunity, at journal.Moment) error { return o.RemoveDocument(document, at) }))
}

// Open returns a document and its content; the caller closes the content. Reading
// it to its end checks size and hash: ErrCorrupt ("blob.corrupt") comes in place
// of io.EOF, so don't trust the bytes until then. Errors: ErrNotFound;
// ErrNotAllowed ("document.elsewhere") if the content is stored elsewhere, or
// ("document.blobs.none") without Options.Blobs; ErrCorrupt
// ("document.content.missing") if it is lost; ErrHost.
func (h Documents) Open(ctx context.Context, id, document uuid.UUID) (opportunity.Document, io.ReadCloser, error) {
	var d opportunity.Document
	err := h.s().view(ctx, "documents.open", func(ctx context.Context, tx storage.Tx) error {
		rec, err := h.s().read(ctx, tx, id, opportunity.PartDocuments, access.OpportunityRead)
		if err != nil {
			return err
		}
		for _, x := range rec.Snapshot.Documents {
			if x.ID == document {
				d = x
				return nil
			}
		}
		return fault.NotFound("opportunity.document.not_found")
	})
	switch {
	case err != nil:
		return opportunity.Document{}, nil, err
	case !d.Stored:
		return opportunity.Document{}, nil, fault.NotAllowed("document.elsewhere", "the content is stored elsewhere")
	case h.s().eng.opts.Blobs == nil:
		return opportunity.Document{}, nil, noBlobs()
	}
	want := storage.Blob{Size: d.Size}
	if n, err := hex.Decode(want.Hash[:], []byte(d.SHA256)); err != nil || n != len(want.Hash) {
		return opportunity.Document{}, nil, fault.New(fault.ErrCorrupt, "document.corrupt", "a stored document's hash can't be read")
	}
	content, err := blobs(func() (io.ReadCloser, error) {
		return h.s().eng.opts.Blobs.Open(h.s().calling(ctx), storage.BlobKey{Tenant: h.s().actor.Tenant, ID: d.ID}, want)
	})
	if errors.Is(err, fault.ErrNotFound) {
		err = fault.New(fault.ErrCorrupt, "document.content.missing", "the document's content is gone")
	}
	if err != nil {
		return opportunity.Document{}, nil, err
	}
	return d, storage.Verified(calm{content}, want), nil
}

// CleanUp removes contents that no document of the actor's tenant refers to and
// that were stored more than grace ago, at least MinGrace: leftovers of failed or
// rolled-back commands, of removed documents and of deleted opportunities. It
// returns the number removed. A host calls it at intervals; it isn't a command,
// and adds no entry to the journal. Errors: ErrInvalid for too short a grace
// period; ErrNotAllowed without Options.Blobs, and inside a transaction of the
// host or a batch, because a removed document may yet be rolled back;
// ErrForbidden; ErrHost.
func (h Documents) CleanUp(ctx context.Context, grace time.Duration) (removed int, err error) {
	s := h.s()
	if s.err != nil {
		return 0, s.err
	}
	defer rescue(&err)
	if err := s.allow(ctx, access.DocumentCleanUp, access.Subject{}); err != nil {
		return 0, err
	}
	switch {
	case grace < MinGrace:
		return 0, fault.Invalid("document.clean_up.invalid", fault.Field{Path: "/grace", Code: "too_short", Message: "must be an hour at least"})
	case s.eng.opts.Blobs == nil:
		return 0, noBlobs()
	case s.eng.bound || s.tx != nil:
		return 0, fault.NotAllowed("document.clean_up.transaction", "must be outside of transactions")
	}
	const most = 500
	var ids []uuid.UUID
	sweep := func() error {
		n, err := s.sweep(ctx, ids)
		removed, ids = removed+n, ids[:0]
		return err
	}
	_, err = blobs(func() (struct{}, error) {
		return struct{}{}, s.eng.opts.Blobs.List(s.calling(ctx), s.actor.Tenant, s.eng.now().Add(-grace), func(x storage.Stored) error {
			if ids = append(ids, x.ID); len(ids) == most {
				return sweep()
			}
			return nil
		})
	})
	if err == nil {
		err = sweep()
	}
	return removed, err
}

// sweep removes the given contents that no document refers to.
func (s *Session) sweep(ctx context.Context, ids []uuid.UUID) (removed int, err error) {
	if len(ids) == 0 {
		return 0, nil
	}
	named := map[uuid.UUID]bool{}
	err = s.view(ctx, "documents.clean_up", func(ctx context.Context, tx storage.Tx) error {
		list, err := tx.Opportunities().StoredDocuments(ctx, s.actor.Tenant, ids)
		for _, id := range list {
			named[id] = true
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if named[id] {
			continue
		}
		_, err := blobs(func() (struct{}, error) {
			return struct{}{}, s.eng.opts.Blobs.Delete(s.calling(ctx), storage.BlobKey{Tenant: s.actor.Tenant, ID: id})
		})
		if err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}
