package blobdir

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// Dir keeps contents in a directory; get one from Open.
type Dir struct{ root *os.Root }

// partial ends the names of contents on their way.
const partial = ".part"

// Open takes up a directory, which must exist. Errors: ErrInternal
// ("blob.failed").
func Open(path string) (*Dir, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, failed(err)
	}
	return &Dir{root}, nil
}

// Close lets the directory go; contents stay.
func (d *Dir) Close() error {
	if err := d.root.Close(); err != nil {
		return failed(err)
	}
	return nil
}

// failed is an error of the file system, without its paths.
func failed(err error) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		err = p.Err
	case errors.As(err, &l):
		err = l.Err
	}
	return fault.Wrap(fault.ErrInternal, "blob.failed", "the blob store failed", err)
}

func cancelled(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fault.Wrap(fault.ErrCancelled, "storage.cancelled", "the context ended", err)
	}
	return nil
}

func exists() error {
	return fault.New(fault.ErrDuplicate, "blob.exists", "content already exists under this key")
}

func folder(tenant string) string {
	sum := sha256.Sum256([]byte(tenant))
	return hex.EncodeToString(sum[:])
}

func file(key storage.BlobKey) string { return folder(key.Tenant) + "/" + key.ID.String() }

// Put stores content; see storage.Blobs.
func (d *Dir) Put(ctx context.Context, key storage.BlobKey, at time.Time, content io.Reader) (storage.Blob, error) {
	if err := cancelled(ctx); err != nil {
		return storage.Blob{}, err
	}
	if _, err := d.root.Lstat(file(key)); err == nil {
		return storage.Blob{}, exists()
	}
	if err := d.folder(folder(key.Tenant)); err != nil {
		return storage.Blob{}, err
	}
	name := file(key) + "." + rand.Text() + partial
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return storage.Blob{}, failed(err)
	}
	defer func() { // also when content panics; a crash leaves it to List
		f.Close()
		d.root.Remove(name)
	}()
	w := &writer{w: f}
	got, err := storage.Copy(ctx, w, content)
	if err != nil {
		if w.err != nil {
			err = failed(w.err)
		}
		return storage.Blob{}, err
	}
	if err := f.Sync(); err != nil {
		return storage.Blob{}, failed(err)
	}
	if err := f.Close(); err != nil {
		return storage.Blob{}, failed(err)
	}
	if err := d.root.Chtimes(name, at, at); err != nil {
		return storage.Blob{}, failed(err)
	}
	if err := cancelled(ctx); err != nil {
		return storage.Blob{}, err
	}
	if _, err := d.root.Lstat(file(key)); err == nil { // someone was faster
		return storage.Blob{}, exists()
	}
	if err := d.root.Rename(name, file(key)); err != nil {
		return storage.Blob{}, failed(err)
	}
	if err := d.sync(folder(key.Tenant)); err != nil {
		return storage.Blob{}, errors.Join(err, d.remove(file(key)))
	}
	return got, nil
}

// writer keeps the error of writing apart from that of reading.
type writer struct {
	w   io.Writer
	err error
}

func (w *writer) Write(p []byte) (int, error) {
	n, err := w.w.Write(p)
	w.err = err
	return n, err
}

// folder makes a tenant's directory, durably.
func (d *Dir) folder(name string) error {
	switch err := d.root.Mkdir(name, 0o700); {
	case errors.Is(err, fs.ErrExist):
		return nil
	case err != nil:
		return failed(err)
	}
	return d.sync(".")
}

// sync makes durable which files a directory holds.
func (d *Dir) sync(name string) error {
	if runtime.GOOS == "windows" {
		return nil // can't be done there
	}
	f, err := d.root.Open(name)
	if err != nil {
		return failed(err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return failed(err)
	}
	return nil
}

func (d *Dir) remove(name string) error {
	if err := d.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failed(err)
	}
	return nil
}

// Open returns content; see storage.Blobs.
func (d *Dir) Open(ctx context.Context, key storage.BlobKey, want storage.Blob) (io.ReadCloser, error) {
	if err := cancelled(ctx); err != nil {
		return nil, err
	}
	f, err := d.root.Open(file(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.NotFound("blob.not_found")
	}
	if err != nil {
		return nil, failed(err)
	}
	return storage.Verified(reading{f}, want), nil
}

// reading is a file whose errors say no path.
type reading struct{ f *os.File }

func (r reading) Read(p []byte) (int, error) {
	n, err := r.f.Read(p)
	if err != nil && err != io.EOF {
		err = failed(err)
	}
	return n, err
}

func (r reading) Close() error {
	if err := r.f.Close(); err != nil {
		return failed(err)
	}
	return nil
}

// Delete removes content; see storage.Blobs.
func (d *Dir) Delete(ctx context.Context, key storage.BlobKey) error {
	if err := cancelled(ctx); err != nil {
		return err
	}
	return d.remove(file(key))
}

// List finds contents; see storage.Blobs. Temporary files that nobody wrote to
// since before are removed.
func (d *Dir) List(ctx context.Context, tenant string, before time.Time, fn func(storage.Stored) error) error {
	if err := cancelled(ctx); err != nil {
		return err
	}
	f, err := d.root.Open(folder(tenant))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return failed(err)
	}
	defer f.Close()
	for {
		entries, err := f.ReadDir(256)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return failed(err)
		}
		for _, e := range entries {
			if err := cancelled(ctx); err != nil {
				return err
			}
			info, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) || err == nil && (!info.Mode().IsRegular() || !info.ModTime().Before(before)) {
				continue
			}
			if err != nil {
				return failed(err)
			}
			if strings.HasSuffix(e.Name(), partial) {
				if err := d.remove(folder(tenant) + "/" + e.Name()); err != nil {
					return err
				}
				continue
			}
			id, err := uuid.Parse(e.Name())
			if err != nil || id.String() != e.Name() {
				continue // not ours
			}
			if err := fn(storage.Stored{ID: id, Put: info.ModTime()}); err != nil {
				return err
			}
		}
	}
}
