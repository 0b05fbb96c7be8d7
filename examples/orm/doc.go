// Package orm holds programs in which an ERP that uses a library for its own
// tables commits its rows and the commands of this library together:
//
//	go run ./examples/orm/gorm
//	go run ./examples/orm/bun
//	go run ./examples/orm/sqlc
//
// What matters in each of them is one line: how the *sql.Tx, or what does its
// work, comes out of the ERP's transaction. Package erp, which they share, opens
// the database and makes an opportunity to be won.
//
// They run on temporary SQLite files; on PostgreSQL and MariaDB only opening
// differs. The module is apart so that nothing else depends on these libraries.
package orm
