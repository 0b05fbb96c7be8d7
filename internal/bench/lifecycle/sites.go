package lifecycle

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"

	"github.com/pursuit-crm/pursuit/internal/integration/servers"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// site is where databases are made: a folder, or a server.
type site interface {
	flavour() flavour
	dialect() sqlstore.Dialect
	// open makes a new, empty database for a contender, for a number of
	// goroutines. count, if not nil, notes what is run.
	open(ctx context.Context, contender string, goroutines int, count *counter) (*sql.DB, error)
	// port is where a proxy to a server leads; 0 if there is no server.
	address() string
	// through gives the same site behind a proxy.
	through(p *proxy) site
}

// folder holds SQLite files.
type folder struct {
	dir         string
	synchronous string
	made        *int
}

func (folder) flavour() flavour          { return sqliteSQL }
func (folder) dialect() sqlstore.Dialect { return sqlstore.SQLite() }
func (folder) address() string           { return "" }
func (f folder) through(*proxy) site     { return f }

// open gives one connection, since SQLite has one writer: more connections make
// every contender slower. Transactions begin with IMMEDIATE.
func (f folder) open(_ context.Context, contender string, _ int, count *counter) (*sql.DB, error) {
	*f.made++
	name := fmt.Sprintf("%s-%d.db", strings.ReplaceAll(contender, " ", "-"), *f.made)
	return openSQLite(filepath.Join(f.dir, name), f.synchronous, count), nil
}

func openSQLite(path, synchronous string, count *counter) *sql.DB {
	source := "file:" + path + "?_pragma=foreign_keys(1)&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=temp_store(MEMORY)&_pragma=synchronous(" + synchronous + ")&_txlock=immediate"
	db := sql.OpenDB(counted(opener{&sqlite.Driver{}, source}, count))
	db.SetMaxOpenConns(1)
	return db
}

// postgresSite makes databases on a PostgreSQL server.
type postgresSite struct {
	s    *servers.Server
	made *int
}

func (postgresSite) flavour() flavour          { return postgresSQL }
func (postgresSite) dialect() sqlstore.Dialect { return sqlstore.PostgreSQL() }
func (p postgresSite) address() string         { return net.JoinHostPort(p.s.Host, strconv.Itoa(p.s.Port)) }
func (p postgresSite) through(x *proxy) site   { return postgresSite{behind(p.s, x), p.made} }

func behind(s *servers.Server, p *proxy) *servers.Server {
	return &servers.Server{Host: "127.0.0.1", Port: p.port(), User: s.User, Password: s.Password}
}

func (p postgresSite) connector(database string) (driver.Connector, error) {
	cfg, err := pgx.ParseConfig(p.s.PostgresURL(database))
	if err != nil {
		return nil, err
	}
	return stdlib.GetConnector(*cfg), nil
}

func (p postgresSite) open(ctx context.Context, contender string, goroutines int, count *counter) (*sql.DB, error) {
	name, err := create(ctx, p.connector, "postgres", contender, p.made)
	if err != nil {
		return nil, err
	}
	cfg, err := pgx.ParseConfig(p.s.PostgresURL(name))
	if err != nil {
		return nil, err
	}
	if contender == Bun {
		// bun writes the arguments into its statements: as its guide says, they are
		// sent as they are, since none comes twice.
		cfg.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	}
	return pool(stdlib.GetConnector(*cfg), goroutines, count), nil
}

// mariadbSite makes databases on a MariaDB server.
type mariadbSite struct {
	s    *servers.Server
	made *int
	// interpolate lets the driver put arguments into statements, for those who
	// don't prepare: a trip a statement instead of two.
	interpolate bool
}

func (mariadbSite) flavour() flavour          { return mariadbSQL }
func (mariadbSite) dialect() sqlstore.Dialect { return sqlstore.MySQL() }
func (m mariadbSite) address() string         { return net.JoinHostPort(m.s.Host, strconv.Itoa(m.s.Port)) }
func (m mariadbSite) through(x *proxy) site {
	return mariadbSite{behind(m.s, x), m.made, m.interpolate}
}

func (m mariadbSite) connector(database string) (driver.Connector, error) {
	cfg, err := mysql.ParseDSN(m.s.MariaDBDSN(database))
	if err != nil {
		return nil, err
	}
	cfg.InterpolateParams = m.interpolate
	return mysql.NewConnector(cfg)
}

func (m mariadbSite) open(ctx context.Context, contender string, goroutines int, count *counter) (*sql.DB, error) {
	name, err := create(ctx, m.connector, "mysql", contender, m.made)
	if err != nil {
		return nil, err
	}
	m.interpolate = !prepares(contender)
	k, err := m.connector(name)
	return pool(k, goroutines, count), err
}

// create makes a database.
func create(ctx context.Context, connector func(string) (driver.Connector, error), main, contender string, made *int) (string, error) {
	k, err := connector(main)
	if err != nil {
		return "", err
	}
	db := sql.OpenDB(k)
	defer db.Close()
	*made++
	name := fmt.Sprintf("bench_%d_%d_%s", os.Getpid(), *made, strings.ReplaceAll(contender, " ", "_"))
	_, err = db.ExecContext(ctx, "CREATE DATABASE "+name)
	return name, err
}

func pool(k driver.Connector, goroutines int, count *counter) *sql.DB {
	if k == nil {
		return nil
	}
	db := sql.OpenDB(counted(k, count))
	db.SetMaxOpenConns(goroutines)
	db.SetMaxIdleConns(goroutines)
	db.SetConnMaxIdleTime(time.Hour)
	return db
}
