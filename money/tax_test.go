package money_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/money"
)

func TestQ01_TaxTreatments(t *testing.T) {
	for _, x := range []struct {
		t      money.TaxTreatment
		valid  bool
		en, zh string
	}{
		{money.TaxExclusive, true, "tax exclusive", "不含税"},
		{money.TaxInclusive, true, "tax inclusive", "含税"},
		{"", false, "", ""},
		{"some", false, "some", "some"},
	} {
		require.Equal(t, []any{x.valid, x.en, x.zh}, []any{x.t.Valid(), x.t.Label("en"), x.t.Label("zh-CN")}, x.t)
	}
}
