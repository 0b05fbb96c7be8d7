package integration

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	"modernc.org/sqlite"

	"github.com/pursuit-crm/pursuit/internal/integration/servers"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// database is one of those that the SQL store speaks to.
type database struct {
	name    string
	dialect sqlstore.Dialect
	// fresh gives what connects to an empty database without tables.
	fresh func(t testing.TB) driver.Connector
	// made is fresh with the tables of the default options in place.
	made func(t testing.TB) driver.Connector
	// id is the type of an id in the host's own tables.
	id string
}

var databases = []database{
	{"sqlite", sqlstore.SQLite(), freshSQLite, madeSQLite, "BLOB"},
	{"postgres", sqlstore.PostgreSQL(), freshPostgres, madePostgres, "UUID"},
	{"mariadb", sqlstore.MySQL(), freshMariaDB, madeMariaDB, "BINARY(16)"},
}

// onSQL runs a test on every database, side by side as onEach does.
func onSQL(t *testing.T, f func(t *testing.T, d database)) { onSome(t, databases, f) }

// onServers runs a test on the databases that are servers, side by side.
func onServers(t *testing.T, f func(t *testing.T, d database)) { onSome(t, databases[1:], f) }

func onSome(t *testing.T, some []database, f func(t *testing.T, d database)) {
	t.Parallel()
	for _, d := range some {
		t.Run(d.name, func(t *testing.T) { t.Parallel(); f(t, d) })
	}
}

