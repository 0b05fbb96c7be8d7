package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
)

// coded is an error as modernc.org/sqlite gives it.
type coded int

func (c coded) Error() string { return fmt.Sprintf("it failed (%d)", int(c)) }
func (c coded) Code() int     { return int(c) }

func TestErrorsOfAnyDriverAreTold(t *testing.T) {
	s, err := New(nil, SQLite(), nil)
	require.NoError(t, err)
	for _, x := range []struct {
		err  error
		kind error
		code string
	}{
		{coded(5), fault.ErrRetry, "storage.busy"},
		{coded(261), fault.ErrRetry, "storage.busy"},
		{coded(517), fault.ErrRetry, "storage.busy"},
		{coded(6), fault.ErrRetry, "storage.busy"},
		{coded(262), fault.ErrRetry, "storage.busy"},
		{coded(13), fault.ErrInternal, "storage.full"},
		{coded(2067), fault.ErrDuplicate, "storage.unique"},
		{coded(1555), fault.ErrDuplicate, "storage.unique"},
		{coded(787), fault.ErrConflict, "storage.reference"},
		{coded(1), fault.ErrInternal, "storage.failed"},
		// Drivers that keep the code in a field are known by SQLite's own words.
		{errors.New("database is locked"), fault.ErrRetry, "storage.busy"},
		{errors.New("sqlite3: database table is locked"), fault.ErrRetry, "storage.busy"},
		{errors.New("UNIQUE constraint failed: pursuit_customer.tenant, pursuit_customer.code"), fault.ErrDuplicate, "storage.unique"},
		{errors.New("FOREIGN KEY constraint failed"), fault.ErrConflict, "storage.reference"},
		{errors.New("sqlite3: database or disk is full"), fault.ErrInternal, "storage.full"},
		{errors.New("integer overflow"), fault.ErrLimit, "pipeline.overflow"},
		{driver.ErrBadConn, fault.ErrInternal, "storage.connection"},
		{sql.ErrTxDone, fault.ErrTxAborted, "storage.aborted"},
	} {
		got := s.fault(context.Background(), fmt.Errorf("driver: %w", x.err))
		require.ErrorIs(t, got, x.kind, x.err)
		require.ErrorIs(t, got, x.err)
		require.Equal(t, x.code, fault.CodeOf(got))
		require.NotContains(t, got.Error(), x.err.Error(), "the cause stays in the chain")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	got := s.fault(ctx, errors.New("interrupted (9)"))
	require.ErrorIs(t, got, context.Canceled)
	require.Equal(t, "storage.cancelled", fault.CodeOf(got))
	require.ErrorIs(t, s.commitFault(driver.ErrBadConn), fault.ErrOutcomeUnknown)
	require.ErrorIs(t, s.commitFault(coded(5)), fault.ErrRetry)
}

func TestStatementsAreRendered(t *testing.T) {
	d := SQLite()
	const q = "SELECT a FROM pursuit_customer WHERE tenant = ? AND id IN (?, ?)"
	require.Equal(t, q, rendered(q, DefaultPrefix, &d))
	require.Equal(t, "SELECT a FROM x_customer WHERE tenant = ? AND id IN (?, ?)", rendered(q, "x_", &d))
	d.numbered = true
	require.Equal(t, "SELECT a FROM x_customer WHERE tenant = $1 AND id IN ($2, $3)", rendered(q, "x_", &d))
	tb := table{name: "pursuit_t", cols: []string{"tenant", "id", "v"}, key: []string{"tenant", "id"}}
	require.Equal(t, "INSERT INTO pursuit_t (tenant, id, v) VALUES (?, ?, ?), (?, ?, ?) ON CONFLICT (tenant, id) DO UPDATE SET v = excluded.v", tb.insert(&d, 2, upsert))
	require.Equal(t, "INSERT INTO pursuit_t (tenant, id, v) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", tb.insert(&d, 1, nothing))
	for n, want := range map[int]int{0: 0, 1: 1, 2: 2, 3: 4, 4: 4, 5: 8, 500: 512} {
		require.Equal(t, want, padded(n))
	}
}

func TestMigrationsAreTakenApart(t *testing.T) {
	require.Equal(t, []string{"CREATE TABLE a (\n    b TEXT,\n    c TEXT\n)", "CREATE INDEX d ON a (b)"},
		ups("-- goose\nnoise;\n-- +goose Up\n-- words; more\nCREATE TABLE a (\n    b TEXT, -- JSON; or none\n    c TEXT\n);\n\nCREATE INDEX d ON a (b);\n-- +goose Down\nDROP TABLE a;\n"))
	s, err := New(nil, SQLite(), nil)
	require.NoError(t, err)
	all, err := s.migrations()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	require.Len(t, opportunityTable.cols[opportunityFixed:], changing)
}
