package fault_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
)

var kinds = []error{
	fault.ErrInvalid, fault.ErrNotFound, fault.ErrConflict, fault.ErrDuplicate, fault.ErrNotAllowed, fault.ErrForbidden, fault.ErrInUse, fault.ErrLimit,
	fault.ErrRequestReused, fault.ErrSalesSystemDisabled, fault.ErrSalesSystemNotInitialised, fault.ErrTxAborted, fault.ErrRetry, fault.ErrOutcomeUnknown,
	fault.ErrCorrupt, fault.ErrHost, fault.ErrInternal,
}

func TestAnErrorHasOneKind(t *testing.T) {
	for _, kind := range kinds {
		err := fmt.Errorf("win: %w", fault.New(kind, "some.code", ""))
		for _, other := range kinds {
			require.Equal(t, kind == other, errors.Is(err, other))
		}
		require.Equal(t, "some.code", fault.CodeOf(err))
		require.Equal(t, "win: some.code: "+kind.Error(), err.Error())
	}
}

func TestB24_TheCauseIsFoundAndNotShown(t *testing.T) {
	cause := errors.New("INSERT INTO customer VALUES ('Ann')")
	err := fault.Wrap(fault.ErrInternal, "store.failed", "the store failed", cause)
	require.ErrorIs(t, err, cause)
	require.ErrorIs(t, err, fault.ErrInternal)
	require.Equal(t, "store.failed: the store failed", err.Error())
	inner := fault.Wrap(fault.ErrInvalid, "outer", "", fault.NotFound("inner"))
	require.Equal(t, "outer", fault.CodeOf(inner), "the first in the chain")
}

func TestFieldsAreAllListed(t *testing.T) {
	var f fault.Fields
	require.True(t, f.Empty())
	require.NoError(t, f.Invalid("x"))
	require.NoError(t, f.NotAllowed("x", "y"))
	f.Merge("/a", nil)
	require.True(t, f.Empty())

	f.Add(fault.Index("/lines", 2)+"/quantity", "negative", "must be positive")
	f.Merge("/customer", fault.Invalid("customer.invalid", fault.Field{Path: "/name", Code: "required"}))
	f.Merge("/rate", fault.NotFound("money.rate.missing"))
	f.Merge("/host", errors.New("SELECT secret"))
	want := []fault.Field{
		{Path: "/lines/2/quantity", Code: "negative", Message: "must be positive"},
		{Path: "/customer/name", Code: "required"},
		{Path: "/rate", Code: "money.rate.missing", Message: "money.rate.missing: not found"},
		{Path: "/host", Code: "invalid", Message: "isn't valid"},
	}
	require.Equal(t, want, f.List())
	err := f.Invalid("opportunity.invalid")
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, want, fault.FieldsOf(fmt.Errorf("x: %w", err)))
	require.Equal(t, "opportunity.invalid: invalid input (/lines/2/quantity: must be positive; /customer/name: required; "+
		"/rate: money.rate.missing: not found; /host: isn't valid)", err.Error())
	err = f.NotAllowed("opportunity.gates", "not now")
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, want, fault.FieldsOf(err))

	require.Empty(t, fault.CodeOf(errors.New("x")))
	require.Empty(t, fault.CodeOf(nil))
	require.Nil(t, fault.FieldsOf(errors.New("x")))
}

func TestAnErrorWithoutKindDoesNotPanic(t *testing.T) {
	err := &fault.Error{Code: "bare"}
	require.Equal(t, "bare", err.Error())
	require.NotErrorIs(t, err, fault.ErrInvalid)
	var e *fault.Error
	require.ErrorAs(t, fmt.Errorf("x: %w", err), &e)
}

func TestFieldWireForm(t *testing.T) {
	b, err := json.Marshal(fault.Field{Path: "/name", Code: "required", Message: "is required"})
	require.NoError(t, err)
	require.Equal(t, `{"path":"/name","code":"required","message":"is required"}`, string(b))
}

func ExampleError() {
	err := fmt.Errorf("recording: %w", fault.Invalid("opportunity.invalid",
		fault.Field{Path: "/lines/2/quantity", Code: "negative", Message: "must be positive"}))
	var f *fault.Error
	if errors.As(err, &f) {
		for _, field := range f.Fields {
			fmt.Println(f.Code, field.Path, field.Code)
		}
	}
	fmt.Println(errors.Is(err, fault.ErrInvalid))
	// Output:
	// opportunity.invalid /lines/2/quantity negative
	// true
}

// TestB24_TheCauseIsNotShown has a cause that prints itself in full wherever it is
// printed: in no form of the error is it seen.
func TestB24_TheCauseIsNotShown(t *testing.T) {
	type row struct{ error }
	err := fault.Wrap(fault.ErrInternal, "storage.failed", "the database failed", row{errors.New("Key (name)=(Jane) exists")})
	err.Fields = []fault.Field{{Path: "/name", Code: "taken", Message: "is taken"}}
	wire, failed := json.Marshal(err)
	require.NoError(t, failed)
	require.JSONEq(t, `{"code":"storage.failed","message":"the database failed","fields":[{"path":"/name","code":"taken","message":"is taken"}]}`, string(wire))
	for _, s := range []string{err.Error(), fmt.Sprintf("%v %+v %#v %q", err, err, err, err), fmt.Sprintf("%#v", []error{err})} {
		require.NotContains(t, s, "Jane")
		require.Contains(t, s, "storage.failed")
	}
	require.ErrorContains(t, err.Cause, "Jane")
}
