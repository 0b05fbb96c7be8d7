// Replay imports a file of sales opportunities through the engine, as they
// happened, and prints the figures of the pipeline:
//
//	go run ./examples/replay -data DIR [-db FILE | -store memory | -dsn URL] [-json] [-as-of 2017-06-30] [-group-by region]
//
// DIR holds accounts.csv, products.csv, sales_teams.csv and sales_pipeline.csv.
// Without -data it makes a set of its own from -seed. URL is a database of
// PostgreSQL (postgres://user:password@host:5432/db) or MariaDB and MySQL
// (mysql://user:password@host:3306/db). Run it twice on the same -db FILE or URL: everything is there already, and nothing is changed.
//
// How to read it: source.go and row.go read the files and name every problem by
// its line; load.go gives the commands, a few hundred rows to a transaction;
// figures.go asks the reports; print.go prints. It uses only what the library
// exports.
package main
