package pursuit

import (
	"crypto/sha256"
	"errors"
	"hash"
	"io"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

func noBlobs() error {
	return fault.NotAllowed("document.blobs.none", "the engine has no content store")
}

// blobs calls the host's content store. Its panics and foreign errors become
// ErrHost.
func blobs[T any](f func() (T, error)) (v T, err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case hostPanic:
			panic(p) // from another callback
		default:
			err = fault.New(fault.ErrHost, "document.blobs.panic", "the content store panicked")
		}
	}()
	v, err = f()
	var typed *fault.Error
	if err != nil && !errors.As(err, &typed) {
		err = fault.Wrap(fault.ErrHost, "document.blobs.failed", "the content store failed", err)
	}
	return v, err
}

// intake reads a host's content for the store: it counts and hashes it, and
// enforces the limit.
type intake struct {
	r     io.Reader
	left  int64
	size  int64
	hash  hash.Hash
	ended bool
	empty int
	// failed is the reason that reading ended early, whatever error the store
	// makes of it.
	failed error
}

// maxEmpty is the most consecutive empty reads.
const maxEmpty = 100

func newIntake(r io.Reader, limit int64) *intake {
	return &intake{r: r, left: limit, hash: sha256.New()}
}

func (i *intake) Read(p []byte) (n int, err error) {
	if i.failed != nil {
		return 0, i.failed
	}
	if i.ended {
		return 0, io.EOF
	}
	defer func() {
		if recover() != nil {
			i.failed = fault.New(fault.ErrHost, "document.content.panic", "the content's reader panicked")
			n, err = 0, i.failed
		}
	}()
	n, err = i.r.Read(p)
	if n == 0 && err == nil && len(p) > 0 {
		i.empty++
	} else {
		i.empty = 0
	}
	switch {
	case n < 0 || n > len(p) || i.empty > maxEmpty:
		i.failed = fault.New(fault.ErrHost, "document.content.failed", "the content's reader is broken")
	case int64(n) > i.left:
		i.failed = fault.New(fault.ErrLimit, "document.too_large", "the content is larger than allowed")
	case err != nil && err != io.EOF:
		var typed *fault.Error
		if i.failed = err; !errors.As(err, &typed) {
			i.failed = fault.Wrap(fault.ErrHost, "document.content.failed", "the content can't be read", err)
		}
	}
	if i.failed != nil {
		return 0, i.failed
	}
	i.left -= int64(n)
	i.size += int64(n)
	i.hash.Write(p[:n])
	i.ended = err == io.EOF
	return n, err
}

// sum describes the content read, and reports whether it was complete.
func (i *intake) sum() (storage.Blob, bool) {
	return storage.Blob{Size: i.size, Hash: [sha256.Size]byte(i.hash.Sum(nil))}, i.ended
}

// calm is the host's content with its panics turned into errors.
type calm struct{ r io.ReadCloser }

func (c calm) Read(p []byte) (int, error) {
	end := false
	n, err := blobs(func() (int, error) {
		n, err := c.r.Read(p)
		if end = err == io.EOF; end {
			err = nil
		}
		return n, err
	})
	switch {
	case err == nil && (n < 0 || n > len(p)):
		return 0, fault.New(fault.ErrHost, "document.blobs.failed", "the store of contents is broken")
	case err == nil && end:
		err = io.EOF
	}
	return n, err
}

func (c calm) Close() error {
	_, err := blobs(func() (struct{}, error) { return struct{}{}, c.r.Close() })
	return err
}
