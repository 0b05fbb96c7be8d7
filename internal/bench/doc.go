// Package bench compares the library with others, in a module of its own, so
// that the library itself stays free of what it is compared with. Run
//
//	go test -bench . ./internal/bench
//
// BenchmarkLive moves a machine that stays in memory; BenchmarkRestored takes the
// state from a row for each command, as an ERP does.
package bench
