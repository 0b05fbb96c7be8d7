package pipeline

import (
	"context"
	"time"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// Dimension is a property to group figures by.
type Dimension string

// The dimensions. None returns one group with an empty key. ByProduct counts an
// opportunity under each of its products, with the amounts of their lines.
// BySector is the customer's sector.
const (
	None         Dimension = ""
	ByStage      Dimension = "stage"
	ByOwner      Dimension = "owner"
	ByDepartment Dimension = "department"
	ByCustomer   Dimension = "customer"
	BySource     Dimension = "source"
	ByProcess    Dimension = "process"
	ByProduct    Dimension = "product"
	BySector     Dimension = "sector"
	ByCategory   Dimension = "category"
)

// AsOf is a point in both times: the state at Effective, as known at Known.
type AsOf struct {
	Effective, Known time.Time
}

// Query selects and groups sums.
type Query struct {
	Scope access.Scope
	// Customers is as in opportunity.Query.
	Customers access.Scope
	Filter    opportunity.Filter
	By        Dimension
	// AsOf, if not nil, reads the ledger instead of the current rows. Scope still
	// applies to the current opportunities: an actor doesn't see in the past what
	// they may no longer see now, and only Scope.All sees deleted opportunities.
	// The filter then applies to the ledger's columns; the engine refuses fields
	// that it lacks (opportunity.Filter.Historic, and ByProduct).
	AsOf *AsOf
}

// Bucket is a sum over the opportunities that agree in all of its keys. Key is
// the group: a stage id, a user, an id in its canonical text form ("" for none).
type Bucket struct {
	Key         string
	Status      opportunity.Status
	Currency    money.Currency
	Probability int
	Category    string
	Count       int64
	// Amount is in minor units.
	Amount int64
}

// Days counts decided opportunities by the length of their cycle in calendar
// days.
type Days struct {
	Key    string
	Status opportunity.Status
	Days   int
	Count  int64
}

// Repository sums in the database; packages above it complete the figures in
// exact arithmetic. Errors not named here are storage errors (such as
// fault.ErrInternal).
type Repository interface {
	// Sums returns the buckets of a query in order of key, status, currency,
	// probability, category. Errors: ErrLimit ("pipeline.overflow") if a sum
	// doesn't fit into 64 bits.
	Sums(ctx context.Context, tenant string, q Query) ([]Bucket, error)
	// CycleDays returns the decided opportunities of a query by cycle days, in
	// order of key, status, days. It leaves out opportunities without cycle days.
	CycleDays(ctx context.Context, tenant string, q Query) ([]Days, error)
}
