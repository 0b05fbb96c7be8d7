package fault_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
)

func TestLabels(t *testing.T) {
	require.Equal(t, "only a won opportunity can be closed", fault.Label("opportunity.close.status", "en"))
	require.Equal(t, "只有成功的商机才能关闭", fault.Label("opportunity.close.status", "zh-CN"))
	require.Equal(t, "acme.credit", fault.Label("acme.credit", "zh"), "a host's own code is its own label")
	require.Equal(t, "a\x00\xff", fault.Label("a\x00\xff", "\xff"))

	require.Equal(t, "必填", fault.Field{Path: "/name", Code: "required"}.Label("zh"))
	require.Equal(t, "is required", fault.Field{Path: "/name", Code: "required"}.Label("fr"))
	require.Equal(t, "金额过大", fault.Field{Code: "money.overflow"}.Label("zh"), "the code of another error")
	require.Equal(t, "on_hold", fault.Field{Path: "/status", Code: "on_hold"}.Label("zh"))
	require.Empty(t, fault.Field{}.Label("zh"))
}

func TestLabelsOfKinds(t *testing.T) {
	err := fmt.Errorf("saving: %w", fault.New(fault.ErrConflict, "order.changed", ""))
	require.Equal(t, fault.ErrConflict, fault.KindOf(err))
	require.Equal(t, "conflict", fault.KindLabel(err, "en"))
	require.Equal(t, "已被他人修改", fault.KindLabel(err, "zh"))
	require.Equal(t, "已取消", fault.KindLabel(fmt.Errorf("x: %w", fault.ErrCancelled), "zh"))
	require.Equal(t, fault.ErrHost, fault.KindOf(fault.Wrap(fault.ErrHost, "policy.failed", "", fault.ErrRetry)), "the error's own, not its cause's")
	for _, other := range []error{nil, errors.New("other"), &fault.Error{}} {
		require.Nil(t, fault.KindOf(other))
		require.Empty(t, fault.KindLabel(other, "zh"))
	}
	for _, k := range fault.Kinds() {
		require.Equal(t, k, fault.KindOf(k))
		require.NotEqual(t, fault.KindLabel(k, "en"), fault.KindLabel(k, "zh"))
	}
}

// TestListsAreTheCallers: what a caller does to a list changes no table.
func TestListsAreTheCallers(t *testing.T) {
	codes, fields, kinds := fault.Codes(), fault.FieldCodes(), fault.Kinds()
	require.True(t, slices.IsSortedFunc(codes, func(a, b fault.Code) int { return cmpText(a.Code, b.Code) }))
	require.True(t, slices.IsSorted(fields))
	first := codes[0]
	codes[0], fields[0], kinds[0] = fault.Code{}, "", nil
	require.Equal(t, first, fault.Codes()[0])
	require.NotEmpty(t, fault.FieldCodes()[0])
	require.Equal(t, fault.ErrInvalid, fault.Kinds()[0])
}

func cmpText(a, b string) int {
	if a < b {
		return -1
	}
	return 1
}

func ExampleLabel() {
	err := fault.Invalid("opportunity.win.invalid", fault.Field{Path: "/reasons", Code: "required"})

	fmt.Println(fault.KindLabel(err, "en"), "·", fault.Label(err.Code, "en"))
	fmt.Println(fault.KindLabel(err, "zh"), "·", fault.Label(err.Code, "zh"))
	for _, f := range err.Fields {
		fmt.Println(f.Path, f.Label("zh"))
	}
	// Output:
	// invalid input · the win's details are invalid
	// 输入有误 · 得单信息有误
	// /reasons 必填
}

func ExampleCodes() {
	for _, c := range fault.Codes() {
		if c.Code == "opportunity.changed" {
			fmt.Println(c.Kind, "·", c.Label("zh"), "·", c.Remedy("en"))
		}
	}
	// Output: conflict · 商机已被他人修改 · Reload it, check the changes, and try again with the new version.
}

func ExampleRemedy() {
	fmt.Println(fault.Remedy(fault.OpportunityCloseStatus, "en"))
	fmt.Println(fault.Remedy(fault.OpportunityCloseStatus, "zh-CN"))
	fmt.Printf("%q\n", fault.Remedy("acme.credit", "zh"))
	// Output:
	// Win the opportunity first.
	// 请先得单。
	// ""
}
