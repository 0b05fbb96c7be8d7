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

// BlobKey names a blob: whose it is, and the id of the document that it is the
// content of.
type BlobKey struct {
	Tenant string
	ID     uuid.UUID
}

// Blob is what a blob holds: how many bytes, and their SHA-256.
type Blob struct {
	Size int64
	Hash [sha256.Size]byte
}

// Stored is a blob as List finds it.
type Stored struct {
	ID uuid.UUID
	// Put is when it was stored, to a second at least.
	Put time.Time
}

// Blobs keeps the contents of documents (R03), beside the database and outside of
// its transactions: a blob is put before the row that names it, so that a
// transaction that is rolled back leaves an orphan, never a row without content.
// Methods are safe for concurrent use. Keys are compared by byte, per tenant.
// Errors that aren't named are storage errors (fault.ErrInternal and kin).
type Blobs interface {
	// Put reads content to its end and stores it, whole or not at all: whatever ends
	// it before (an error or a panic of content, the context, a crash) leaves
	// nothing under the key. at is when it is stored. What the content's Read
	// returned, but io.EOF, is returned so that errors.Is finds it.
	// Errors: ErrDuplicate ("blob.exists") if the key is there, which stays as it
	// is (of two at the same time one may replace the other, whole); ErrCancelled.
	Put(ctx context.Context, key BlobKey, at time.Time, content io.Reader) (Blob, error)
	// Open gives the content, to be closed. Reading it fails with ErrCorrupt
	// ("blob.corrupt") in place of io.EOF, or before, if it isn't what want says.
	// Errors: ErrNotFound ("blob.not_found").
	Open(ctx context.Context, key BlobKey, want Blob) (io.ReadCloser, error)
	// Delete removes a blob; one that isn't there is gone already.
	Delete(ctx context.Context, key BlobKey) error
	// List calls fn for each blob of a tenant that was put before a time, in any
	// order, until fn fails; then it returns fn's error. fn may delete blobs. What
	// a Put that was interrupted left behind before that time is removed.
	List(ctx context.Context, tenant string, before time.Time, fn func(Stored) error) error
}

// Verified gives a reader of content that fails with ErrCorrupt ("blob.corrupt")
// if it isn't what want says: at the latest in place of io.EOF.
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

// Copy copies content to w and gives what it was: for those who implement Blobs.
// It stops when the context ends. Errors: ErrCancelled; what content and w
// return.
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
