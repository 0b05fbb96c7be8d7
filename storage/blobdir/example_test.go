package blobdir_test

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/blobdir"
)

// A host hands the Dir to its engine, as pursuit.Options.Blobs, which calls it as
// is done here.
func ExampleOpen() {
	path, err := os.MkdirTemp("", "contents")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(path)
	d, err := blobdir.Open(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer d.Close()

	stored, err := d.Put(ctx, key, day, strings.NewReader("Five pumps, by June."))
	fmt.Println(stored.Size, "bytes", err)
	_, err = d.Put(ctx, key, day, strings.NewReader("Six pumps"))
	fmt.Println(err)
	content, err := d.Open(ctx, key, stored)
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := io.ReadAll(content) // verifies size and hash
	fmt.Println(string(text), err, content.Close())
	fmt.Println(d.List(ctx, "acme", late, func(s storage.Stored) error {
		fmt.Println("stored", s.Put.UTC())
		return d.Delete(ctx, storage.BlobKey{Tenant: "acme", ID: s.ID})
	}))
	// Output:
	// 20 bytes <nil>
	// blob.exists: content already exists under this key
	// Five pumps, by June. <nil> <nil>
	// stored 2026-03-02 09:00:00 +0000 UTC
	// <nil>
}
