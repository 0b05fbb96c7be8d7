package storage

import (
	"context"
	"crypto/sha256"
	"hash"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
)

// BlobKey identifies a blob: its tenant, and the id of the document whose content
// it is.
type BlobKey struct {
	Tenant string
	ID     uuid.UUID
}

// Blob describes a blob's content: its size in bytes and its SHA-256.
type Blob struct {
	Size int64
	Hash [sha256.Size]byte
}

// Stored is a blob as List returns it.
type Stored struct {
	ID uuid.UUID
	// Put is when it was stored, accurate to at least a second.
	Put time.Time
}

// Blobs stores the contents of documents (R03), beside the database and outside
// its transactions. A blob is put before the row that names it, so a rolled-back
// transaction leaves an orphan, never a row without content. Methods are safe for
// concurrent use. Keys are compared byte by byte, per tenant. Errors not named
// here are storage errors (such as fault.ErrInternal).
type Blobs interface {
	// Put reads content to its end and stores it, whole or not at all: if
	// anything ends it early (an error or a panic of content, the context, a
	// crash), nothing remains under the key. at is the storing time. Put returns
	// an error of content's Read, other than io.EOF, so that errors.Is finds it.
	// Errors: ErrDuplicate ("blob.exists") if the key exists, whose content stays
	// unchanged (of two concurrent Puts, one may replace the other, whole);
	// ErrCancelled.
	Put(ctx context.Context, key BlobKey, at time.Time, content io.Reader) (Blob, error)
	// Open returns the content; the caller closes it. If it differs from want,
	// reading fails with ErrCorrupt ("blob.corrupt") in place of io.EOF, or
	// earlier. Errors: ErrNotFound ("blob.not_found").
	Open(ctx context.Context, key BlobKey, want Blob) (io.ReadCloser, error)
	// Delete removes a blob. Deleting a missing blob is no error.
	Delete(ctx context.Context, key BlobKey) error
	// List calls fn for each blob of a tenant that was put before a time, in any
	// order, until fn fails; then it returns fn's error. fn may delete blobs.
	// List also removes the remains of interrupted Puts from before that time.
	List(ctx context.Context, tenant string, before time.Time, fn func(Stored) error) error
}

// Verified returns a reader of content that fails with ErrCorrupt
// ("blob.corrupt") if the content differs from want: in place of io.EOF at the
// latest.
func Verified(content io.ReadCloser, want Blob) io.ReadCloser {
	return &verified{ReadCloser: content, want: want, sum: sha256.New()}
}

type verified struct {
	io.ReadCloser
	want Blob
	sum  hash.Hash
	n    int64
	err  error
}

func (v *verified) Read(p []byte) (int, error) {
	if v.err != nil {
		return 0, v.err
	}
	n, err := v.ReadCloser.Read(p)
	v.n += int64(n)
	v.sum.Write(p[:n])
	switch {
	case v.n > v.want.Size:
		n, err = 0, corruptBlob()
	case err == io.EOF && (v.n != v.want.Size || [sha256.Size]byte(v.sum.Sum(nil)) != v.want.Hash):
		n, err = 0, corruptBlob()
	}
	v.err = err
	return n, err
}

func corruptBlob() error {
	return fault.New(fault.ErrCorrupt, "blob.corrupt", "stored content was altered")
}

// Copy copies content to w and describes it. It serves implementations of Blobs.
// It stops when the context ends. Errors: ErrCancelled; the errors of content and
// w.
func Copy(ctx context.Context, w io.Writer, content io.Reader) (Blob, error) {
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), lasting{ctx, content})
	return Blob{Size: n, Hash: [sha256.Size]byte(sum.Sum(nil))}, err
}

// lasting is a reader that ends with a context.
type lasting struct {
	ctx context.Context
	r   io.Reader
}

func (l lasting) Read(p []byte) (int, error) {
	if err := l.ctx.Err(); err != nil {
		return 0, fault.Wrap(fault.ErrCancelled, "storage.cancelled", "the context ended", err)
	}
	return l.r.Read(p)
}
