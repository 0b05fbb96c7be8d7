// Package powerloss simulates a disk whose power fails, for tests of stores on
// SQLite. It is a VFS for github.com/ncruces/go-sqlite3, and a module of its own,
// so that nobody else needs that driver.
//
// What was written and not yet synced stays apart from what is safe, by sectors of
// 512 bytes. When the power fails, each of those sectors reaches the disk, or
// doesn't, or does so in part. A test
//
//	disk := powerloss.New()
//	db, _ := sql.Open("sqlite3", disk.Source("p.db", "synchronous(FULL)"))
//	disk.CutAfter(100)
//	…               // write until it fails; note what was acknowledged
//	db.Close()
//	disk = disk.Restart(rand.New(rand.NewPCG(seed, 0)))
//	…               // open it again: what was acknowledged must be there
//
// needs one connection per database (SetMaxOpenConns(1)): files aren't locked, and
// the write-ahead log works without shared memory, in locking_mode(EXCLUSIVE).
//
// A Disk is safe for concurrent use.
package powerloss
