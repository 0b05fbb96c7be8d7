package sqlstore

import (
	"bytes"
	"embed"
	"io/fs"
	"strings"
)

//go:embed migrations
var migrationFiles embed.FS

// Migrations returns the migrations of a dialect as files in goose's format, with
// prefix and schema filled in, for the host's own tool. nil options mean the
// defaults. Errors as for New.
func Migrations(d Dialect, opts *Options) (fs.FS, error) {
	o, err := checked(d, opts)
	if err != nil {
		return nil, err
	}
	sub, err := fs.Sub(migrationFiles, "migrations/"+d.name)
	if err != nil {
		return nil, err
	}
	return prefixed{sub, o}, nil
}

// prefixed gives files with the schema and the prefix of some options.
type prefixed struct {
	fs.FS
	opts Options
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
	// An index is in its table's schema, and mustn't name one.
	parts := bytes.Split(b, []byte("INDEX "+DefaultPrefix))
	for i := range parts {
		parts[i] = bytes.ReplaceAll(parts[i], []byte(DefaultPrefix), []byte(p.opts.names()))
	}
	var out bytes.Buffer
	for i, part := range parts {
		switch {
		case i == 0:
		case bytes.HasSuffix(parts[i-1], []byte("DROP ")): // but is found by it
			out.WriteString("INDEX " + p.opts.names())
		default:
			out.WriteString("INDEX " + p.opts.Prefix)
		}
		out.Write(part)
	}
	b = out.Bytes()
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
