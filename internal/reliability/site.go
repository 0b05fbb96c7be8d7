package reliability

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"

	"github.com/pursuit-crm/pursuit/internal/integration/servers"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// Site is a kind of store.
type Site struct {
	Name    string
	dialect sqlstore.Dialect
	// fresh makes an empty database and says how to reach it.
	fresh func(ctx context.Context, dir string) (source string, err error)
	// connect gives a connector to a database.
	connect func(source string) (driver.Connector, error)
	// conns bounds the pool; 0 leaves it open.
	conns int
	// server is the server that it runs on, if it is one.
	server *running
}

// Place is a database of a site, with the store on it.
type Place struct {
	Site  *Site
	Store storage.Store
	// DB and Source are empty on the memory store.
	DB     *sql.DB
	Source string
	sql    *sqlstore.Store
	pool   *pgxpool.Pool // what the store is on in place of DB, or nil
}

// Close lets go of the database; it isn't deleted.
func (p *Place) Close() error {
	if p.DB == nil {
		return nil
	}
	if p.pool != nil {
		defer p.pool.Close()
	}
	return errors.Join(p.sql.Close(), p.DB.Close())
}

// forget lets go of the statements that are kept prepared.
func (p *Place) forget() error {
	if p.pool != nil {
		p.pool.Reset()
	}
	return p.sql.Close()
}

// Memory, SQLite, Postgres and MariaDB are the sites.
var (
	Memory = &Site{Name: "memory"}
	SQLite = &Site{
		Name: "sqlite", dialect: sqlstore.SQLite(),
		fresh: func(_ context.Context, dir string) (string, error) {
			return "file:" + filepath.Join(dir, fmt.Sprintf("p%d.db", serial.Add(1))) +
				"?_pragma=foreign_keys(1)&_pragma=busy_timeout(30000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=temp_store(MEMORY)&_txlock=immediate", nil
		},
		connect: func(source string) (driver.Connector, error) { return sqliteConnector{source}, nil },
	}
	Postgres = &Site{
		Name: "postgres", dialect: sqlstore.PostgreSQL(), conns: 64, server: postgresServer,
		fresh: freshPostgres, connect: connectPostgres,
	}
	MariaDB = &Site{
		Name: "mariadb", dialect: sqlstore.MySQL(), conns: 64, server: mariadbServer,
		fresh: freshMariaDB, connect: connectMariaDB,
	}
	// AllSites are all of them, SQLSites those with a database, Servers those with
	// a server.
	AllSites = []*Site{Memory, SQLite, Postgres, MariaDB}
	SQLSites = AllSites[1:]
	Servers  = AllSites[2:]
)

var serial atomic.Int64

var (
	postgresServer = &running{start: servers.Postgres}
	mariadbServer  = &running{start: servers.MariaDB}
)

type sqliteConnector struct{ source string }

func (sqliteConnector) Driver() driver.Driver { return &sqlite.Driver{} }

func (c sqliteConnector) Connect(context.Context) (driver.Conn, error) {
	return (&sqlite.Driver{}).Open(c.source)
}

// running is a server that is started when it is first asked for.
type running struct {
	start  func(context.Context) (*servers.Server, error)
	mu     sync.Mutex
	server *servers.Server
}

func (r *running) get(ctx context.Context) (*servers.Server, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.server == nil {
		s, err := r.start(ctx)
		if err != nil {
			return nil, err
		}
		r.server = s
	}
	return r.server, nil
}

// Stop ends the servers that were started.
func Stop() error {
	var errs []error
	for _, s := range Servers {
		s.server.mu.Lock()
		errs = append(errs, s.server.server.Stop())
		s.server.server = nil
		s.server.mu.Unlock()
	}
	return errors.Join(errs...)
}

func newName() string { return fmt.Sprintf("pursuit_r%d_%d", os.Getpid(), serial.Add(1)) }

func connectPostgres(source string) (driver.Connector, error) {
	cfg, err := pgx.ParseConfig(source)
	if err != nil {
		return nil, err
	}
	return stdlib.GetConnector(*cfg), nil
}

func connectMariaDB(source string) (driver.Connector, error) {
	cfg, err := mysql.ParseDSN(source)
	if err != nil {
		return nil, err
	}
	cfg.Logger = &mysql.NopLogger{}
	return mysql.NewConnector(cfg)
}

func freshPostgres(ctx context.Context, _ string) (string, error) {
	s, err := postgresServer.get(ctx)
	if err != nil {
		return "", err
	}
	name := newName()
	return s.PostgresURL(name), admin(ctx, connectPostgres, s.PostgresURL("postgres"), "CREATE DATABASE "+name)
}

func freshMariaDB(ctx context.Context, _ string) (string, error) {
	s, err := mariadbServer.get(ctx)
	if err != nil {
		return "", err
	}
	name := newName()
	return s.MariaDBDSN(name), admin(ctx, connectMariaDB, s.MariaDBDSN(""), "CREATE DATABASE "+name+" CHARACTER SET utf8mb4")
}

// admin runs a statement on a connection of its own.
func admin(ctx context.Context, connect func(string) (driver.Connector, error), source, statement string) error {
	c, err := connect(source)
	if err != nil {
		return err
	}
	db := sql.OpenDB(c)
	defer db.Close()
	_, err = db.ExecContext(ctx, statement)
	return err
}

// With adds a parameter to a source.
func (s *Site) With(source, name, value string) string {
	sep := "?"
	if strings.Contains(source, "?") {
		sep = "&"
	}
	// Not every driver takes + for a space.
	return source + sep + name + "=" + strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
}

// Fresh makes an empty database, with tables.
func (s *Site) Fresh(ctx context.Context, dir string) (*Place, error) {
	if s == Memory {
		return &Place{Site: s, Store: memory.New()}, nil
	}
	source, err := s.fresh(ctx, dir)
	if err != nil {
		return nil, err
	}
	p, err := s.Open(source, nil)
	if err != nil {
		return nil, err
	}
	if err := p.sql.Migrate(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// Open opens a database that is there. wrap, if not nil, is put between.
func (s *Site) Open(source string, wrap func(driver.Connector) driver.Connector) (*Place, error) {
	c, err := s.connect(source)
	if err != nil {
		return nil, err
	}
	if wrap != nil {
		c = wrap(c)
	}
	db := sql.OpenDB(c)
	if s.conns > 0 {
		db.SetMaxOpenConns(s.conns)
		db.SetMaxIdleConns(s.conns)
	} else {
		db.SetMaxIdleConns(8)
	}
	store, err := sqlstore.New(db, s.dialect, nil)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Place{Site: s, Store: store, DB: db, Source: source, sql: store}, nil
}

// inUse says how many connections are in use, after those that are just going
// back have had a moment; 0 without a database.
func (p *Place) inUse() (n int) {
	if p.DB == nil {
		return 0
	}
	for wait := time.Millisecond; wait < 300*time.Millisecond; wait *= 2 {
		if n = p.DB.Stats().InUse; n == 0 {
			break
		}
		time.Sleep(wait)
	}
	return n
}

// size is a Full that doesn't depend on the site.
func size(n int) func(*Site) int { return func(*Site) int { return n } }

// bySite is a Full that does.
func bySite(of map[string]int, other int) func(*Site) int {
	return func(s *Site) int {
		if n, ok := of[s.Name]; ok {
			return n
		}
		return other
	}
}
