package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
)

// MySQL is the dialect of MariaDB 10.6 or later, and of MySQL 8.0.17 or later, on
// which it isn't tested; with go-sql-driver/mysql or a driver whose errors read
// like its. sql_mode must be strict, the connection's character set utf8mb4;
// Store.Check verifies it. Transactions of the store's own write at the database's
// default isolation (REPEATABLE READ) and read at REPEATABLE READ, READ ONLY.
//
// With interpolateParams=true a statement of a host's transaction costs one trip
// instead of two; the store's own are kept prepared. clientFoundRows may be set
// or not.
//
// Designed for, but not tested on: Galera, TiDB and Vitess.
func MySQL() Dialect {
	return Dialect{
		name:        "mysql",
		flat:        true,
		prepareWait: remoteWait,
		view:        sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
		id:          func(u uuid.UUID) any { return u[:] },
		// INSERT IGNORE would turn every other error into a warning, and whether ON
		// DUPLICATE KEY UPDATE counts a row that it leaves alone depends on the
		// driver's clientFoundRows. A plain INSERT whose key is taken ends only itself.
		nothing:      "",
		upsert:       onDuplicateKey,
		column:       struct{ before, after string }{"", " x"},
		classify:     mysqlClass,
		refused:      func(err error) bool { return mysqlNumber(err) != 0 },
		there:        mysqlThere,
		check:        mysqlCheck,
		versionTable: "CREATE TABLE IF NOT EXISTS pursuit_schema_version (version INT NOT NULL PRIMARY KEY) ENGINE = InnoDB",
	}
}

// onDuplicateKey is the upsert of MariaDB and MySQL. It would also change a row
// that holds another unique key: it may be used only on tables whose primary key
// is their only one.
func onDuplicateKey(_ string, _, set []string, add bool) string {
	var b strings.Builder
	b.WriteString(" ON DUPLICATE KEY UPDATE ")
	for i, c := range set {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(c + " = ")
		if add {
			b.WriteString(c + " + ")
		}
		b.WriteString("VALUES(" + c + ")")
	}
	return b.String()
}

// mysqlNumber is the number of the server's answer, or 0. go-sql-driver's error
// has it in a field, which no interface reaches without importing the driver; so
// it is read from the text, which begins with "Error 1213 (40001): " (or, of old
// servers, "Error 1213: "). The text of each error in the chain is looked at, so
// that one that only quotes such a text doesn't count.
func mysqlNumber(err error) int {
	if rest, ok := strings.CutPrefix(err.Error(), "Error "); ok {
		end := 0
		for end < len(rest) && end < 6 && rest[end] >= '0' && rest[end] <= '9' {
			end++
		}
		if n, e := strconv.Atoi(rest[:end]); e == nil && (strings.HasPrefix(rest[end:], ":") || strings.HasPrefix(rest[end:], " (")) {
			return n
		}
	}
	if w, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range w.Unwrap() {
			if n := mysqlNumber(e); n != 0 {
				return n
			}
		}
	}
	if e := errors.Unwrap(err); e != nil {
		return mysqlNumber(e)
	}
	return 0
}

func mysqlClass(err error) class {
	switch mysqlNumber(err) {
	case 0:
		if severed(err) {
			return classLost
		}
	case 1213, 1205, 1020, 9007:
		// Deadlock, lock wait timeout, a row that changed since the snapshot, and
		// TiDB's write conflict. After 1213 the server has ended the transaction and
		// what comes next commits by itself; after 1205 only the statement is undone.
		// Both end the transaction here.
		return classRetry
	case 1062, 1586:
		return classUnique
	case 1451, 1452, 1216, 1217:
		return classReference
	case 1690, 1264:
		return classOverflow
	case 3, 1021, 1114:
		return classFull
	case 1047, 1053, 1152, 1158, 1159, 1160, 1161, 1180, 1184, 1927, 2006, 2013, 3169, 4031:
		// The server is going down, isn't part of its cluster, lost the connection, or
		// doesn't know how COMMIT ended (1180).
		return classLost
	}
	return classOther
}

// mysqlThere says that a table, column, index or constraint is there already, or
// not any more.
func mysqlThere(err error) bool {
	switch mysqlNumber(err) {
	case 1050, 1060, 1061, 1091, 1826:
		return true
	}
	return false
}

func mysqlCheck(ctx context.Context, c Conn, o *Options, f *fault.Fields) error {
	got, err := settings(ctx, c, "SHOW VARIABLES WHERE Variable_name IN ('sql_mode', 'character_set_client', 'character_set_connection',"+
		" 'innodb_flush_log_at_trx_commit', 'innodb_doublewrite', 'tx_isolation', 'transaction_isolation')")
	if err != nil {
		return err
	}
	strict := false
	for mode := range strings.SplitSeq(got["sql_mode"], ",") {
		strict = strict || mode == "strict_trans_tables" || mode == "strict_all_tables" || mode == "traditional"
	}
	if !strict {
		f.Add("/sql_mode", "bad_setting", "must hold STRICT_TRANS_TABLES: text that is too long would be cut")
	}
	needs(f, got, "character_set_client", "utf8mb4")
	needs(f, got, "character_set_connection", "utf8mb4")
	needs(f, got, "tx_isolation", "READ-COMMITTED", "REPEATABLE-READ", "SERIALIZABLE")
	needs(f, got, "transaction_isolation", "READ-COMMITTED", "REPEATABLE-READ", "SERIALIZABLE")
	if !o.NormalSync {
		needs(f, got, "innodb_flush_log_at_trx_commit", "1", "3")
		needs(f, got, "innodb_doublewrite", "ON", "1", "DETECT_AND_RECOVER")
	}
	return nil
}
