package memory

import (
	"bytes"
	"context"
	"io"
	"sync"
	"time"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// Blobs keeps contents of documents in memory; see storage.Blobs. Its zero value
// isn't ready: take NewBlobs.
type Blobs struct {
	mu   sync.Mutex
	kept map[storage.BlobKey]blob
}

type blob struct {
	content []byte
	put     time.Time
}

// NewBlobs makes an empty store of contents.
func NewBlobs() *Blobs { return &Blobs{kept: map[storage.BlobKey]blob{}} }

// Put stores content; see storage.Blobs.
func (b *Blobs) Put(ctx context.Context, key storage.BlobKey, at time.Time, content io.Reader) (storage.Blob, error) {
	if b.has(key) {
		return storage.Blob{}, duplicate("blob.exists")
	}
	var buf bytes.Buffer
	got, err := storage.Copy(ctx, &buf, content)
	if err != nil {
		return storage.Blob{}, err
	}
	if err := cancelled(ctx); err != nil {
		return storage.Blob{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.kept[key]; ok {
		return storage.Blob{}, duplicate("blob.exists")
	}
	b.kept[key] = blob{buf.Bytes(), at}
	return got, nil
}

func (b *Blobs) has(key storage.BlobKey) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, ok := b.kept[key]
	return ok
}

// Open returns content; see storage.Blobs.
func (b *Blobs) Open(ctx context.Context, key storage.BlobKey, want storage.Blob) (io.ReadCloser, error) {
	if err := cancelled(ctx); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	x, ok := b.kept[key]
	if !ok {
		return nil, fault.NotFound("blob.not_found")
	}
	return storage.Verified(io.NopCloser(bytes.NewReader(x.content)), want), nil
}

// Delete removes content; see storage.Blobs.
func (b *Blobs) Delete(ctx context.Context, key storage.BlobKey) error {
	if err := cancelled(ctx); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.kept, key)
	return nil
}

// List finds contents; see storage.Blobs.
func (b *Blobs) List(ctx context.Context, tenant string, before time.Time, fn func(storage.Stored) error) error {
	if err := cancelled(ctx); err != nil {
		return err
	}
	var found []storage.Stored
	b.mu.Lock()
	for key, x := range b.kept {
		if key.Tenant == tenant && x.put.Before(before) {
			found = append(found, storage.Stored{ID: key.ID, Put: x.put})
		}
	}
	b.mu.Unlock()
	for _, x := range found {
		if err := cancelled(ctx); err != nil {
			return err
		}
		if err := fn(x); err != nil {
			return err
		}
	}
	return nil
}