// opened opens a database for the time of a test.
func opened(t testing.TB, c driver.Connector) *sql.DB {
	t.Helper()
	db := sql.OpenDB(c)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// store makes a store on an empty database. With nil options the tables may come
// from a template.
func (d database) store(t testing.TB, opts *sqlstore.Options) (*sqlstore.Store, *sql.DB) {
	t.Helper()
	open := d.made
	if opts != nil {
		open = d.fresh
	}
	db := opened(t, open(t))
	return d.on(t, db, opts), db
}

// on makes a store on an open database, and migrates it.
func (d database) on(t testing.TB, db *sql.DB, opts *sqlstore.Options) *sqlstore.Store {
	t.Helper()
	s, err := sqlstore.New(db, d.dialect, opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.Migrate(context.Background()))
	return s
}

// q gives a statement in the database's own way: ? becomes $1, $2, ….
func (d database) q(query string) string {
	for n := 1; d.name == "postgres" && strings.Contains(query, "?"); n++ {
		query = strings.Replace(query, "?", fmt.Sprint("$", n), 1)
	}
	return query
}

// key gives an id as an argument of the host's own statements.
func (d database) key(id [16]byte) any {
	if d.name == "postgres" {
		return fmt.Sprintf("%x", id[:])
	}
	return id[:]
}

// host begins transactions of a host.
func (d database) host(t testing.TB, s *sqlstore.Store, db *sql.DB) func() hostTx {
	return func() hostTx {
		tx, err := db.Begin()
		require.NoError(t, err)
		return hostTx{s.Bind(sqlstore.Std(tx)), tx.Commit, tx.Rollback}
	}
}

// asStore is store for the table of stores.
func (d database) asStore(t *testing.T) (storage.Store, func() hostTx) {
	s, db := d.store(t, nil)
	return s, d.host(t, s, db)
}

type sqliteConnector struct{ source string }

func (c sqliteConnector) Driver() driver.Driver { return &sqlite.Driver{} }

func (c sqliteConnector) Connect(context.Context) (driver.Conn, error) {
	return (&sqlite.Driver{}).Open(c.source)
}

func freshSQLite(t testing.TB) driver.Connector {
	return sqliteConnector{sqliteSource(filepath.Join(t.TempDir(), "p.db")) + "&_txlock=immediate"}
}

func madeSQLite(t testing.TB) driver.Connector { return freshSQLite(t) }

var serial atomic.Int64

// newName names a database that isn't there: an existing server may be shared.
func newName() string { return fmt.Sprintf("pursuit_t%d_%d", os.Getpid(), serial.Add(1)) }

func pgConnector(t testing.TB, database string) driver.Connector {
	cfg, err := pgx.ParseConfig(postgres.get(t).PostgresURL(database))
	require.NoError(t, err)
	return stdlib.GetConnector(*cfg)
}

func pgAdmin(t testing.TB, statement string) {
	t.Helper()
	db := sql.OpenDB(pgConnector(t, "postgres"))
	defer db.Close()
	_, err := db.Exec(statement)
	require.NoError(t, err)
}

// pgCreate creates a database that sorts as English does, where the server knows
// how (15 or later): our tables must not depend on it.
func pgCreate(t testing.TB, name string) {
	t.Helper()
	db := sql.OpenDB(pgConnector(t, "postgres"))
	defer db.Close()
	if _, err := db.Exec("CREATE DATABASE " + name + " TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"); err != nil {
		_, err = db.Exec("CREATE DATABASE " + name + " TEMPLATE template0")
		require.NoError(t, err)
	}
}

func freshPostgres(t testing.TB) driver.Connector {
	name := newName()
	pgCreate(t, name)
	t.Cleanup(func() { pgAdmin(t, "DROP DATABASE "+name+" WITH (FORCE)") })
	return pgConnector(t, name)
}

func mariaConfig(t testing.TB, database string) *mysql.Config {
	cfg, err := mysql.ParseDSN(mariadb.get(t).MariaDBDSN(database))
	require.NoError(t, err)
	cfg.Logger = &mysql.NopLogger{} // it writes to stderr otherwise
	return cfg
}

func mariaConnector(t testing.TB, cfg *mysql.Config) driver.Connector {
	c, err := mysql.NewConnector(cfg)
	require.NoError(t, err)
	return c
}

func mariaAdmin(t testing.TB, statements ...string) {
	t.Helper()
	db := sql.OpenDB(mariaConnector(t, mariaConfig(t, "")))
	defer db.Close()
	for _, s := range statements {
		_, err := db.Exec(s)
		require.NoError(t, err)
	}
}

func freshMariaDB(t testing.TB) driver.Connector {
	name := newName()
	// A collation that ignores case and accents, unlike that of our tables.
	mariaAdmin(t, "CREATE DATABASE "+name+" CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
	t.Cleanup(func() { mariaAdmin(t, "DROP DATABASE "+name) })
	return mariaConnector(t, mariaConfig(t, name))
}

// pool keeps databases with tables for the next test: servers take their time to
// create them.
type pool struct {
	sync.Mutex
	free   []string
	create func(t testing.TB, name string)
	open   func(t testing.TB, name string) driver.Connector
	// list names the tables of a database; first is run before rows are deleted.
	list, first string
	all         []string
	admin       func(s *servers.Server) (*sql.DB, error)
}

// drop drops what the pool made, at the end.
func (p *pool) drop(s *servers.Server) error {
	if s == nil || len(p.all) == 0 || s.Pid() != 0 {
		return nil
	}
	db, err := p.admin(s)
	if err != nil {
		return err
	}
	defer db.Close()
	for _, name := range p.all {
		_, e := db.Exec("DROP DATABASE " + name)
		err = errors.Join(err, e)
	}
	return err
}

var (
	pgPool = &pool{
		create: pgCreate,
		open:   pgConnector,
		list:   "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
		first:  "SET lock_timeout = '5s'", // a transaction that a test forgot
		admin:  func(s *servers.Server) (*sql.DB, error) { return sql.Open("pgx", s.PostgresURL("postgres")) },
	}
	mariaPool = &pool{
		create: func(t testing.TB, name string) {
			mariaAdmin(t, "CREATE DATABASE "+name+" CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
		},
		open:  func(t testing.TB, name string) driver.Connector { return mariaConnector(t, mariaConfig(t, name)) },
		list:  "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()",
		first: "SET FOREIGN_KEY_CHECKS = 0, lock_wait_timeout = 5",
		admin: func(s *servers.Server) (*sql.DB, error) { return sql.Open("mysql", s.MariaDBDSN("")) },
	}
)

func madePostgres(t testing.TB) driver.Connector { return pgPool.take(t) }
func madeMariaDB(t testing.TB) driver.Connector  { return mariaPool.take(t) }

func (p *pool) take(t testing.TB) driver.Connector { return p.open(t, p.name(t)) }

// name gives a database for the time of a test.
func (p *pool) name(t testing.TB) string {
	t.Helper()
	p.Lock()
	defer p.Unlock()
	var name string
	if n := len(p.free); n > 0 {
		name, p.free = p.free[n-1], p.free[:n-1]
	} else {
		name = newName()
		p.create(t, name)
		p.all = append(p.all, name)
	}
	t.Cleanup(func() {
		p.empty(t, name)
		p.Lock()
		defer p.Unlock()
		p.free = append(p.free, name)
	})
	return name
}

// ours are our tables, those that others refer to last.
var ours = sync.OnceValue(func() (names []string) {
	files, err := sqlstore.Migrations(sqlstore.PostgreSQL(), nil)
	if err != nil {
		panic(err)
	}
	versions, err := fs.Glob(files, "*.sql")
	if err != nil {
		panic(err)
	}
	for _, v := range slices.Backward(versions) {
		b, err := fs.ReadFile(files, v)
		if err != nil {
			panic(err)
		}
		for _, m := range regexp.MustCompile(`DROP TABLE (\w+)`).FindAllStringSubmatch(string(b), -1) {
			names = append(names, m[1])
		}
	}
	return names
})

// empty deletes our rows, and drops what isn't ours.
func (p *pool) empty(t testing.TB, name string) {
	db := sql.OpenDB(p.open(t, name))
	defer db.Close()
	db.SetMaxOpenConns(1)
	rows, err := db.Query(p.list)
	require.NoError(t, err)
	defer rows.Close()
	there := map[string]bool{}
	for rows.Next() {
		var n string
		require.NoError(t, rows.Scan(&n))
		there[n] = true
	}
	require.NoError(t, rows.Err())
	statements := []string{p.first, "BEGIN"}
	for _, n := range ours() {
		if there[n] {
			statements = append(statements, "DELETE FROM "+n)
		}
		delete(there, n)
	}
	statements = append(statements, "COMMIT")
	delete(there, "pursuit_schema_version")
	for n := range there {
		statements = append(statements, "DROP TABLE "+n)
	}
	for _, s := range statements {
		_, err := db.Exec(s)
		require.NoError(t, err, s)
	}
}

// withMode connects with more parameters, to a database with tables.
func withMode(t testing.TB, d database, mode string) driver.Connector {
	t.Helper()
	if d.name == "postgres" {
		name := pgPool.name(t)
		cfg, err := pgx.ParseConfig(postgres.get(t).PostgresURL(name) + "&" + mode)
		require.NoError(t, err)
		return stdlib.GetConnector(*cfg)
	}
	name := mariaPool.name(t)
	cfg, err := mysql.ParseDSN(mariadb.get(t).MariaDBDSN(name) + "&" + strings.ReplaceAll(mode, "'", "%27"))
	require.NoError(t, err)
	cfg.Logger = &mysql.NopLogger{}
	return mariaConnector(t, cfg)
}
