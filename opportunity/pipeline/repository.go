package pipeline

import (
	"context"
	"time"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// Dimension is what figures are grouped by.
type Dimension string

// The dimensions. None gives one group with an empty key. ByProduct counts a
// deal under each of its products, with the amounts of their lines. BySector is
// the customer's sector.
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

// Query asks for sums.
type Query struct {
	Scope access.Scope
	// Customers is as in opportunity.Query.
	Customers access.Scope
	Filter    opportunity.Filter
	By        Dimension
	// AsOf, if not nil, asks the ledger instead of the current rows. Scope is about
	// the deals as they are now, also then: what an actor may no longer see isn't
	// shown in the past either, and deleted deals show to Scope.All only. The filter
	// then applies to the ledger's columns; what isn't in it
	// (opportunity.Filter.Historic, and ByProduct) is refused by the engine.
	AsOf *AsOf
}

// Bucket is a sum over the deals that are alike in all of its keys. Key is the
// group: a stage id, a user, an id in its canonical text form ("" for none).
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

// Days counts decided deals by the length of their cycle in calendar days.
type Days struct {
	Key    string
	Status opportunity.Status
	Days   int
	Count  int64
}

// Repository sums in the database; packages above finish in exact arithmetic.
// Errors that aren't named are storage errors (fault.ErrInternal and kin).
type Repository interface {
	// Sums returns the buckets of a query in order of key, status, currency,
	// probability, category. Errors: ErrLimit ("pipeline.overflow") if a sum
	// doesn't fit into 64 bits.
	Sums(ctx context.Context, tenant string, q Query) ([]Bucket, error)
	// CycleDays returns the decided deals of a query by cycle days, in order of
	// key, status, days. Deals without cycle days are left out.
	CycleDays(ctx context.Context, tenant string, q Query) ([]Days, error)
}
