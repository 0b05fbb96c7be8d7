package storage

import (
	"context"
	"time"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/stage"
)

// Store runs transactions.
type Store interface {
	// Update runs fn in a transaction that may write, and commits if fn returns
	// nil. It never repeats fn: if the database abandons the transaction, Update
	// returns an error of kind fault.ErrRetry, and the caller decides. After an
	// error from any writing method, or any storage error, the transaction
	// refuses every call with fault.ErrTxAborted and can't commit, even if fn
	// returns nil. Expected refusals (ErrNotFound from reads) don't abort it. A
	// panic in fn rolls back and continues. Errors: fn's own; ErrRetry;
	// ErrOutcomeUnknown if COMMIT got no reply.
	Update(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	// View runs fn in a transaction that sees one consistent state and refuses to
	// write (ErrNotAllowed, "storage.read_only").
	View(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
}

// Bound is a Store inside a transaction of the host: Update and View run fn in
// it, and neither begin, commit nor roll back. After an error that leaves a
// command half-written it refuses every call with fault.ErrTxAborted until the
// host rolls back. It can't prevent the host from committing, so a host that
// continues after an error must call Err first. Like the host's transaction, it
// isn't safe for concurrent use.
type Bound interface {
	Store
	// Err returns nil if the host may commit, and ErrTxAborted if it must roll
	// back.
	Err() error
}

// Tx returns the repositories of one transaction. It ends with the closure.
type Tx interface {
	Opportunities() opportunity.Repository
	FollowUps() opportunity.FollowUps
	Pipeline() pipeline.Repository
	Customers() customer.Repository
	Archives() archive.Repository
	Processes() stage.Repository
	Orders() order.Repository
	Quotes() quote.Repository
	Journal() journal.Repository
	Requests() Requests
	Numbers() Numbers
	Leases() Leases
}

// Deferring is an optional interface of a Tx that can hold writes back and send
// them to the database together. It saves round trips for a command that ends
// with its writes and fails on any error of theirs.
type Deferring interface {
	Tx
	// Defer lets writing methods return before anything is written. Errors that
	// depend on stored data (a version, a taken key) then come from the next
	// reading method, or from Update itself. Claim returns true, and a taken key
	// becomes ErrRetry ("request.busy"). Writes keep their order.
	Defer()
}

// Request is an idempotency key with the result of the command that first used it
// (O13).
type Request struct {
	Tenant string
	Key    string
	// Command and Fingerprint identify the command, to recognise a repetition.
	Command     string
	Fingerprint [32]byte
	// Result is the command's result, encoded by the engine.
	Result   []byte
	Recorded time.Time
}

// Requests stores idempotency keys. Keys are compared byte by byte, per tenant.
// The engine builds a key from the user and the user's own key, so users don't
// see each other's.
type Requests interface {
	// Find returns the request with a key or, if there is none, the request of
	// the first existing key among the others. Errors: ErrNotFound.
	Find(ctx context.Context, tenant, key string, others ...string) (Request, error)
	// Claim stores a request. It returns false if the key is taken; then nothing
	// changed and the transaction stays usable. If another transaction has
	// claimed the key and not yet committed, Claim waits or returns ErrRetry.
	Claim(ctx context.Context, r Request) (bool, error)
}

// Numbers assigns numbers per tenant and series. They may have gaps; they never
// repeat among committed transactions.
type Numbers interface {
	// Take reserves n numbers, counted from 1, and returns the first. n is 1 to
	// 100,000.
	Take(ctx context.Context, tenant, series string, n int64) (int64, error)
	// Back returns the n unused numbers from first on to the series, to be
	// assigned again. It does nothing if later numbers were taken.
	Back(ctx context.Context, tenant, series string, first, n int64) error
}

// Lease is the right to do something that only one process may do at a time, such
// as relaying a tenant's journal.
type Lease struct {
	Tenant string
	Name   string
	// Holder uniquely names the process that asks.
	Holder string
	// Until is when it ends unless it is renewed.
	Until time.Time
}

// Leases grants leases. The callers supply the times; their clocks should differ
// by much less than the length of a lease.
type Leases interface {
	// Take takes a lease that is free or has expired by now, or renews the
	// holder's own. If another holder has it, Take changes nothing and returns
	// false. Of several concurrent callers only one gets it, even on databases
	// whose locks don't span nodes: the others get false or ErrRetry.
	Take(ctx context.Context, l Lease, now time.Time) (bool, error)
	// Release releases a lease. Releasing one that isn't held is no error.
	Release(ctx context.Context, tenant, name, holder string) error
}
