// Erp-host-transaction shows how a host's own rows and the library's live and die
// together: an ERP books an invoice in a table of its own, and the win of an
// opportunity, in one *sql.Tx:
//
//	go run ./examples/erp-host-transaction
//
// The library neither begins nor ends the transaction. It runs on a temporary
// SQLite file; with the other databases only opening it differs.
package main
