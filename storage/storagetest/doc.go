// Package storagetest is the conformance suite of the storage ports: an adapter
// that passes [Run] keeps every promise documented in package storage and in the
// repositories of the domain packages.
//
//	func TestConformance(t *testing.T) {
//		storagetest.Run(t, storagetest.Harness{
//			Open: func(t storagetest.T) storage.Store { return mystore.Open(t.TempDir()) },
//		})
//	}
//
// Each rule gets a fresh, empty store, and runs as a subtest named after its
// subject, with an invariant's id if there is one:
// "opportunity/save/O11_version-guard". The failure of a rule says what went
// wrong and why the rule exists.
//
// Returned values have this form:
//   - times are in UTC and have whole microseconds;
//   - a nil pointer, list or map comes back nil; an empty list or map comes back
//     empty or nil, so callers check its length;
//   - decimals are equal in value, whatever their trailing zeros;
//   - text comes back byte for byte, and ids, codes, keys, users, stages and
//     products are compared byte by byte;
//   - ties are broken by id, ascending, in both directions of a list.
//
// Declare optional capabilities that an adapter lacks in Harness.Lacks. The suite
// then proves them absent: it skips nothing silently.
//
// [RunBlobs] is the suite of storage.Blobs, the contents of documents.
package storagetest
