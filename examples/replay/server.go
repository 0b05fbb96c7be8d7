package main

import (
	"database/sql"
	"errors"
	"net/url"
	"strings"

	"github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib" // PostgreSQL

	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// isDSN says whether a text names a server's database.
func isDSN(s string) bool {
	_, _, err := serverOf(s)
	return err == nil
}

// openServer opens a database of PostgreSQL ("postgres://user:password@host:5432/db")
// or of MariaDB or MySQL ("mysql://user:password@host:3306/db", or "mariadb://…").
// It must exist; the tables are made in it.
func openServer(dsn string) (*sql.DB, sqlstore.Dialect, error) {
	u, mariaDB, err := serverOf(dsn)
	if err != nil {
		return nil, sqlstore.Dialect{}, err
	}
	if !mariaDB {
		db, err := sql.Open("pgx", dsn)
		return db, sqlstore.PostgreSQL(), err
	}
	cfg := mysql.NewConfig()
	cfg.User = u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	cfg.Net, cfg.Addr, cfg.DBName = "tcp", u.Host, strings.TrimPrefix(u.Path, "/")
	if u.Port() == "" {
		cfg.Addr += ":3306"
	}
	k, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, sqlstore.Dialect{}, err
	}
	return sql.OpenDB(k), sqlstore.MySQL(), nil
}

// serverOf reads the URL; its errors don't repeat it, since it may hold a password.
func serverOf(dsn string) (u *url.URL, mariaDB bool, err error) {
	u, err = url.Parse(dsn)
	if err != nil {
		return nil, false, errors.New("the DSN isn't a URL")
	}
	switch u.Scheme {
	case "postgres", "postgresql":
		return u, false, nil
	case "mysql", "mariadb":
		return u, true, nil
	}
	return nil, false, errors.New("the DSN begins with neither postgres:// nor mysql://")
}
