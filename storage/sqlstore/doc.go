// Package sqlstore keeps everything in a relational database, through
// database/sql and the driver that the host chooses. What differs between
// databases is in a Dialect; the SQL is otherwise the same.
//
// A Store runs transactions of its own (Update, View), or works inside one of the
// host's (Bind), so that the host's rows and the library's commit together.
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
// A Store is safe for concurrent use; what Bind returns isn't, as the host's
// transaction isn't.
package sqlstore
