// Package pgxconn lets package sqlstore work through pgx itself, without
// database/sql: in a host's pgx.Tx (Tx), and on a pgxpool.Pool of the host (New).
//
// Statements that belong together travel together. What saves an aggregate (its
// guarded row, its parts, its ledger and its journal) is one round trip, and so are
// BEGIN and the first statement of one of the store's own transactions. A batch is
// run by PostgreSQL in order, in the same transaction, and stops at the first
// error, so that nothing differs but the time on the wire. COMMIT is a trip of its
// own: only once the rows that were touched have been counted is it known that
// nobody else was faster.
//
// The pool's DefaultQueryExecMode decides about prepared statements. With pgx's
// default, QueryExecModeCacheStatement, a statement is prepared when a connection
// runs it first, for one more trip; in front of a pooler in transaction mode set
// QueryExecModeExec.
package pgxconn
