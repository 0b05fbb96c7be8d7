package fault_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
)

func TestHTTPStatus_IsThatOfTheKind(t *testing.T) {
	want := map[error]int{
		fault.ErrInvalid: 400, fault.ErrNotFound: 404, fault.ErrConflict: 409, fault.ErrDuplicate: 409, fault.ErrNotAllowed: 409, fault.ErrForbidden: 403,
		fault.ErrInUse: 409, fault.ErrLimit: 422, fault.ErrRequestReused: 422, fault.ErrSalesSystemDisabled: 409, fault.ErrSalesSystemNotInitialised: 409,
		fault.ErrTxAborted: 500, fault.ErrRetry: 503, fault.ErrOutcomeUnknown: 500, fault.ErrCorrupt: 500, fault.ErrCancelled: 503,
		fault.ErrHost: 500, fault.ErrInternal: 500,
	}
	for _, kind := range fault.Kinds() {
		require.Equal(t, want[kind], fault.HTTPStatus(kind), kind)
		require.Equal(t, want[kind], fault.HTTPStatus(fmt.Errorf("x: %w", fault.New(kind, "a.b", ""))), kind)
	}
	require.Len(t, want, len(fault.Kinds()))
	require.Equal(t, 200, fault.HTTPStatus(nil))
	require.Equal(t, 500, fault.HTTPStatus(errors.New("other")))
	require.Equal(t, 500, fault.HTTPStatus(&fault.Error{}))
	require.Equal(t, 503, fault.HTTPStatus(fmt.Errorf("x: %w", context.DeadlineExceeded)))
	require.Equal(t, 500, fault.HTTPStatus(fault.Wrap(fault.ErrHost, fault.PolicyFailed, "", context.Canceled)), "the kind goes before the cause")
}

// TestB24_AProblemHidesTheServersFailures has causes and messages that mustn't be
// shown: of errors that aren't the library's, and of failures of the server.
func TestB24_AProblemHidesTheServersFailures(t *testing.T) {
	secret := errors.New("INSERT INTO customer VALUES ('Ann')")
	for _, kind := range fault.Kinds() {
		for _, lang := range []string{"en", "zh-CN"} {
			err := fault.Wrap(kind, fault.StorageFailed, "the database failed", secret)
			b, failed := json.Marshal(fault.Problem(err, lang))
			require.NoError(t, failed)
			require.NotContains(t, string(b), "Ann")
			require.NotContains(t, string(b), `"title":""`)
			p := fault.Problem(fault.New(kind, fault.StorageCorrupt, "row of Ann", fault.Field{Path: "/rows/Ann", Code: "corrupt"}), lang)
			if p.Status >= 500 {
				require.Empty(t, p.Fields)
				require.Empty(t, p.Detail)
				require.Equal(t, fault.KindLabel(kind, lang), p.Title)
			}
		}
	}
	p := fault.Problem(secret, "zh")
	require.Equal(t, fault.ProblemDetails{Type: "about:blank", Title: "内部错误", Status: 500}, p)
	p = fault.Problem(context.Canceled, "en")
	require.Equal(t, fault.ProblemDetails{Type: "about:blank", Title: "cancelled", Status: 503, Retry: true}, p)
}

func TestProblem_TellsFieldsFromConditions(t *testing.T) {
	gate := fault.Field{Path: "gate/credit", Code: "unmet", Message: "credit is checked", Texts: map[string]string{"en": "credit is checked", "zh-CN": "信用已审核"}}
	err := fault.NotAllowed(fault.OpportunityGates, "", gate, fault.Field{Path: "/summary", Code: fault.FieldTooLong, Message: "is longer than 2000 characters"},
		fault.Field{Path: "", Code: "acme.own", Message: "is Acme's"})
	p := fault.Problem(err, "zh")
	require.Equal(t, []fault.Field{{Path: "gate/credit", Code: "unmet", Message: "信用已审核"}}, p.Conditions)
	require.Equal(t, []fault.Field{{Path: "/summary", Code: "too_long", Message: "过长"}, {Code: "acme.own", Message: "is Acme's"}}, p.Fields)
	require.Equal(t, "urn:pursuit:fault:opportunity.gates", p.Type)
	require.Equal(t, "信用已审核", gate.In("zh-TW"))
	require.Equal(t, "credit is checked", gate.In("fr"))
	p = fault.Problem(err, "en")
	require.Equal(t, "credit is checked", p.Conditions[0].Message)
	require.Equal(t, "is longer than 2000 characters", p.Fields[0].Message)
	require.Len(t, err.Fields[0].Texts, 2, "the error stays as it is")

	own := fault.Problem(fault.NotAllowed("acme.credit", "credit is short"), "zh")
	require.Equal(t, fault.ProblemDetails{Type: "about:blank", Title: "当前状态不允许", Status: 409, Code: "acme.credit"}, own)
	b, failed := json.Marshal(own)
	require.NoError(t, failed)
	require.Equal(t, `{"type":"about:blank","title":"当前状态不允许","status":409,"code":"acme.credit"}`, string(b))
}

func ExampleProblem() {
	err := fault.Invalid(fault.OpportunityWinInvalid, fault.Field{Path: "/reasons", Code: fault.FieldRequired, Message: "needs a reason"})

	// In an http.Handler, w.Header().Set("Content-Type", fault.ProblemContentType)
	// and w.WriteHeader(p.Status) go before.
	p := fault.Problem(err, "zh-CN")
	p.Instance = "/opportunities/7/win"
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	_ = out.Encode(p)
	// Output:
	// {
	//   "type": "urn:pursuit:fault:opportunity.win.invalid",
	//   "title": "得单信息有误",
	//   "status": 400,
	//   "detail": "请修正所列字段后重试。",
	//   "instance": "/opportunities/7/win",
	//   "code": "opportunity.win.invalid",
	//   "fields": [
	//     {
	//       "path": "/reasons",
	//       "code": "required",
	//       "message": "必填"
	//     }
	//   ]
	// }
}

func ExampleCodeOf() {
	err := fmt.Errorf("saving: %w", fault.New(fault.ErrConflict, fault.OpportunityChanged, ""))

	switch fault.CodeOf(err) {
	case fault.OpportunityChanged, fault.CustomerChanged:
		fmt.Println("load it again")
	case fault.OpportunityGates:
		fmt.Println("show the conditions")
	}
	// Output: load it again
}
