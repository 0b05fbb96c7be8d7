// Package pgxconn lets package sqlstore work through pgx itself, without
// database/sql: in a host's pgx.Tx (Tx), and on a pgxpool.Pool of the host (New).
//
// Statements that belong together travel together, which is what makes it fast
// where the database is some way off. BEGIN goes with what a command reads first,
// and COMMIT with all that it writes: a move of stage is two round trips, and in a
// host's transaction two as well, apart from the host's own. Each further question
// that a command asks before it writes is one more.
//
// It is as safe as one by one. PostgreSQL runs a batch in order, in the same
// transaction, and passes over the rest of it, COMMIT too, once a statement has
// failed. What must touch a row (the UPDATE that names a version, the INSERT of a
// number or a RequestID) is made to fail if it doesn't: it divides by zero. Such conflicts stand in the server's log as errors, and after
// one a host's transaction can only be rolled back, to a savepoint at least.
//
// When a context ends while COMMIT is on its way, the server is asked to cancel,
// and its answer waited for, two seconds at most: either ErrCancelled, and nothing
// was written, or success. Without an answer it is ErrOutcomeUnknown, as with any
// COMMIT.
//
// The pool's DefaultQueryExecMode decides about prepared statements. With pgx's
// default, QueryExecModeCacheStatement, a statement is prepared when a connection
// runs it first, for one more trip; in front of a pooler in transaction mode set
// QueryExecModeExec.
package pgxconn
