package storagetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// BlobHarness opens content stores for the suite.
type BlobHarness struct {
	// Open returns an empty store that nobody else uses. It closes the store with
	// t.Cleanup.
	Open func(t T) storage.Blobs
}

// BlobRule is one promise of storage.Blobs.
type BlobRule struct {
	// Name is a path: "put/R03_whole-or-not-at-all".
	Name string
	// Why describes the harm of an adapter that breaks the rule.
	Why string

	check func(e *blobEnv)
}

// Check tests the rule on a fresh store.
func (r BlobRule) Check(t T, h BlobHarness) {
	t.Helper()
	r.check(&blobEnv{t: t, why: r.Why, ctx: context.Background(), blobs: h.Open(t)})
}

// RunBlobs checks every rule of storage.Blobs as a subtest of t.
func RunBlobs(t *testing.T, h BlobHarness) {
	t.Helper()
	for _, r := range BlobRules() {
		t.Run(r.Name, func(t *testing.T) { r.Check(t, h) })
	}
}

// blobEnv is the environment of a rule.
type blobEnv struct {
	t     T
	why   string
	ctx   context.Context
	blobs storage.Blobs
	ids   byte
}

func (e *blobEnv) errorf(format string, args ...any) {
	e.t.Helper()
	e.t.Errorf(format+"\n\twhy: an adapter that %s", append(args, e.why)...)
}

func (e *blobEnv) key(tenant string) storage.BlobKey {
	e.ids++
	return storage.BlobKey{Tenant: tenant, ID: uuid.UUID{0x01, 0x9b, 6: 0x70, 8: 0x80, 15: e.ids}}
}

func blobOf(content []byte) storage.Blob {
	return storage.Blob{Size: int64(len(content)), Hash: sha256.Sum256(content)}
}

func (e *blobEnv) put(key storage.BlobKey, at time.Time, content []byte) {
	e.t.Helper()
	got, err := e.blobs.Put(e.ctx, key, at, bytes.NewReader(content))
	if err != nil {
		e.t.Fatalf("storing: %v\n\twhy: an adapter that %s", err, e.why)
	}
	if got != blobOf(content) {
		e.errorf("Put says %+v of %d bytes", got, len(content))
	}
}

// is checks the content under a key; nil means none.
func (e *blobEnv) is(what string, key storage.BlobKey, want []byte) {
	e.t.Helper()
	got, err := e.read(key, blobOf(want))
	switch {
	case want == nil:
		e.kind(what, err, fault.ErrNotFound, "blob.not_found")
	case err != nil:
		e.errorf("%s: %v", what, err)
	case !bytes.Equal(got, want):
		e.errorf("%s: got %d bytes, want %d", what, len(got), len(want))
	}
}

func (e *blobEnv) read(key storage.BlobKey, want storage.Blob) ([]byte, error) {
	r, err := e.blobs.Open(e.ctx, key, want)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(r)
	return b, errors.Join(err, r.Close())
}

func (e *blobEnv) kind(what string, err, kind error, code string) {
	e.t.Helper()
	if !errors.Is(err, kind) || code != "" && fault.CodeOf(err) != code {
		e.errorf("%s: %v (%s), want %v (%s)", what, err, fault.CodeOf(err), kind, code)
	}
}

