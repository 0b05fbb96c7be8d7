package integration

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

// kept counts the contents that are stored for the tenant.
func (w *tenant) kept() (n int) {
	w.t.Helper()
	require.NoError(w.t, w.blobs.List(w.ctx, w.called, w.now.AddDate(100, 0, 0), func(storage.Stored) error { n++; return nil }))
	return n
}

func (w *tenant) content(s *pursuit.Session, id, doc uuid.UUID) (string, error) {
	_, r, err := s.Documents().Open(w.ctx, id, doc)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(r)
	return string(b), errors.Join(err, r.Close())
}

func TestR03_Documents(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := deal(w)
		kind := w.entry(archive.CreateInput{Kind: archive.DocumentKind, Code: "contract"})
		docs := w.s.Documents()
		in := opportunity.AddDocumentInput{Name: "合同 \U0001F600.pdf", Kind: kind, MediaType: "application/pdf", SHA256: sum("hello"), Note: "signed"}
		r, err := docs.Add(w.ctx, id, in, strings.NewReader("hello"), pursuit.RequestID("k"))
		require.NoError(t, err)
		s := w.get(id)
		require.Equal(t, opportunity.Document{ID: r.Document, Name: in.Name, Kind: kind, KindCode: "contract", MediaType: "application/pdf", Size: 5,
			SHA256: sum("hello"), Stored: true, Note: "signed", Added: s.Updated, By: "ann"}, s.Documents[0])
		got, err := w.content(w.s, id, r.Document)
		require.NoError(t, err)
		require.Equal(t, "hello", got)

		t.Run("O13/a repeated one doesn't read the content", func(t *testing.T) {
			again, err := docs.Add(w.ctx, id, in, iotest.ErrReader(errors.New("not to be read")), pursuit.RequestID("k"))
			require.NoError(t, err)
			require.True(t, again.Repeated)
			require.Equal(t, r.Document, again.Document)
			require.Equal(t, 1, w.kept())
			_, err = docs.Add(w.ctx, id, opportunity.AddDocumentInput{Name: "other"}, strings.NewReader(""), pursuit.RequestID("k"))
			require.ErrorIs(t, err, fault.ErrRequestReused)
		})
		t.Run("A04/its kind is in use", func(t *testing.T) {
			_, err := w.s.Archives().Delete(w.ctx, kind)
			require.ErrorIs(t, err, fault.ErrInUse)
		})
		elsewhere, err := docs.Add(w.ctx, id, opportunity.AddDocumentInput{Name: "a", Location: "https://files.example/1"}, nil)
		require.NoError(t, err)
		_, err = w.content(w.s, id, elsewhere.Document)
		require.Equal(t, "document.elsewhere", fault.CodeOf(err))
		_, err = w.content(w.s, id, uuid.Nil)
		require.ErrorIs(t, err, fault.ErrNotFound)
		empty, err := docs.Add(w.ctx, id, opportunity.AddDocumentInput{Name: "empty"}, strings.NewReader(""))
		require.NoError(t, err)
		got, err = w.content(w.s, id, empty.Document)
		require.NoError(t, err)
		require.Empty(t, got)
		_, err = docs.Remove(w.ctx, id, r.Document)
		require.NoError(t, err)
		_, err = docs.Remove(w.ctx, id, r.Document)
		require.ErrorIs(t, err, fault.ErrNotFound)
		w.same(id)
		t.Run("R03/without a store of contents", func(t *testing.T) {
			eng, err := pursuit.New(w.store, &pursuit.Options{Clock: w.clock})
			require.NoError(t, err)
			bare := eng.As(w.s.Actor()).Documents()
			_, err = bare.Add(w.ctx, id, opportunity.AddDocumentInput{Name: "a"}, strings.NewReader("x"))
			require.Equal(t, "document.blobs.none", fault.CodeOf(err))
			require.ErrorIs(t, err, fault.ErrNotAllowed)
			_, _, err = bare.Open(w.ctx, id, empty.Document)
			require.ErrorIs(t, err, fault.ErrNotAllowed)
			_, err = bare.CleanUp(w.ctx, time.Hour)
			require.ErrorIs(t, err, fault.ErrNotAllowed)
			_, err = bare.Add(w.ctx, id, opportunity.AddDocumentInput{Name: "a", Location: "x"}, nil)
			require.NoError(t, err)
		})
	})
}

// panicky is a reader of the host's that panics.
type panicky struct{}

func (panicky) Read([]byte) (int, error) { panic("boom") }

// odd says that it read more than there is room for.
type odd struct{}

func (odd) Read(p []byte) (int, error) { return len(p) + 1, nil }

// idle never gives anything.
type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

