package reliability

import (
	"context"
	"io"
	"time"

	"github.com/pursuit-crm/pursuit/storage"
)

// hookedBlobs keeps contents, and asks as Hooked does.
type hookedBlobs struct {
	b storage.Blobs
	h *Hooked
}

func (o hookedBlobs) Put(ctx context.Context, key storage.BlobKey, at time.Time, content io.Reader) (storage.Blob, error) {
	return call(ctx, o.h, "blobs.put", func() (storage.Blob, error) { return o.b.Put(ctx, key, at, content) })
}

func (o hookedBlobs) Open(ctx context.Context, key storage.BlobKey, want storage.Blob) (io.ReadCloser, error) {
	return call(ctx, o.h, "blobs.open", func() (io.ReadCloser, error) { return o.b.Open(ctx, key, want) })
}

func (o hookedBlobs) Delete(ctx context.Context, key storage.BlobKey) error {
	return do(ctx, o.h, "blobs.delete", func() error { return o.b.Delete(ctx, key) })
}

func (o hookedBlobs) List(ctx context.Context, tenant string, before time.Time, fn func(storage.Stored) error) error {
	return do(ctx, o.h, "blobs.list", func() error { return o.b.List(ctx, tenant, before, fn) })
}