// list returns the blobs put before a time.
func (e *blobEnv) list(tenant string, before time.Time) (ids []uuid.UUID) {
	e.t.Helper()
	err := e.blobs.List(e.ctx, tenant, before, func(s storage.Stored) error {
		ids = append(ids, s.ID)
		return nil
	})
	if err != nil {
		e.errorf("listing: %v", err)
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return ids
}

// late is after everything.
var late = day.AddDate(100, 0, 0)

// errBroke is the error of a content that breaks off.
var errBroke = errors.New("the content broke off")

// breaking returns some bytes, then fails.
type breaking struct {
	rest int
	end  func() (int, error)
}

func (b *breaking) Read(p []byte) (int, error) {
	if b.rest == 0 {
		return b.end()
	}
	n := min(len(p), b.rest)
	b.rest -= n
	return n, nil
}

// BlobRules returns all rules, in the order of RunBlobs.
func BlobRules() []BlobRule {
	return []BlobRule{
		{"put/R03_what-comes-back", "gives back other bytes than were stored would alter contracts", func(e *blobEnv) {
			for _, n := range []int{0, 1, 4095, 4096, 32 << 10, 1<<20 + 1} {
				content := make([]byte, n)
				for i := range content {
					content[i] = byte(i * i >> 3)
				}
				key := e.key("t")
				e.put(key, day, content)
				e.is(fmt.Sprintf("%d bytes", n), key, content)
			}
			e.is("nothing", e.key("t"), nil)
		}},
		{"put/R03_whole-or-not-at-all", "keeps half of a content would show it as a document", func(e *blobEnv) {
			for what, end := range map[string]func() (int, error){
				"a content that breaks off": func() (int, error) { return 0, errBroke },
				"a content that panics":     func() (int, error) { panic(errBroke) },
			} {
				for _, n := range []int{0, 100, 1 << 20} {
					key := e.key("t")
					err := func() (err error) {
						defer func() {
							if p := recover(); p != nil {
								err, _ = p.(error)
							}
						}()
						_, err = e.blobs.Put(e.ctx, key, day, &breaking{n, end})
						return err
					}()
					if !errors.Is(err, errBroke) {
						e.errorf("%s: %v", what, err)
					}
					e.is("what is left of "+what, key, nil)
					e.put(key, day, []byte("whole")) // the key is free
				}
			}
			if got := e.list("t", late); len(got) != 6 {
				e.errorf("there are %d contents, want 6", len(got))
			}
		}},
		{"put/context", "goes on after the context ended would keep contents that nobody waits for", func(e *blobEnv) {
			ctx, cancel := context.WithCancel(e.ctx)
			key, reads := e.key("t"), 0
			_, err := e.blobs.Put(ctx, key, day, &breaking{1 << 20, func() (int, error) {
				cancel()
				if reads++; reads > 1000 {
					return 0, io.EOF
				}
				return 0, nil
			}})
			e.kind("ended midway", err, fault.ErrCancelled, "")
			e.is("what is left", key, nil)
			_, err = e.blobs.Put(ctx, key, day, bytes.NewReader([]byte("x")))
			e.kind("ended before", err, fault.ErrCancelled, "")
			e.is("what is left", key, nil)
			_, err = e.blobs.Open(ctx, key, blobOf(nil))
			e.kind("opening", err, fault.ErrCancelled, "")
			e.kind("deleting", e.blobs.Delete(ctx, key), fault.ErrCancelled, "")
			e.kind("listing", e.blobs.List(ctx, "t", late, func(storage.Stored) error { return nil }), fault.ErrCancelled, "")
		}},
		{"put/exists", "overwrites would change a document under its hash", func(e *blobEnv) {
			key := e.key("t")
			e.put(key, day, []byte("first"))
			_, err := e.blobs.Put(e.ctx, key, day, bytes.NewReader([]byte("other")))
			e.kind("the same key again", err, fault.ErrDuplicate, "blob.exists")
			e.is("the first", key, []byte("first"))
		}},
		{"open/R03_checks", "doesn't compare what it reads would pass damaged or swapped contents off as whole", func(e *blobEnv) {
			key := e.key("t")
			e.put(key, day, []byte("hello"))
			for what, want := range map[string]storage.Blob{
				"altered": blobOf([]byte("hellO")), "truncated": blobOf([]byte("hello world")), "longer": blobOf([]byte("hell")), "empty": blobOf(nil),
				"another size": {Size: 6, Hash: sha256.Sum256([]byte("hello"))},
			} {
				_, err := e.read(key, want)
				e.kind(what, err, fault.ErrCorrupt, "blob.corrupt")
			}
		}},
		{"keys/J03_tenants", "mixes tenants up would show one company's contracts to another", func(e *blobEnv) {
			one := e.key("t")
			tenants := []string{"T", "t ", "u", "../t", "t/", "./t", "t\\", "租户", "é", "e\u0301", string(bytes.Repeat([]byte("长"), 64))}
			e.put(one, day, []byte("t"))
			for _, x := range tenants {
				key := storage.BlobKey{Tenant: x, ID: one.ID}
				e.is("another tenant's "+x, key, nil)
				e.put(key, day, []byte(x))
			}
			for _, x := range tenants {
				key := storage.BlobKey{Tenant: x, ID: one.ID}
				e.is("that of "+x, key, []byte(x))
				if got := e.list(x, late); len(got) != 1 {
					e.errorf("tenant %q has %d contents", x, len(got))
				}
				if err := e.blobs.Delete(e.ctx, key); err != nil {
					e.errorf("deleting: %v", err)
				}
			}
			e.is("the first one's", one, []byte("t"))
		}},
		{"delete", "doesn't delete would keep what was removed for ever", func(e *blobEnv) {
			a, b := e.key("t"), e.key("t")
			e.put(a, day, []byte("a"))
			e.put(b, day, []byte("b"))
			for range 2 { // gone is gone
				if err := e.blobs.Delete(e.ctx, a); err != nil {
					e.errorf("deleting: %v", err)
				}
			}
			e.is("the deleted one", a, nil)
			e.is("the other one", b, []byte("b"))
			e.put(a, day, []byte("again"))
		}},
		{"list/before", "lists young contents would have them removed before their documents are written", func(e *blobEnv) {
			var want []uuid.UUID
			for i := range 600 {
				key := storage.BlobKey{Tenant: "t", ID: uuid.UUID{14: byte(i >> 8), 15: byte(i)}}
				at := day
				if i%2 == 1 {
					at = day.Add(time.Hour)
				} else {
					want = append(want, key.ID)
				}
				e.put(key, at, nil)
			}
			if got := e.list("t", day.Add(time.Minute)); !slices.Equal(got, want) {
				e.errorf("listed %d, want %d", len(got), len(want))
			}
			if got := e.list("t", day); len(got) != 0 {
				e.errorf("listed %d that were put at the very time", len(got))
			}
			if got := e.list("u", late); len(got) != 0 {
				e.errorf("listed %d of a tenant that has none", len(got))
			}
			n := 0
			err := e.blobs.List(e.ctx, "t", late, func(s storage.Stored) error {
				if n++; !s.Put.Before(late) || s.Put.Before(day.Add(-time.Second)) {
					e.errorf("was put at %v", s.Put)
				}
				return errBroke
			})
			if !errors.Is(err, errBroke) || n != 1 {
				e.errorf("goes on after an error: %v, %d calls", err, n)
			}
			err = e.blobs.List(e.ctx, "t", late, func(s storage.Stored) error {
				return e.blobs.Delete(e.ctx, storage.BlobKey{Tenant: "t", ID: s.ID})
			})
			if got := e.list("t", late); err != nil || len(got) != 0 {
				e.errorf("deleting while listing leaves %d: %v", len(got), err)
			}
		}},
		{"concurrency", "isn't safe for several goroutines would mix contents up under load", func(e *blobEnv) {
			var wg sync.WaitGroup
			keys := make([]storage.BlobKey, 16)
			errs := make([]error, len(keys))
			for i := range keys {
				keys[i] = e.key("t")
				wg.Go(func() {
					content := bytes.Repeat([]byte{byte(i)}, 100_000)
					_, errs[i] = e.blobs.Put(e.ctx, keys[i], day, bytes.NewReader(content))
				})
			}
			wg.Wait()
			for i, key := range keys {
				if errs[i] != nil {
					e.errorf("storing: %v", errs[i])
				}
				e.is("one of several", key, bytes.Repeat([]byte{byte(i)}, 100_000))
			}
		}},
	}
}
