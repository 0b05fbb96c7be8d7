package integration

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/pursuit-crm/pursuit/internal/integration/servers"
)

// The servers are started when a test first asks for them, and ended with the
// tests. One that can't be had fails each test that needs it.
var (
	postgres = &running{start: servers.Postgres}
	mariadb  = &running{start: servers.MariaDB}
)

type running struct {
	start  func(context.Context) (*servers.Server, error)
	once   sync.Once
	server *servers.Server
	err    error
}

func (r *running) get(t testing.TB) *servers.Server {
	t.Helper()
	r.once.Do(func() { r.server, r.err = r.start(context.Background()) })
	if r.err != nil {
		t.Fatalf("no server: %v", r.err)
	}
	return r.server
}

func TestMain(m *testing.M) {
	code := m.Run()
	// A server that was there before keeps nothing of ours.
	err := errors.Join(pgPool.drop(postgres.server), mariaPool.drop(mariadb.server), postgres.server.Stop(), mariadb.server.Stop())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}
