package reliability

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"strings"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pursuit-crm/pursuit/storage/pgxconn"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// Pgx is a store whose statements go through pgx itself, several at once: no driver
// can be tapped there, so that the mutator stands on the wire. Only B16 knows it.
var Pgx = &Site{
	Name: "pgx", dialect: sqlstore.PostgreSQL(), conns: 64, server: postgresServer,
	fresh: freshPostgres, connect: connectPostgres,
}

// overPgx opens a database that is there, with the mutator between.
func (s *Site) overPgx(ctx context.Context, source string, m *mutator) (*Place, error) {
	p, err := s.Open(source, nil) // for what the check itself asks
	if err != nil {
		return nil, err
	}
	cfg, err := pgxpool.ParseConfig(source)
	if err != nil {
		return nil, err
	}
	cfg.ConnConfig.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		return pgproto3.NewFrontend(heard{r, m}, &wire{w: w, m: m, prepared: map[string]string{}})
	}
	if p.pool, err = pgxpool.NewWithConfig(ctx, cfg); err != nil {
		return nil, err
	}
	p.sql, err = pgxconn.New(p.pool, nil)
	p.Store = p.sql
	return p, err
}

// wire passes on what a client sends, but for its statements, which the mutator
// rewrites. Each Write is of whole messages.
type wire struct {
	w        io.Writer
	m        *mutator
	prepared map[string]string
}

func (w *wire) Write(b []byte) (int, error) {
	if len(b) > 0 && b[0] == 0 { // the first message has no letter
		return w.w.Write(b)
	}
	out := make([]byte, 0, len(b)+64)
	for rest := b; len(rest) > 0; {
		if len(rest) < 5 {
			return 0, io.ErrShortBuffer
		}
		n := 1 + int(binary.BigEndian.Uint32(rest[1:]))
		if n > len(rest) {
			return 0, io.ErrShortBuffer
		}
		out = append(out, w.passed(rest[:n])...)
		rest = rest[n:]
	}
	if _, err := w.w.Write(out); err != nil {
		return 0, err
	}
	return len(b), nil
}

// passed gives what is sent in place of a message.
func (w *wire) passed(msg []byte) []byte {
	switch text := msg[5:]; msg[0] {
	case 'P': // Parse: a name, the statement, and its parameters' types
		name, after, _ := bytes.Cut(text, []byte{0})
		query, types, _ := bytes.Cut(after, []byte{0})
		w.prepared[string(name)] = string(query)
		sent := w.m.rewrite(string(query))
		msg = append([]byte{'P', 0, 0, 0, 0}, name...)
		msg = append(append(append(append(msg, 0), sent...), 0), types...)
		binary.BigEndian.PutUint32(msg[1:], uint32(len(msg)-1))
	case 'B': // Bind: a portal, and the statement's name
		_, after, _ := bytes.Cut(text, []byte{0})
		name, _, _ := bytes.Cut(after, []byte{0})
		if query := w.prepared[string(name)]; strings.TrimSpace(query) != "" {
			w.m.ran(query)
		}
	}
	return msg
}

// heard looks whether the server doesn't understand a statement.
type heard struct {
	r io.Reader
	m *mutator
}

func (h heard) Read(b []byte) (int, error) {
	n, err := h.r.Read(b)
	if bytes.Contains(b[:n], []byte("\x00C42")) { // SQLSTATE, class 42
		h.m.misunderstood()
	}
	return n, err
}
