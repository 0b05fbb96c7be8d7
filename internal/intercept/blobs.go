package intercept

import (
	"context"
	"io"
	"time"

	"github.com/pursuit-crm/pursuit/storage"
)

// Blobs keeps contents, and asks as Store does.
type Blobs struct {
	Blobs storage.Blobs
	Ask   *Store
}

// Put stores a content, unless Ask says otherwise.
func (o Blobs) Put(ctx context.Context, key storage.BlobKey, at time.Time, content io.Reader) (storage.Blob, error) {
	return call(ctx, o.Ask, "blobs.put", func() (storage.Blob, error) { return o.Blobs.Put(ctx, key, at, content) })
}

// Open gives a content, unless Ask says otherwise.
func (o Blobs) Open(ctx context.Context, key storage.BlobKey, want storage.Blob) (io.ReadCloser, error) {
	return call(ctx, o.Ask, "blobs.open", func() (io.ReadCloser, error) { return o.Blobs.Open(ctx, key, want) })
}

// Delete removes a content, unless Ask says otherwise.
func (o Blobs) Delete(ctx context.Context, key storage.BlobKey) error {
	return do(ctx, o.Ask, "blobs.delete", func() error { return o.Blobs.Delete(ctx, key) })
}

// List lists contents, unless Ask says otherwise.
func (o Blobs) List(ctx context.Context, tenant string, before time.Time, fn func(storage.Stored) error) error {
	return do(ctx, o.Ask, "blobs.list", func() error { return o.Blobs.List(ctx, tenant, before, fn) })
}
