// Package storage composes the ports of the domain packages into a Store that
// runs transactions. It adds idempotency keys, number series, and the leases that
// let one relay work at a time.
//
// # For hosts
//
// Choose an adapter: storage/memory for tests, storage/sqlstore for SQLite,
// PostgreSQL, MariaDB and MySQL. Pass it to the engine:
//
//	eng, err := pursuit.New(store, nil)
//
// A [Bound] store works inside the host's own transaction. [Blobs] stores the
// contents of documents beside the database and outside its transactions: content
// is put before the row that names it, so a rollback leaves an orphan, never a
// row without content. Its adapters are memory.Blobs and package blobdir.
//
// # For stores
//
// An adapter implements [Store] and the repositories of the domain packages that
// [Tx] returns. [Verified] and [Copy] help to implement [Blobs]. Package
// storagetest has a conformance suite for both, Run for a Store and RunBlobs for
// Blobs:
//
//	func TestConformance(t *testing.T) {
//		storagetest.Run(t, storagetest.Harness{Open: open})
//	}
package storage
