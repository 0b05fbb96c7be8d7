package powerloss

import (
	"io"
	"maps"
	"slices"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

var _ vfs.VFS = (*Disk)(nil)

// Open is for SQLite.
func (d *Disk) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.off {
		return nil, flags, sqlite3.CANTOPEN
	}
	f := d.files[name]
	switch {
	case name == "":
		f = &content{dirty: map[int]bool{}}
	case f == nil && flags&vfs.OPEN_CREATE == 0:
		return nil, flags, sqlite3.CANTOPEN
	case f == nil:
		f = &content{dirty: map[int]bool{}}
		d.files[name] = f
	}
	return &file{d: d, f: f, name: name, gone: flags&vfs.OPEN_DELETEONCLOSE != 0}, flags, nil
}

// Delete is for SQLite. It is safe at once.
func (d *Disk) Delete(name string, _ bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.spend() {
		return sqlite3.IOERR_DELETE
	}
	if d.files[name] == nil {
		return sqlite3.IOERR_DELETE_NOENT
	}
	delete(d.files, name)
	return nil
}

// Access is for SQLite.
func (d *Disk) Access(name string, _ vfs.AccessFlag) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.files[name] != nil, nil
}

// FullPathname is for SQLite.
func (d *Disk) FullPathname(name string) (string, error) { return name, nil }

// file is an open file.
type file struct {
	d    *Disk
	f    *content
	name string
	gone bool
	lock vfs.LockLevel
}

func (f *file) Close() error {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	if f.gone && f.name != "" && !f.d.off {
		delete(f.d.files, f.name)
	}
	return nil
}

func (f *file) ReadAt(b []byte, off int64) (int, error) {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	if f.d.off {
		return 0, sqlite3.IOERR_READ
	}
	if off >= int64(len(f.f.now)) {
		return 0, io.EOF
	}
	n := copy(b, f.f.now[off:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (f *file) WriteAt(b []byte, off int64) (int, error) {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	if !f.d.spend() {
		return 0, sqlite3.IOERR_WRITE
	}
	end := int(off) + len(b)
	if end > len(f.f.now) {
		f.f.now = append(f.f.now, make([]byte, end-len(f.f.now))...)
	}
	copy(f.f.now[off:], b)
	for s := int(off) / sectorSize; s*sectorSize < end; s++ {
		f.f.dirty[s] = true
	}
	return len(b), nil
}

func (f *file) Truncate(size int64) error {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	if !f.d.spend() {
		return sqlite3.IOERR_TRUNCATE
	}
	if int(size) < len(f.f.now) {
		f.f.now = slices.Clone(f.f.now[:size])
	} else {
		f.f.now = append(f.f.now, make([]byte, int(size)-len(f.f.now))...)
	}
	return nil
}

func (f *file) Sync(vfs.SyncFlag) error {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	if !f.d.spend() {
		return sqlite3.IOERR_FSYNC
	}
	if f.d.Lies {
		return nil
	}
	if len(f.f.safe) > len(f.f.now) {
		f.f.safe = f.f.safe[:len(f.f.now)]
	} else {
		f.f.safe = append(f.f.safe, make([]byte, len(f.f.now)-len(f.f.safe))...)
	}
	for s := range maps.Keys(f.f.dirty) {
		from, to := s*sectorSize, min((s+1)*sectorSize, len(f.f.now))
		if from < to {
			copy(f.f.safe[from:to], f.f.now[from:to])
		}
	}
	clear(f.f.dirty)
	f.f.there = true
	return nil
}

func (f *file) Size() (int64, error) {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	return int64(len(f.f.now)), nil
}

func (f *file) Lock(lock vfs.LockLevel) error {
	f.lock = max(f.lock, lock)
	return nil
}

func (f *file) Unlock(lock vfs.LockLevel) error {
	f.lock = min(f.lock, lock)
	return nil
}

func (f *file) CheckReservedLock() (bool, error) { return f.lock >= vfs.LOCK_RESERVED, nil }

func (*file) SectorSize() int { return sectorSize }

// A write doesn't harm the bytes beside it; nothing else is promised.
func (*file) DeviceCharacteristics() vfs.DeviceCharacteristic { return vfs.IOCAP_POWERSAFE_OVERWRITE }