// faulty is a store of contents with a bug.
type faulty struct {
	storage.Blobs
	put  func() (storage.Blob, error)
	open func() (io.ReadCloser, error)
}

func (f faulty) Put(ctx context.Context, key storage.BlobKey, at time.Time, content io.Reader) (storage.Blob, error) {
	if f.put != nil {
		return f.put()
	}
	return f.Blobs.Put(ctx, key, at, content)
}

func (f faulty) Open(ctx context.Context, key storage.BlobKey, want storage.Blob) (io.ReadCloser, error) {
	if f.open != nil {
		return f.open()
	}
	return f.Blobs.Open(ctx, key, want)
}

func TestR03_J08_NothingIsHalfWritten(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := deal(w)
		before := w.get(id)
		eng := func(b storage.Blobs) *pursuit.Session {
			eng, err := pursuit.New(w.store, &pursuit.Options{Clock: w.clock, Blobs: b, MaxDocument: 10})
			require.NoError(t, err)
			return eng.As(w.s.Actor())
		}
		boom := errors.New("boom")
		cancelled, cancel := context.WithCancel(w.ctx)
		in := opportunity.AddDocumentInput{Name: "a"}
		for name, x := range map[string]struct {
			ctx     context.Context
			blobs   storage.Blobs
			in      opportunity.AddDocumentInput
			content io.Reader
			kind    error
			code    string
			orphan  bool
		}{
			"failing reader":   {w.ctx, w.blobs, in, io.MultiReader(strings.NewReader("he"), iotest.ErrReader(boom)), boom, "document.content.failed", false},
			"panicking reader": {w.ctx, w.blobs, in, panicky{}, fault.ErrHost, "document.content.panic", false},
			"broken reader":    {w.ctx, w.blobs, in, odd{}, fault.ErrHost, "document.content.failed", false},
			"idle reader":      {w.ctx, w.blobs, in, idle{}, fault.ErrHost, "document.content.failed", false},
			"too large":        {w.ctx, w.blobs, in, strings.NewReader("hello world"), fault.ErrLimit, "document.too_large", false},
			"endless":          {w.ctx, w.blobs, in, endless{}, fault.ErrLimit, "document.too_large", false},
			"failing store":    {w.ctx, faulty{Blobs: w.blobs, put: func() (storage.Blob, error) { return storage.Blob{}, boom }}, in, strings.NewReader("x"), boom, "document.blobs.failed", false},
			"panicking store":  {w.ctx, faulty{Blobs: w.blobs, put: func() (storage.Blob, error) { panic("boom") }}, in, strings.NewReader("x"), fault.ErrHost, "document.blobs.panic", false},
			"forgetful store":  {w.ctx, faulty{Blobs: w.blobs, put: func() (storage.Blob, error) { return storage.Blob{}, nil }}, in, strings.NewReader("x"), fault.ErrHost, "document.blobs.differ", false},
			"cancelled midway": {cancelled, w.blobs, in, io.MultiReader(strings.NewReader("he"), stopping{cancel}), fault.ErrCancelled, "", false},
			"another hash":     {w.ctx, w.blobs, opportunity.AddDocumentInput{Name: "a", SHA256: sum("other")}, strings.NewReader("x"), fault.ErrInvalid, "opportunity.document.content", true},
			"a bad name":       {w.ctx, w.blobs, opportunity.AddDocumentInput{Name: "../a"}, panicky{}, fault.ErrInvalid, "opportunity.document.invalid", false},
			"both":             {w.ctx, w.blobs, opportunity.AddDocumentInput{Name: "a", Location: "x"}, panicky{}, fault.ErrInvalid, "opportunity.document.invalid", false},
			"a foreign kind":   {w.ctx, w.blobs, opportunity.AddDocumentInput{Name: "a", Kind: w.rival}, panicky{}, fault.ErrInvalid, "opportunity.document.invalid", false},
		} {
			n := w.kept()
			_, err := eng(x.blobs).Documents().Add(x.ctx, id, x.in, x.content)
			require.ErrorIs(t, err, x.kind, name)
			if x.code != "" {
				require.Equal(t, x.code, fault.CodeOf(err), name)
			}
			require.Equal(t, before, w.get(id), name)
			if x.orphan {
				n++
			}
			require.Equal(t, n, w.kept(), name)
		}
		_, err := eng(w.blobs).Documents().Add(w.ctx, id, in, strings.NewReader("0123456789")) // just what is allowed
		require.NoError(t, err)
		_, err = eng(w.blobs).Documents().Add(w.ctx, id, in, panicky{}, pursuit.IfVersion(1))
		require.ErrorIs(t, err, fault.ErrConflict, "O11: before the content is read")
		stranger := w.eng.As(pursuit.Actor{Tenant: "acme", User: "eve"})
		_, err = stranger.Documents().Add(w.ctx, id, in, panicky{})
		require.Error(t, err)
		require.NotErrorIs(t, err, fault.ErrHost, "J01: the policy comes first")
	})
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// stopping ends a context while it is read.
type stopping struct{ cancel func() }

