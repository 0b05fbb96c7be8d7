package integration

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pursuit-crm/pursuit/internal/integration/servers"
)

// The servers are started when a test first asks for them, and ended with the
// tests. One that can't be had fails each test that needs it.
var (
	postgres = &running{start: servers.Postgres}
	mariadb  = &running{start: servers.MariaDB}
)

// patience is how long a test waits for what happens at once on a quiet machine.
// It only ends a hang.
var patience = 3 * time.Minute

func init() {
	if os.Getenv("PURSUIT_TWIN") != "" { // a seeded bug means to hang
		patience = 10 * time.Second
	}
}

// soon wants f to say that something took no longer than a limit. It is for limits
// that are promised: f is run again, as a busy machine may hold up anything once.
func soon(t testing.TB, limit time.Duration, f func() time.Duration) {
	t.Helper()
	var took time.Duration
	for range 20 {
		if took = f(); took <= limit || t.Failed() {
			return
		}
	}
	t.Fatalf("it took %v, and may take %v", took, limit)
}

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
	if !slices.ContainsFunc(os.Args, func(a string) bool { return strings.HasPrefix(a, "-test.parallel") }) {
		_ = flag.Set("test.parallel", strconv.Itoa(3*runtime.GOMAXPROCS(0))) // most wait for a server or a disk
	}
	code := m.Run()
	// A server that was there before keeps nothing of ours.
	err := errors.Join(pgPool.drop(postgres.server), mariaPool.drop(mariadb.server), postgres.server.Stop(), mariadb.server.Stop())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}
