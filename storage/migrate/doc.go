// Package migrate applies the migrations of storage/sqlstore with goose, for hosts
// that want its status, its single steps up and down, and its table of versions. A
// host that wants none of it takes sqlstore.Store.Migrate, which needs no tool; one
// with another tool takes sqlstore.Migrations or sqlstore.SQL.
//
// What is applied stands in a table of its own, named after the prefix:
// pursuit_goose_version, in the schema of the tables. So several instances in one
// database, and the host's own goose_db_version, don't meet.
//
// Promises:
//   - Of several processes one migrates at a time, and the others wait. The lock is
//     a row (pursuit_goose_lock) that is taken by an UPDATE guarded by what was read:
//     it holds on every database, over all nodes of a Galera cluster, and behind
//     pgbouncer, where advisory locks don't (neither GET_LOCK nor
//     pg_advisory_lock is used).
//   - Tables that sqlstore.Store.Migrate made are refused
//     (ErrNotAllowed, "storage.migrate.mixed"): whoever began goes on. The other way
//     round, Store.Migrate fails on SQLite and PostgreSQL since the tables are
//     there; on MariaDB and MySQL, whose migrations may be repeated, it passes over
//     them, so don't.
//   - No goroutine, no global registry, no log.
//
// On SQLite and PostgreSQL a migration is applied as a whole or not at all; on
// MariaDB and MySQL every statement commits by itself, and a migration that was
// interrupted is repeated from its beginning, which its statements allow.
//
// A module of its own, so that the library itself doesn't depend on goose.
package migrate