func (s stopping) Read(p []byte) (int, error) {
	s.cancel()
	return copy(p, "x"), nil
}

func TestR03_AlteredContentIsFound(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := withDocument(w)
		for content, code := range map[string]string{"hellO": "blob.corrupt", "hell": "blob.corrupt", "hello!": "blob.corrupt", "": "blob.corrupt"} {
			b := faulty{Blobs: w.blobs, open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
			eng, err := pursuit.New(w.store, &pursuit.Options{Clock: w.clock, Blobs: b})
			require.NoError(t, err)
			_, err = w.content(eng.As(w.s.Actor()), id, w.part)
			require.ErrorIs(t, err, fault.ErrCorrupt)
			require.Equal(t, code, fault.CodeOf(err))
		}
		b := faulty{Blobs: w.blobs, open: func() (io.ReadCloser, error) { return io.NopCloser(panicky{}), nil }}
		eng, err := pursuit.New(w.store, &pursuit.Options{Clock: w.clock, Blobs: b})
		require.NoError(t, err)
		_, err = w.content(eng.As(w.s.Actor()), id, w.part)
		require.ErrorIs(t, err, fault.ErrHost)
		require.NoError(t, w.blobs.Delete(w.ctx, storage.BlobKey{Tenant: "acme", ID: w.part}))
		_, err = w.content(w.s, id, w.part)
		require.Equal(t, "document.content.missing", fault.CodeOf(err))
	})
}

func TestR03_OrphansAreCleanedUp(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := withDocument(w)
		kept := w.part
		docs := w.s.Documents()
		add := func(s *pursuit.Session) {
			_, err := s.Documents().Add(w.ctx, id, opportunity.AddDocumentInput{Name: "b"}, strings.NewReader("b"))
			require.NoError(t, err)
		}
		// A batch and a host's transaction that are rolled back leave orphans only.
		version := w.get(id).Version
		require.Error(t, w.s.Batch(w.ctx, func(_ context.Context, b *pursuit.Session) error {
			add(b)
			_, err := b.Documents().CleanUp(w.ctx, time.Hour)
			require.ErrorIs(t, err, fault.ErrNotAllowed)
			return errors.New("no")
		}))
		tx := w.host()
		inside := w.eng.In(tx.bound).As(w.s.Actor())
		add(inside)
		_, err := inside.Documents().CleanUp(w.ctx, time.Hour)
		require.ErrorIs(t, err, fault.ErrNotAllowed)
		require.NoError(t, tx.rollback())
		require.Equal(t, version, w.get(id).Version)
		require.Equal(t, 3, w.kept())
		// So do removed documents, and those of deleted opportunities.
		r, err := docs.Add(w.ctx, id, opportunity.AddDocumentInput{Name: "c"}, strings.NewReader("c"))
		require.NoError(t, err)
		_, err = docs.Remove(w.ctx, id, r.Document)
		require.NoError(t, err)
		gone := withDocument(w)
		_, err = w.s.Opportunities().Delete(w.ctx, gone, opportunity.DeleteInput{Reason: "a typo"})
		require.NoError(t, err)
		require.Equal(t, 5, w.kept())

		_, err = docs.CleanUp(w.ctx, time.Hour-1)
		require.ErrorIs(t, err, fault.ErrInvalid)
		n, err := docs.CleanUp(w.ctx, time.Hour)
		require.NoError(t, err)
		require.Zero(t, n, "they are young")
		w.mu.Lock()
		w.now = w.now.Add(2 * time.Hour)
		w.mu.Unlock()
		young, err := docs.Add(w.ctx, id, opportunity.AddDocumentInput{Name: "d"}, strings.NewReader("d"))
		require.NoError(t, err)
		_, err = docs.Remove(w.ctx, id, young.Document)
		require.NoError(t, err)
		evil, err := w.evil().Documents().CleanUp(w.ctx, time.Hour)
		require.NoError(t, err)
		require.Zero(t, evil, "J02: another tenant's")
		_, err = w.eng.As(pursuit.Actor{Tenant: "acme", User: "eve"}).Documents().CleanUp(w.ctx, time.Hour)
		require.ErrorIs(t, err, fault.ErrForbidden)
		n, err = docs.CleanUp(w.ctx, time.Hour)
		require.NoError(t, err)
		require.Equal(t, 4, n)
		require.Equal(t, 2, w.kept())
		got, err := w.content(w.s, id, kept)
		require.NoError(t, err)
		require.Equal(t, "hello", got)
	})
}
