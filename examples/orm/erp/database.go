package erp

import (
	"database/sql"
	"strings"

	"github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib" // PostgreSQL; the ERP chooses the drivers
	_ "modernc.org/sqlite"             // SQLite in pure Go

	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// Kind is the ERP's database.
type Kind string

// The kinds. MariaDB stands for MySQL too.
const (
	SQLite   Kind = "sqlite"
	Postgres Kind = "postgres"
	MariaDB  Kind = "mariadb"
)

// Database is a pool of connections to a database of a kind.
type Database struct {
	Kind Kind
	DB   *sql.DB
}

// OpenFile opens a SQLite file.
func OpenFile(file string) (Database, error) {
	db, err := sql.Open("sqlite", "file:"+file+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"+
		"&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)")
	return Database{SQLite, db}, err
}

// OpenPostgres opens a database of PostgreSQL by its URL.
func OpenPostgres(url string) (Database, error) {
	db, err := sql.Open("pgx", url)
	return Database{Postgres, db}, err
}

// OpenMariaDB opens a database of MariaDB or MySQL, by go-sql-driver's name for it.
func OpenMariaDB(dsn string) (Database, error) {
	cfg, err := mysql.ParseDSN(dsn)
	if err != nil {
		return Database{}, err
	}
	k, err := mysql.NewConnector(cfg)
	if err != nil {
		return Database{}, err
	}
	return Database{MariaDB, sql.OpenDB(k)}, nil
}

func (d Database) dialect() sqlstore.Dialect {
	switch d.Kind {
	case Postgres:
		return sqlstore.PostgreSQL()
	case MariaDB:
		return sqlstore.MySQL()
	}
	return sqlstore.SQLite()
}

// Query puts the database's placeholders into a statement with question marks.
func (d Database) Query(text string) string {
	for n := '1'; d.Kind == Postgres && strings.Contains(text, "?"); n++ {
		text = strings.Replace(text, "?", "$"+string(n), 1)
	}
	return text
}
