// Package sqlstore keeps everything in a relational database, through
// database/sql and the driver that the host chooses. What differs between
// databases is in a Dialect; the SQL is otherwise the same.
//
// A Store runs transactions of its own (Update, View), or works inside one of the
// host's (Bind), so that the host's rows and the library's commit together. Hosts on
// pgx itself use package pgxconn (a module of its own), which sends a command's
// writes in one round trip; other drivers come in by Conn, Batcher and Pool.
//
// Promises, beside those of package storage:
//   - After a storage error or a failed write a transaction refuses everything and
//     doesn't commit: the database may have ended it already, and what came next
//     would commit by itself.
//   - A connection whose ROLLBACK failed is thrown away.
//   - COMMIT and ROLLBACK run without the caller's cancellation.
//   - Every statement names the tenant, and every index begins with it.
//   - What a row refers to is there: a command that lost a race against a deletion
//     gets ErrConflict ("storage.reference").
//   - Neither SQL nor data stand in messages of errors; the driver's error is in
//     their chain.
//
// Text compares and sorts by byte on all of them, whatever the database's own
// collation is; on MariaDB and MySQL by the collations that don't pad
// (utf8mb4_nopad_bin, utf8mb4_0900_bin), so that trailing blanks differ too.
//
// What ends a transaction differs, and is treated alike: a deadlock, a lock that
// wasn't got in time, a serialization failure give ErrRetry, and nothing more is
// run, since MariaDB would commit it by itself. A key that is taken, where that is
// expected, leaves a transaction usable on each of them.
//
// # Groups
//
// On SQLite only one can write at a time, and with synchronous=FULL each COMMIT
// waits for the disk. So Updates that come while another one runs share its COMMIT,
// unless Options.NoGroups is set. The right to write goes from caller to caller, in
// the order in which they came, and with it the open transaction; the last one, or
// the one at the bound (Options.GroupSize, Options.GroupTime), commits for all. No
// goroutine is started: each closure runs on its caller's own.
//
//   - Each Update is still all or nothing by itself: those after the first run under
//     a savepoint of their own. An error, a panic or a cancellation takes back that
//     Update's work only.
//   - Nobody gets an answer before COMMIT has one, not even a refusal, which may rest
//     on what was not yet committed. If COMMIT fails all fail, with the error that it
//     has alone; who was refused gets ErrRetry then, since the refusal may have lost
//     its ground. A panic, and a context that ended, don't wait.
//   - A context that ends while its caller is queued takes it out at once. While its
//     closure runs, a shared transaction's statements aren't interrupted, since
//     SQLite would take back everybody's work: the context is looked at before each
//     statement, each row and COMMIT. Nobody is asked once COMMIT is on its way.
//   - If SQLite ends the transaction by itself (the disk is full, an I/O error), those
//     who had run before get ErrRetry: nothing of theirs is stored.
//   - A closure that does nothing with the database for a second or two while others
//     wait for its group's COMMIT is given up with ErrRetry, and they are committed:
//     it may be waiting for what they would do next. An Update that is queued while
//     nothing moves for five seconds gets ErrRetry, as it does from busy_timeout.
//   - An Update inside another Update's closure waits for itself, and ends so or with
//     its context: don't. Inside a View's closure it is fine, unless the pool has one
//     connection only.
//   - One who is alone runs the same statements as without groups.
//
// Views, transactions of the host, and other databases know nothing of groups.
// Between processes, and between Stores on one file, SQLite's own waiting
// (busy_timeout) decides who writes next, without a queue, and with some drivers those
// who wait look at their context only each time that it has passed (see SQLite): give
// each file one Store in a process, and let its pool keep as many idle connections as
// there are readers (SetMaxIdleConns).
//
// A Store is safe for concurrent use; what Bind returns isn't, as the host's
// transaction isn't.
package sqlstore
