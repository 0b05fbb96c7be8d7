package sqlstore

import (
	"bytes"
	"embed"
	"io/fs"
	"strings"
)

//go:embed migrations
var migrationFiles embed.FS

// Migrations gives the migrations of a dialect as files in goose's format, with
// the prefix in place, for the host's own tool. nil options take the defaults.
// Errors: as New.
func Migrations(d Dialect, opts *Options) (fs.FS, error) {
	o, err := checked(d, opts)
	if err != nil {
		return nil, err
	}
	sub, err := fs.Sub(migrationFiles, "migrations/"+d.name)
	if err != nil {
		return nil, err
	}
	return prefixed{sub, o.Prefix}, nil
}

// prefixed gives files with another prefix than the default one.
type prefixed struct {
	fs.FS
	prefix string
}

func (p prefixed) Open(name string) (fs.File, error) {
	f, err := p.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return f, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	b, err := fs.ReadFile(p.FS, name)
	if err != nil {
		return nil, err
	}
	b = bytes.ReplaceAll(b, []byte(DefaultPrefix), []byte(p.prefix))
	return &file{bytes.NewReader(b), sized{info, int64(len(b))}}, nil
}

type file struct {
	*bytes.Reader
	info fs.FileInfo
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *file) Close() error               { return nil }

type sized struct {
	fs.FileInfo
	size int64
}

func (s sized) Size() int64 { return s.size }
