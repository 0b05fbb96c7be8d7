// Package blobdir keeps the contents of documents 文档 in a local directory: an
// adapter of storage.Blobs (R03).
//
// # What lies where
//
// Each tenant has a directory, named after the SHA-256 of the tenant's key, so
// that no key, however strange, is a path. In it each content is a file named
// after its document's id, and contents on their way are files that end with
// ".part". All of it is reached through an os.Root: nothing outside of the
// directory is ever touched, whatever links lie in it.
//
// # Durability
//
// Content is written to a temporary file, synced, renamed, and the directory
// synced: after Put it is there, whole, whatever happens; before, nothing of it
// is. A file's time is when its content was stored. Reading checks size and hash.
//
// # Concurrency
//
// A Dir is safe for concurrent use, also by several processes on one machine.
//
// # Errors
//
// Those of storage.Blobs; what the file system says is ErrInternal
// ("blob.failed"), without paths.
package blobdir
