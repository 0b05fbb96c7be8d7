// Package memory is the reference adapter of the storage ports: everything in
// maps, serialisable, for tests, examples and small tools. One transaction
// writes at a time, while none reads; View waits for Update and for a host's
// transaction, and gives up when its context ends, as Update does. What goes in and what comes out is copied, so that nothing is
// shared with callers. Nothing survives the program.
package memory
