// Package memory is the reference adapter of the storage ports: everything in
// maps, serialisable, for tests, examples and small tools. One transaction
// writes at a time, while none reads; View waits for Update and for a host's
// transaction, and both give up waiting when their context ends. What goes in
// and what comes out is copied, so that nothing is shared with callers. Blobs
// keeps contents of documents in the same way. Nothing survives the program.
package memory
