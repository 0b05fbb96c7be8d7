// Package storagetest is the conformance suite of the storage ports: an adapter
// that passes Run keeps every promise that package storage and the
// repositories of the domain packages write down.
//
//	func TestConformance(t *testing.T) {
//		storagetest.Run(t, storagetest.Harness{
//			Open: func(t storagetest.T) storage.Store { return mystore.Open(t.TempDir()) },
//		})
//	}
//
// Each rule gets a fresh, empty store, and runs as a subtest named after what it
// is about, with an invariant's id where there is one:
// "opportunity/save/O11_version-guard". A rule that is broken says what went
// wrong and why the rule exists.
//
// What values look like when they come back:
//   - times are in UTC and have whole microseconds;
//   - a nil pointer, list or map comes back nil; an empty list or map comes
//     back empty or nil, so callers look at its length;
//   - decimals are equal in value, whatever their trailing zeros;
//   - text comes back byte for byte, and ids, codes, keys, users, stages and
//     products are compared so;
//   - ties are broken by id, ascending, in both directions of a list.
//
// Optional capabilities that an adapter lacks are declared in Harness.Lacks, and
// are then proved to be absent: nothing is skipped in silence.
//
// RunBlobs is the suite of storage.Blobs, the contents of documents.
package storagetest
