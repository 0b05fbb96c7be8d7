package blobdir_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/blobdir"
	"github.com/pursuit-crm/pursuit/storage/storagetest"
)

var (
	ctx  = context.Background()
	day  = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	late = day.AddDate(100, 0, 0)
	key  = storage.BlobKey{Tenant: "acme", ID: uuid.UUID{15: 1}}
)

func TestR03_Conformance(t *testing.T) {
	storagetest.RunBlobs(t, storagetest.BlobHarness{Open: func(t storagetest.T) storage.Blobs {
		d, err := blobdir.Open(t.TempDir())
		if err != nil {
			t.Fatalf("%v", err)
		}
		t.Cleanup(func() { _ = d.Close() })
		return d
	}})
}

func opened(t *testing.T) (*blobdir.Dir, string) {
	t.Helper()
	path := t.TempDir()
	d, err := blobdir.Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = d.Close() })
	return d, path
}

// files lists what lies below a directory.
func files(t *testing.T, path string) (out []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(path, func(p string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			out = append(out, p)
		}
		return err
	}))
	return out
}

func TestR03_DamageOnTheDiskIsFound(t *testing.T) {
	for name, damage := range map[string]func(path string) error{
		"truncated": func(p string) error { return os.Truncate(p, 3) },
		"emptied":   func(p string) error { return os.Truncate(p, 0) },
		"longer":    func(p string) error { return os.WriteFile(p, []byte("hello world"), 0o600) },
		"altered":   func(p string) error { return os.WriteFile(p, []byte("hellO"), 0o600) },
	} {
		t.Run("R03/"+name, func(t *testing.T) {
			d, path := opened(t)
			want, err := d.Put(ctx, key, day, strings.NewReader("hello"))
			require.NoError(t, err)
			require.NoError(t, damage(files(t, path)[0]))
			r, err := d.Open(ctx, key, want)
			require.NoError(t, err)
			_, err = io.ReadAll(r)
			require.ErrorIs(t, err, fault.ErrCorrupt)
			require.NoError(t, r.Close())
		})
	}
}

func TestR03_ContentsSurviveReopening(t *testing.T) {
	d, path := opened(t)
	want, err := d.Put(ctx, key, day, strings.NewReader("hello"))
	require.NoError(t, err)
	require.NoError(t, d.Close())
	_, err = d.Put(ctx, storage.BlobKey{Tenant: "acme", ID: uuid.UUID{15: 2}}, day, strings.NewReader("x"))
	require.ErrorIs(t, err, fault.ErrInternal)
	d, err = blobdir.Open(path)
	require.NoError(t, err)
	defer d.Close()
	r, err := d.Open(ctx, key, want)
	require.NoError(t, err)
	got, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, "hello", string(got))
	require.NoError(t, r.Close())
}

func TestR03_StaleTemporaryFilesAreRemoved(t *testing.T) {
	d, path := opened(t)
	_, err := d.Put(ctx, key, day, strings.NewReader("hello"))
	require.NoError(t, err)
	whole := files(t, path)
	require.Len(t, whole, 1)
	stale, young, foreign := whole[0]+".OLD.part", whole[0]+".NEW.part", filepath.Join(filepath.Dir(whole[0]), "README")
	for _, p := range []string{stale, young, foreign} {
		require.NoError(t, os.WriteFile(p, []byte("half"), 0o600))
		require.NoError(t, os.Chtimes(p, day, day))
	}
	require.NoError(t, os.Chtimes(young, day.Add(time.Hour), day.Add(time.Hour)))
	var found []uuid.UUID
	require.NoError(t, d.List(ctx, "acme", day.Add(time.Minute), func(s storage.Stored) error { found = append(found, s.ID); return nil }))
	require.Equal(t, []uuid.UUID{key.ID}, found)
	require.ElementsMatch(t, []string{whole[0], young, foreign}, files(t, path))
}

func TestR03_NothingIsLeftOfWhatFailed(t *testing.T) {
	d, path := opened(t)
	_, err := d.Put(ctx, key, day, io.MultiReader(bytes.NewReader(make([]byte, 1<<20)), failing{}))
	require.Error(t, err)
	require.Panics(t, func() { _, _ = d.Put(ctx, key, day, failing{boom: true}) })
	require.Empty(t, files(t, path))
}

type failing struct{ boom bool }

func (f failing) Read([]byte) (int, error) {
	if f.boom {
		panic("boom")
	}
	return 0, errors.New("broke off")
}

func TestR03_LinksLeadNowhere(t *testing.T) {
	d, path := opened(t)
	_, err := d.Put(ctx, key, day, strings.NewReader("hello"))
	require.NoError(t, err)
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("hello"), 0o600))
	at := files(t, path)[0]
	require.NoError(t, os.Remove(at))
	if err := os.Symlink(secret, at); err != nil {
		t.Skip("no links here")
	}
	_, err = d.Open(ctx, key, storage.Blob{Size: 5})
	require.ErrorIs(t, err, fault.ErrInternal, "outside of the directory")
	require.NotContains(t, err.Error(), path)
	require.NotContains(t, err.Error(), "secret")
	require.NoError(t, d.List(ctx, "acme", late, func(storage.Stored) error { t.Error("a link is no content"); return nil }))
}

func TestR03_ADirectoryThatIsMissing(t *testing.T) {
	_, err := blobdir.Open(filepath.Join(t.TempDir(), "missing"))
	require.ErrorIs(t, err, fault.ErrInternal)
	require.Equal(t, "blob.failed", fault.CodeOf(err))
}
