package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
)

// pgError reads like those of pgx and lib/pq.
type pgError string

func (e pgError) Error() string    { return "ERROR: something (SQLSTATE " + string(e) + ")" }
func (e pgError) SQLState() string { return string(e) }

// myError reads like those of go-sql-driver.
func myError(n int) error { return fmt.Errorf("Error %d (XXXXX): something", n) }

func TestServersErrorsAreToldApart(t *testing.T) {
	for _, x := range []struct {
		d    Dialect
		err  error
		kind error
		code string
	}{
		{PostgreSQL(), pgError("40001"), fault.ErrRetry, "storage.busy"},
		{PostgreSQL(), pgError("40P01"), fault.ErrRetry, "storage.busy"},
		{PostgreSQL(), pgError("55P03"), fault.ErrRetry, "storage.busy"},
		{PostgreSQL(), pgError("23505"), fault.ErrDuplicate, "storage.unique"},
		{PostgreSQL(), pgError("23503"), fault.ErrConflict, "storage.reference"},
		{PostgreSQL(), pgError("22003"), fault.ErrLimit, "pipeline.overflow"},
		{PostgreSQL(), pgError("53100"), fault.ErrInternal, "storage.full"},
		{PostgreSQL(), pgError("25P02"), fault.ErrTxAborted, "storage.aborted"},
		{PostgreSQL(), pgError("57P01"), fault.ErrInternal, "storage.connection"},
		{PostgreSQL(), pgError("08006"), fault.ErrInternal, "storage.connection"},
		{PostgreSQL(), pgError("42601"), fault.ErrInternal, "storage.failed"},
		{PostgreSQL(), errors.New("conn closed"), fault.ErrInternal, "storage.connection"},
		{PostgreSQL(), &net.OpError{Op: "read", Err: errors.New("reset")}, fault.ErrInternal, "storage.connection"},
		{MySQL(), myError(1213), fault.ErrRetry, "storage.busy"},
		{MySQL(), myError(1205), fault.ErrRetry, "storage.busy"},
		{MySQL(), myError(1020), fault.ErrRetry, "storage.busy"},
		{MySQL(), errors.New("Error 9007: Write conflict"), fault.ErrRetry, "storage.busy"},
		{MySQL(), myError(1062), fault.ErrDuplicate, "storage.unique"},
		{MySQL(), myError(1452), fault.ErrConflict, "storage.reference"},
		{MySQL(), myError(1690), fault.ErrLimit, "pipeline.overflow"},
		{MySQL(), myError(1114), fault.ErrInternal, "storage.full"},
		{MySQL(), myError(1047), fault.ErrInternal, "storage.connection"},
		{MySQL(), myError(1406), fault.ErrInternal, "storage.failed"},
		{MySQL(), errors.New("invalid connection"), fault.ErrInternal, "storage.connection"},
		{MySQL(), io.ErrUnexpectedEOF, fault.ErrInternal, "storage.connection"},
		{MySQL(), driver.ErrBadConn, fault.ErrInternal, "storage.connection"},
	} {
		t.Run(x.d.Name()+"/"+x.err.Error(), func(t *testing.T) {
			s, err := New(nil, x.d, nil)
			require.NoError(t, err)
			for _, e := range []error{x.err, fmt.Errorf("host: %w", x.err), errors.Join(errors.New("other"), x.err)} {
				got := s.fault(context.Background(), e)
				require.ErrorIs(t, got, x.kind)
				require.Equal(t, x.code, fault.CodeOf(got))
				require.ErrorIs(t, got, e)
				require.NotContains(t, got.Error(), "something")
			}
		})
	}
}

// TestCommitsErrors: whatever isn't the server's own refusal leaves it open what
// became of the transaction.
func TestCommitsErrors(t *testing.T) {
	for _, x := range []struct {
		d    Dialect
		err  error
		kind error
	}{
		{PostgreSQL(), pgError("40001"), fault.ErrRetry},
		{PostgreSQL(), pgError("23505"), fault.ErrDuplicate}, // a deferred constraint
		{PostgreSQL(), pgError("57P01"), fault.ErrOutcomeUnknown},
		{PostgreSQL(), pgError("08007"), fault.ErrOutcomeUnknown},
		{PostgreSQL(), pgError("XX000"), fault.ErrOutcomeUnknown},
		{PostgreSQL(), errors.New("unexpected EOF"), fault.ErrOutcomeUnknown},
		{PostgreSQL(), errors.New("commit unexpectedly resulted in rollback"), fault.ErrTxAborted},
		{MySQL(), myError(1213), fault.ErrRetry}, // Galera answers so at COMMIT
		{MySQL(), myError(1180), fault.ErrOutcomeUnknown},
		{MySQL(), myError(1047), fault.ErrOutcomeUnknown},
		{MySQL(), myError(1053), fault.ErrOutcomeUnknown},
		{MySQL(), myError(1290), fault.ErrInternal},
		{MySQL(), errors.New("busy buffer"), fault.ErrOutcomeUnknown},
		{MySQL(), driver.ErrBadConn, fault.ErrOutcomeUnknown},
	} {
		s, err := New(nil, x.d, nil)
		require.NoError(t, err)
		got := s.commitFault(x.err)
		require.ErrorIs(t, got, x.kind, "%s: %v", x.d.Name(), x.err)
		if !errors.Is(x.kind, fault.ErrOutcomeUnknown) {
			require.NotErrorIs(t, got, fault.ErrOutcomeUnknown)
		}
	}
}

// TestNumbersInQuotesDontCount: a number is read where the driver's text begins.
func TestNumbersInQuotesDontCount(t *testing.T) {
	for text, want := range map[string]int{
		"Error 1213 (40001): Deadlock found": 1213, "Error 1205: old": 1205, "Error 1062 (23000): Duplicate entry 'Error 1213 (40001): x'": 1062,
		"failed: Error 1213 (40001): quoted": 0, "Error 12": 0, "Error x1213: ": 0, "Error 1213": 0, "Error 1234567: ": 0, "Error : ": 0, "": 0,
	} {
		require.Equal(t, want, mysqlNumber(errors.New(text)), "%q", text)
	}
}

func TestNamesWithSchema(t *testing.T) {
	s, err := New(nil, PostgreSQL(), &Options{Schema: "order", Prefix: "erp_"})
	require.NoError(t, err)
	require.Equal(t, `SELECT x FROM "order".erp_contact WHERE tenant = $1 AND id = $2`, s.text("SELECT x FROM pursuit_contact WHERE tenant = ? AND id = ?"))
	require.Equal(t, `INSERT INTO "order".erp_number_series (tenant, series, last_number) VALUES ($1, $2, $3)`+
		` ON CONFLICT (tenant, series) DO UPDATE SET last_number = "order".erp_number_series.last_number + excluded.last_number`, s.insert(&seriesTable, 1, adds))
	m, err := New(nil, MySQL(), nil)
	require.NoError(t, err)
	require.Equal(t, "INSERT INTO pursuit_number_series (tenant, series, last_number) VALUES (?, ?, ?)"+
		" ON DUPLICATE KEY UPDATE last_number = last_number + VALUES(last_number)", m.insert(&seriesTable, 1, adds))
	require.NotContains(t, m.insert(&requestTable, 1, nothing), "DUPLICATE")
}
