package storagetest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
	"github.com/pursuit-crm/pursuit/storage/storagetest"
)

func TestR03_BlobsInMemory(t *testing.T) {
	storagetest.RunBlobs(t, storagetest.BlobHarness{Open: func(storagetest.T) storage.Blobs { return memory.NewBlobs() }})
}

// leaky is a store of contents with a seeded bug.
type leaky struct {
	*memory.Blobs
	put  func(ctx context.Context, b *memory.Blobs, key storage.BlobKey, at time.Time, content io.Reader) (storage.Blob, error)
	open func(b *memory.Blobs, key storage.BlobKey, want storage.Blob) (io.ReadCloser, error)
	list func(b *memory.Blobs, tenant string, before time.Time, fn func(storage.Stored) error) error
	keep bool
}

func (l leaky) Put(ctx context.Context, key storage.BlobKey, at time.Time, content io.Reader) (storage.Blob, error) {
	if l.put != nil {
		return l.put(ctx, l.Blobs, key, at, content)
	}
	return l.Blobs.Put(ctx, key, at, content)
}

func (l leaky) Open(ctx context.Context, key storage.BlobKey, want storage.Blob) (io.ReadCloser, error) {
	if l.open != nil && ctx.Err() == nil {
		return l.open(l.Blobs, key, want)
	}
	return l.Blobs.Open(ctx, key, want)
}

func (l leaky) List(ctx context.Context, tenant string, before time.Time, fn func(storage.Stored) error) error {
	if l.list != nil && ctx.Err() == nil {
		return l.list(l.Blobs, tenant, before, fn)
	}
	return l.Blobs.List(ctx, tenant, before, fn)
}

func (l leaky) Delete(ctx context.Context, key storage.BlobKey) error {
	if l.keep {
		return ctx.Err()
	}
	return l.Blobs.Delete(ctx, key)
}

func TestR03_SeededBugsOfBlobsAreCaught(t *testing.T) {
	ctx := context.Background()
	failed := map[string]bool{"concurrency": true} // what the race detector finds
	for _, x := range []struct {
		name, rule string
		bug        leaky
	}{
		{"cuts off", "put/R03_what-comes-back", leaky{put: func(ctx context.Context, b *memory.Blobs, key storage.BlobKey, at time.Time, content io.Reader) (storage.Blob, error) {
			return b.Put(ctx, key, at, io.LimitReader(content, 4096))
		}}},
		{"keeps halves", "put/R03_whole-or-not-at-all", leaky{put: func(ctx context.Context, b *memory.Blobs, key storage.BlobKey, at time.Time, content io.Reader) (storage.Blob, error) {
			half, err := io.ReadAll(content)
			got, e := b.Put(ctx, key, at, bytes.NewReader(half))
			return got, errors.Join(err, e)
		}}},
		{"ignores the context", "put/context", leaky{put: func(_ context.Context, b *memory.Blobs, key storage.BlobKey, at time.Time, content io.Reader) (storage.Blob, error) {
			n := 0
			return b.Put(ctx, key, at, readerFunc(func(p []byte) (int, error) {
				k, err := content.Read(p)
				if n++; k == 0 && n > 10 {
					err = io.EOF
				}
				return k, err
			}))
		}}},
		{"overwrites", "put/exists", leaky{put: func(ctx context.Context, b *memory.Blobs, key storage.BlobKey, at time.Time, content io.Reader) (storage.Blob, error) {
			_ = b.Delete(ctx, key)
			return b.Put(ctx, key, at, content)
		}}},
		{"checks nothing", "open/R03_checks", leaky{open: func(b *memory.Blobs, key storage.BlobKey, _ storage.Blob) (io.ReadCloser, error) {
			for _, x := range []string{"hello", ""} {
				r, err := b.Open(ctx, key, blob(x))
				if err != nil {
					return nil, err
				}
				if _, err := io.ReadAll(r); err == nil {
					return io.NopCloser(strings.NewReader(x)), nil
				}
			}
			return io.NopCloser(strings.NewReader("")), nil
		}}},
		{"folds tenants", "keys/J03_tenants", leaky{open: func(b *memory.Blobs, key storage.BlobKey, want storage.Blob) (io.ReadCloser, error) {
			key.Tenant = strings.ToLower(strings.TrimSpace(key.Tenant))
			return b.Open(ctx, key, want)
		}}},
		{"deletes nothing", "delete", leaky{keep: true}},
		{"lists young ones", "list/before", leaky{list: func(b *memory.Blobs, tenant string, before time.Time, fn func(storage.Stored) error) error {
			return b.List(ctx, tenant, before.AddDate(10, 0, 0), fn)
		}}},
		{"swallows errors of the callback", "list/before", leaky{list: func(b *memory.Blobs, tenant string, before time.Time, fn func(storage.Stored) error) error {
			return b.List(ctx, tenant, before, func(s storage.Stored) error { _ = fn(s); return nil })
		}}},
	} {
		t.Run(strings.ReplaceAll(x.name, " ", "-"), func(t *testing.T) {
			found := map[string]bool{}
			for _, rule := range storagetest.BlobRules() {
				r := &recorder{name: rule.Name}
				done := make(chan struct{})
				go func() {
					defer close(done)
					defer func() {
						if p := recover(); p != nil {
							r.Errorf("panic: %v", p)
						}
					}()
					rule.Check(r, storagetest.BlobHarness{Open: func(storagetest.T) storage.Blobs {
						l := x.bug
						l.Blobs = memory.NewBlobs()
						return l
					}})
				}()
				<-done
				if len(r.failures) > 0 {
					found[rule.Name], failed[rule.Name] = true, true
				}
				for _, f := range r.failures {
					require.Contains(t, f, "why: an adapter that ", rule.Name)
				}
			}
			require.True(t, found[x.rule], fmt.Sprint(found))
		})
	}
	for _, rule := range storagetest.BlobRules() {
		require.True(t, failed[rule.Name], "no seeded bug breaks %s", rule.Name)
		require.Contains(t, rule.Why, " would ")
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func blob(s string) storage.Blob {
	b, err := storage.Copy(context.Background(), io.Discard, strings.NewReader(s))
	if err != nil {
		panic(err)
	}
	return b
}
