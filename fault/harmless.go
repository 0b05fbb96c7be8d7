package fault

import (
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// wellKnown lists error texts that never hold a value.
var wellKnown = []string{
	"EOF", "unexpected EOF", "context canceled", "context deadline exceeded", "i/o timeout", "use of closed network connection",
	"sql: no rows in result set", "sql: connection is already closed", "sql: database is closed",
	"sql: transaction has already been committed or rolled back", "driver: bad connection", "invalid connection", "bad connection", "busy buffer",
	"malformed packet", "conn closed", "conn busy", "no rows in result set", "tx is closed", "closed pool", "commit unexpectedly resulted in rollback",
	"file does not exist", "file already exists", "file already closed", "permission denied", "invalid argument",
}

// harmless returns the loggable part of an error from outside the library: its
// type, and text known to hold no value.
func harmless(err error) (text string) {
	text = fmt.Sprintf("%T", err)
	defer func() { _ = recover() }() // a typed nil pointer, or a host's own method, may panic
	if v, ok := err.(slog.LogValuer); ok {
		return text + ": " + v.LogValue().Resolve().String()
	}
	if known := databaseWords(err); known != "" {
		return text + ": " + known
	}
	said := err.Error()
	of := reflect.TypeOf(err)
	if slices.Contains(wellKnown, said) || of.PkgPath() == "syscall" && of.Name() == "Errno" || sentinel(err) {
		return text + ": " + said
	}
	return text
}

func sentinel(err error) bool {
	return slices.ContainsFunc(kinds, func(k kind) bool { return k.err == err })
}

// databaseWords returns the codes, class and names in a database error.
// PostgreSQL drivers have the method SQLState; MySQL's text begins "Error 1062
// (23000): …"; SQLite's errors have a method Code or a field ExtendedCode.
func databaseWords(err error) string {
	if s, ok := err.(interface{ SQLState() string }); ok && stateLike(s.SQLState()) {
		words := state(s.SQLState())
		for _, name := range []string{"Constraint", "Table", "Column"} {
			if id := identifier(err, name+"Name", name); id != "" {
				words += ", " + strings.ToLower(name) + " " + id
			}
		}
		return words
	}
	if number, sqlState := mysqlHead(err.Error()); number != "" {
		if sqlState != "" {
			return "number " + number + ", " + state(sqlState)
		}
		return "number " + number
	}
	if code, ok := sqliteCode(err); ok {
		words := "code " + strconv.Itoa(code)
		if name := sqliteNames[code&0xff]; name != "" {
			words += " (" + name + ")"
		}
		return words
	}
	return ""
}

func stateLike(s string) bool {
	return len(s) == 5 && strings.Trim(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func state(s string) string {
	if class := stateClasses[s[:2]]; class != "" {
		return "SQLSTATE " + s + " (" + class + ")"
	}
	return "SQLSTATE " + s
}

// identifier returns the name of a schema object from the first of the given
// fields that the error has. A value that doesn't look like a name isn't shown.
func identifier(err error, fields ...string) string {
	v := reflect.Indirect(reflect.ValueOf(err))
	if v.Kind() != reflect.Struct {
		return ""
	}
	for _, name := range fields {
		f := v.FieldByName(name)
		if f.IsValid() && f.Kind() == reflect.String && len(f.String()) < 64 && strings.Trim(f.String(), identifierRunes) == "" {
			return f.String()
		}
	}
	return ""
}

const identifierRunes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

// mysqlHead parses "Error 1062 (23000): " at the beginning of a text.
func mysqlHead(text string) (number, sqlState string) {
	rest, ok := strings.CutPrefix(text, "Error ")
	if !ok {
		return "", ""
	}
	head, _, ok := strings.Cut(rest, ": ")
	if !ok {
		return "", ""
	}
	number, tail, _ := strings.Cut(head, " ")
	if len(number) == 0 || len(number) > 5 || strings.Trim(number, "0123456789") != "" {
		return "", ""
	}
	if s := strings.Trim(tail, "()"); stateLike(s) {
		sqlState = s
	}
	return number, sqlState
}

func sqliteCode(err error) (int, bool) {
	of := reflect.TypeOf(err)
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if !strings.Contains(of.PkgPath(), "sqlite") {
		return 0, false
	}
	if c, ok := err.(interface{ Code() int }); ok {
		return c.Code(), true
	}
	v := reflect.Indirect(reflect.ValueOf(err))
	if v.Kind() == reflect.Struct {
		if f := v.FieldByName("ExtendedCode"); f.IsValid() && f.CanInt() {
			return int(f.Int()), true
		}
	}
	return 0, false
}

// stateClasses names the classes of SQLSTATE that operators may meet.
var stateClasses = map[string]string{
	"02": "no data", "08": "connection", "0A": "not supported", "0B": "invalid initiation of a transaction", "21": "cardinality", "22": "data",
	"23": "integrity constraint", "24": "invalid state of a cursor", "25": "invalid state of the transaction", "26": "invalid name of a statement",
	"28": "authorisation", "2D": "invalid end of a transaction", "34": "invalid name of a cursor", "3D": "unknown database", "3F": "unknown schema",
	"40": "transaction rolled back", "42": "syntax or access rule", "44": "check option", "53": "insufficient resources", "54": "limit of a program",
	"55": "not in the required state", "57": "operator's intervention", "58": "system", "70": "interrupted", "HY": "general", "XX": "internal",
}

// sqliteNames names SQLite's primary result codes.
var sqliteNames = map[int]string{
	1: "error", 2: "internal", 3: "permission", 4: "abort", 5: "busy", 6: "locked", 7: "no memory", 8: "read only", 9: "interrupted", 10: "input/output",
	11: "corrupt", 13: "full", 14: "can't open", 15: "lock protocol", 17: "schema changed", 18: "too big", 19: "constraint", 20: "type mismatch",
	21: "misuse", 22: "no large files", 23: "authorisation", 25: "out of range", 26: "no database",
}
