package powerloss

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"github.com/ncruces/go-sqlite3/vfs"
)

// sectorSize is what reaches the disk as a whole, or doesn't.
const sectorSize = 512

// Disk holds files by name. Make one with New.
type Disk struct {
	// Lies makes a disk that acknowledges syncs without doing them. Set it before
	// the disk is used.
	Lies bool

	mu    sync.Mutex
	files map[string]*content
	// left is how many writes and syncs there are until the power fails; negative:
	// it doesn't.
	left int
	off  bool
	done int
	name string
}

// content is a file: how it reads now, and what of it is safe.
type content struct {
	now  []byte
	safe []byte
	// there says that the file's name is safe too.
	there bool
	dirty map[int]bool
}

// New makes an empty disk.
func New() *Disk { return &Disk{files: map[string]*content{}, left: -1} }

// Source registers the disk as a VFS, until Close, and gives the data source name
// of a database on it: with the write-ahead log, in exclusive locking mode, and
// with foreign keys; pragmas, such as "synchronous(FULL)", come after that.
func (d *Disk) Source(name string, pragmas ...string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.name = fmt.Sprintf("powerloss-%p", d)
	vfs.Register(d.name, d)
	var b strings.Builder
	fmt.Fprintf(&b, "file:/%s?vfs=%s", name, d.name)
	for _, p := range slices.Concat([]string{"locking_mode(EXCLUSIVE)", "journal_mode(WAL)", "foreign_keys(1)", "busy_timeout(1000)", "temp_store(MEMORY)"}, pragmas) {
		b.WriteString("&_pragma=" + p)
	}
	return b.String() + "&_txlock=immediate"
}

// Close takes the disk out of SQLite's list; the databases on it must be closed.
func (d *Disk) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.name != "" {
		vfs.Unregister(d.name)
	}
}

// CutAfter lets the power fail after n more writes and syncs: everything fails
// from then on.
func (d *Disk) CutAfter(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.left = max(0, n)
}

// Cut lets the power fail now.
func (d *Disk) Cut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.off = true
}

// Off says whether the power has failed.
func (d *Disk) Off() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.off
}

// Operations counts the writes and syncs so far.
func (d *Disk) Operations() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.done
}

// Clone copies a disk, with what is and isn't safe.
func (d *Disk) Clone() *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := New()
	for name, f := range d.files {
		c.files[name] = &content{now: slices.Clone(f.now), safe: slices.Clone(f.safe), there: f.there, dirty: maps.Clone(f.dirty)}
	}
	return c
}

// Restart gives the disk as it is found when the power comes back. chance decides
// what of the unsafe sectors is on it; the same chance gives the same disk.
func (d *Disk) Restart(chance *rand.Rand) *Disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	after := New()
	for _, name := range slices.Sorted(maps.Keys(d.files)) {
		f := d.files[name]
		if !f.there && chance.IntN(2) == 0 {
			continue
		}
		b := f.after(chance)
		after.files[name] = &content{now: b, safe: slices.Clone(b), there: true, dirty: map[int]bool{}}
	}
	return after
}

// after gives what is left of a file.
func (f *content) after(chance *rand.Rand) []byte {
	size := len(f.safe)
	if chance.IntN(2) == 0 {
		size = len(f.now)
	}
	out := make([]byte, size)
	copy(out, f.safe)
	for _, s := range slices.Sorted(maps.Keys(f.dirty)) {
		from, to := s*sectorSize, min((s+1)*sectorSize, len(f.now))
		if from >= to {
			continue
		}
		begin, end := from, to
		switch chance.IntN(3) {
		case 0: // it didn't get there
			continue
		case 1: // it got there
		case 2: // a part of it did
			cut := from + chance.IntN(to-from)
			if chance.IntN(2) == 0 {
				end = cut
			} else {
				begin = cut
			}
		}
		if end > len(out) {
			out = append(out, make([]byte, end-len(out))...)
		}
		copy(out[begin:end], f.now[begin:end])
	}
	return out
}

// spend takes one of the operations that are left.
func (d *Disk) spend() bool {
	if d.off || d.left == 0 {
		d.off = true
		return false
	}
	d.done++
	if d.left > 0 {
		d.left--
	}
	return true
}
