// Package sqlstore is a store on a relational database, through database/sql and
// a driver of the host's choice. A [Dialect] holds the differences between
// databases; the SQL is otherwise the same.
//
// # For hosts
//
//	store, err := sqlstore.New(db, sqlstore.PostgreSQL(), nil)
//	if err != nil {
//		return err
//	}
//	if err := store.Migrate(ctx); err != nil { … }
//	if err := store.Check(ctx); err != nil { … } // settings and version
//
// A [Store] runs transactions of its own (Update, View), or works inside one of
// the host's ([Store.Bind]), so that the host's rows and the library's commit
// together. Hosts that use pgx directly take package pgxconn (a module of its
// own), which sends a command's writes in one round trip; other drivers implement
// [Conn], [Batcher] and [Pool].
//
// Promises beyond those of package storage:
//
//   - After a storage error or a failed write, a transaction refuses every call
//     and doesn't commit: the database may have ended it already, and later
//     statements would commit by themselves.
//   - A connection whose ROLLBACK failed is closed.
//   - COMMIT and ROLLBACK run without the caller's cancellation.
//   - Every statement names the tenant, and every index begins with it.
//   - References are intact: a command that lost a race against a deletion gets
//     ErrConflict ("storage.reference").
//   - Error messages contain neither SQL nor data; the driver's error is in their
//     chain.
//
// Text compares and sorts byte by byte on all databases, whatever the database's
// own collation is; on MariaDB and MySQL by the collations that don't pad
// (utf8mb4_nopad_bin, utf8mb4_0900_bin), so that trailing blanks differ too.
//
// Databases end transactions in different ways, which are treated alike: a
// deadlock, a lock timeout and a serialization failure return ErrRetry, and
// nothing more runs, since MariaDB would commit it by itself. An expected taken
// key leaves a transaction usable on each of them.
//
// # Groups
//
// SQLite has one writer at a time, and with synchronous=FULL each COMMIT waits
// for the disk. So Updates that arrive while another one runs share its COMMIT,
// unless Options.NoGroups is set. The right to write passes from caller to
// caller, in order of arrival, together with the open transaction; the last one,
// or the one at the limit (Options.GroupSize, Options.GroupTime), commits for
// all. No goroutine is started: each closure runs on its caller's own.
//
//   - Each Update is still atomic: those after the first run under a savepoint of
//     their own. An error, a panic or a cancellation undoes only that Update's
//     work.
//   - No caller gets a result before COMMIT has one, not even a refusal, which
//     may depend on uncommitted work. If COMMIT fails, all fail with its error;
//     refused callers get ErrRetry then, since the refusal may have lost its
//     basis. A panic, and a context that ended, don't wait.
//   - If a queued caller's context ends, it leaves the queue at once. While its
//     closure runs, the statements of a shared transaction aren't interrupted,
//     since SQLite would undo everybody's work: the context is checked before
//     each statement, each row and COMMIT. Nobody is asked once COMMIT is on its
//     way.
//   - If SQLite ends the transaction by itself (the disk is full, an I/O error),
//     callers that had run before get ErrRetry: nothing of theirs is stored.
//   - A closure that doesn't use the database for a second or two while others
//     wait for its group's COMMIT fails with ErrRetry, and the others commit: it
//     may be waiting for what they would do next. An Update that is queued while
//     nothing moves for five seconds gets ErrRetry, as it does from busy_timeout.
//   - An Update inside another Update's closure waits for itself, and ends that
//     way or with its context: don't do that. Inside a View's closure it works,
//     unless the pool has only one connection.
//   - A single caller runs the same statements as without groups.
//
// Views, transactions of the host, and other databases are unaffected by groups.
// Between processes, and between Stores on one file, SQLite's own waiting
// (busy_timeout) decides who writes next, without a queue, and with some drivers
// a waiting caller checks its context only each time that it has passed (see
// SQLite). So give each file one Store in a process, and let its pool keep as
// many idle connections as there are readers (SetMaxIdleConns).
//
// A Store is safe for concurrent use; the result of Bind isn't, because the
// host's transaction isn't.
package sqlstore
