package customer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/internal/sharing"
)

func TestCloneSharesNothing(t *testing.T) {
	t.Run("Customer", func(t *testing.T) {
		var v customer.Customer
		sharing.Fill(&v)
		c := v.Clone()
		require.Equal(t, v, c)
		require.Empty(t, sharing.Between(v, c))
	})
	t.Run("Contact", func(t *testing.T) {
		var v customer.Contact
		sharing.Fill(&v)
		c := v.Clone()
		require.Equal(t, v, c)
		require.Empty(t, sharing.Between(v, c))
	})
}
