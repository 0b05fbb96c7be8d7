// Package storage composes the ports of the domain packages into a Store that
// runs transactions, and adds idempotency keys, number series and the leases by
// which relays take turns. Adapters are in its sub-packages.
//
// Contents of documents are kept beside the database and outside of its
// transactions, in Blobs: content is put before the row that names it, so that a
// rollback leaves an orphan, never a row without content. Adapters of it are
// memory.Blobs and package blobdir. Verified and Copy help who writes another one.
//
// Package storagetest has the suites of both: Run for a Store, RunBlobs for Blobs.
package storage
