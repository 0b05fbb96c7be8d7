package ordertest_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/order/ordertest"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

func engine(t testing.TB, system func(tenant string, tx storage.Tx) order.SalesSystem) *pursuit.Engine {
	eng, err := pursuit.New(memory.New(), &pursuit.Options{SalesSystem: system})
	require.NoError(t, err)
	return eng
}

func embedded(tx storage.Tx) order.SalesSystem {
	return order.Embedded(tx.Orders(), time.UTC, uuid.New)
}

func TestEmbeddedSalesSystem(t *testing.T) {
	ordertest.Run(t, func(t testing.TB) *pursuit.Engine { return engine(t, nil) })
}

// The embedded one plugged in as a host's would be.
func TestSalesSystemThatTheHostPlugsIn(t *testing.T) {
	ordertest.Run(t, func(t testing.TB) *pursuit.Engine {
		return engine(t, func(_ string, tx storage.Tx) order.SalesSystem { return embedded(tx) })
	})
}
