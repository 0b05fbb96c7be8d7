package fault_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
)

// pgError and myError have the shape of two drivers' errors.
type pgError struct{ Severity, Code, Message, Detail, ConstraintName, TableName string }

func (e *pgError) Error() string    { return e.Severity + ": " + e.Message }
func (e *pgError) SQLState() string { return e.Code }

type myError struct{ text string }

func (e *myError) Error() string { return e.text }

type ownError struct{ name string }

func (e ownError) Error() string        { return "no credit for " + e.name }
func (e ownError) LogValue() slog.Value { return slog.StringValue("no credit") }

type badError struct{ p *string }

func (e *badError) Error() string { return *e.p }
func (e *badError) Unwrap() error { return errors.New(*e.p) }

func TestB24_TheChainTellsCodesAndNoValues(t *testing.T) {
	taken := &pgError{"ERROR", "23505", `duplicate key value "Ann"`, "Key (name)=(Ann)", "pursuit_customer_code", "pursuit_customer"}
	for _, c := range []struct {
		cause error
		want  []string
	}{
		{taken, []string{"*fault_test.pgError: SQLSTATE 23505 (integrity constraint), constraint pursuit_customer_code, table pursuit_customer"}},
		{&pgError{Code: "42601", Message: "near Ann", ConstraintName: "a; Ann"}, []string{"*fault_test.pgError: SQLSTATE 42601 (syntax or access rule)"}},
		{&pgError{Code: "Ann'1", Message: "near Ann"}, []string{"*fault_test.pgError"}},
		{&myError{"Error 1062 (23000): Duplicate entry 'Ann'"}, []string{"*fault_test.myError: number 1062, SQLSTATE 23000 (integrity constraint)"}},
		{&myError{"Error 1213: Ann"}, []string{"*fault_test.myError: number 1213"}},
		{&myError{"Error of Ann: 1213"}, []string{"*fault_test.myError"}},
		{fmt.Errorf("saving Ann: %w", errors.Join(context.Canceled, taken)), []string{"*errors.errorString: context canceled",
			"*fault_test.pgError: SQLSTATE 23505 (integrity constraint), constraint pursuit_customer_code, table pursuit_customer"}},
		{fmt.Errorf("of Ann"), []string{"*errors.errorString"}},
		{&fs.PathError{Op: "open", Path: "/home/Ann", Err: syscall.ENOENT}, []string{"*fs.PathError", "syscall.Errno: no such file or directory"}},
		{os.NewSyscallError("connect", syscall.ECONNREFUSED), []string{"*os.SyscallError", "syscall.Errno: connection refused"}},
		{ownError{"Ann"}, []string{"fault_test.ownError: no credit"}},
		{(*badError)(nil), []string{"*fault_test.badError"}},
		{(*fault.Error)(nil), nil},
		{fault.Wrap(fault.ErrCancelled, "b.c", "", io.EOF), []string{"b.c: cancelled", "*errors.errorString: EOF"}},
		{fault.ErrRetry, []string{"*errors.errorString: transaction must be retried"}},
	} {
		err := fault.Wrap(fault.ErrInternal, fault.StorageFailed, "the database failed", c.cause)
		want := append([]string{"storage.failed: the database failed"}, c.want...)
		require.Equal(t, want, fault.Chain(err))
		require.Equal(t, want, fault.Chain(fmt.Errorf("of Ann: %w", err)))
		require.Equal(t, strings.Join(want, "; cause: "), fmt.Sprintf("%+v", err))
		require.Equal(t, "storage.failed: the database failed", fmt.Sprint(err))
		require.Equal(t, `"storage.failed: the database failed"`, fmt.Sprintf("%q", err))
		require.Equal(t, "  a.b: conflict", fmt.Sprintf("%15s", fault.New(fault.ErrConflict, "a.b", "")))

		var b bytes.Buffer
		slog.New(slog.NewJSONHandler(&b, nil)).Error("failed", "err", err)
		require.NotContains(t, b.String(), "Ann")
		require.Contains(t, b.String(), `"code":"storage.failed"`)
		for _, s := range c.want {
			require.Contains(t, b.String(), s)
		}
	}
	require.Empty(t, fault.Chain(nil))
}

// TestChainEnds has an error that is its own cause.
func TestChainEnds(t *testing.T) {
	e := fault.Wrap(fault.ErrInternal, "a.b", "", nil)
	e.Cause = e
	require.Len(t, fault.Chain(e), 50)
}

func ExampleChain() {
	driver := errors.New("Error 1062 (23000): Duplicate entry 'Ann' for key 'code'")
	err := fault.Wrap(fault.ErrInternal, fault.StorageFailed, "the database failed", driver)

	fmt.Println(err)
	for _, line := range fault.Chain(fmt.Errorf("saving Ann: %w", err)) {
		fmt.Println("-", line)
	}
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	log.Error("failed", "err", fault.Invalid(fault.CustomerInvalid, fault.Field{Path: "/name", Code: fault.FieldRequired}))
	// Output:
	// storage.failed: the database failed
	// - storage.failed: the database failed
	// - *errors.errorString: number 1062, SQLSTATE 23000 (integrity constraint)
	// level=ERROR msg=failed err.code=customer.invalid err.kind="invalid input" err.fields="[/name: required]"
}
