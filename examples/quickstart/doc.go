// Quickstart walks through the nine steps of the process on an embedded SQLite
// file, and prints each as it happens:
//
//	go run ./examples/quickstart [-db FILE]
//
// setup.go makes what an enterprise sets up once; steps.go, quote.go, order.go
// and close.go are the steps, one function each, as a host would call them.
package main
