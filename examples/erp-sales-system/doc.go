// Erp-sales-system shows a sales system of the host's own: an ERP keeps the orders
// of won opportunities in tables of its own, in the database of the library, and
// in the library's transactions, so that its rows and the opportunity's events
// commit and roll back together:
//
//	go run ./examples/erp-sales-system
//
// The library's aggregate decides what an order may do; a host with rules of its
// own would decide itself. The test runs the suite of package ordertest on it.
package main
