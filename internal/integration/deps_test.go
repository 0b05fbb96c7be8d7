package integration

import (
	_ "github.com/google/uuid"
	_ "github.com/shopspring/decimal"
	_ "github.com/stretchr/testify/require"
	_ "go.uber.org/goleak"
	_ "modernc.org/sqlite"
	_ "pgregory.net/rapid"

	_ "github.com/pursuit-crm/pursuit"
)
