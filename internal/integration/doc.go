// Package integration holds the tests that need what the root module doesn't
// require: SQL drivers, property-based testing, leak detection. It runs the
// conformance suite and the invariants on every adapter.
package integration
