// Package reliability holds the library to its reliability bar: tests that look
// for lost updates, half commands, lost acknowledgements and hanging callers, on
// every store. Each has a size, a least amount of work below which it fails, a
// seed that is printed, and a twin: the same test on something with a known bug,
// which it must find.
//
// The checks are ordinary functions, so that go test runs a part of them and
// cmd/bar runs all of it and prints a table. PURSUIT_SIZE is the part (1 is all;
// 0.1 unless it says otherwise), PURSUIT_SEED the seed.
//
// Checks that kill a client run this very program again as the client: its main,
// or TestMain, calls Child first.
package reliability
