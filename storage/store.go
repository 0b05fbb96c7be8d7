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
	// nil. It never repeats fn: a store that gave the transaction up returns an
	// error of kind fault.ErrRetry, and the caller decides. After an error from
	// any writing method, or any storage error, the transaction refuses
	// everything with fault.ErrTxAborted and can't commit, even if fn returns nil.
	// Expected refusals (ErrNotFound from reads) don't abort it.
	// A panic in fn rolls back and goes on.
	// Errors: fn's own; ErrRetry; ErrOutcomeUnknown if COMMIT got no answer.
	Update(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	// View runs fn in a transaction that sees one consistent state and refuses to
	// write (ErrNotAllowed, "storage.read_only").
	View(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
}

// Bound is a Store inside a transaction that belongs to the host: Update and
// View run fn in it, and neither begin, commit nor roll back. After an error
// that leaves a command half-written it refuses everything with
// fault.ErrTxAborted until the host rolls back. It can't keep the host from
// committing all the same: a host that goes on after an error asks Err first. It
// is not safe for concurrent use, as the host's transaction isn't.
type Bound interface {
	Store
	// Err says whether the host may commit: nil if so, ErrTxAborted if it must roll
	// back.
	Err() error
}

// Tx gives the repositories of one transaction. It ends with the closure.
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

// Deferring is a Tx that may hold writes back, to send them to the database
// together. A command whose last steps are its writes, and that gives up on any
// error of theirs, saves round trips.
type Deferring interface {
	Tx
	// Defer lets writing methods return before anything is written: errors that
	// depend on what is stored (a version, a key that is taken) come from the next
	// method that reads, or from Update itself. Claim says true then, and a key that
	// is taken is ErrRetry ("request.busy"). What is written keeps its order.
	Defer()
}

// Request is an idempotency key with the result of the command that used it
// first (O13).
type Request struct {
	Tenant string
	Key    string
	// Command and Fingerprint tell whether a repetition is the same command.
	Command     string
	Fingerprint [32]byte
	// Result is what the command returned, as the engine encodes it.
	Result   []byte
	Recorded time.Time
}

// Requests keeps idempotency keys. Keys are compared by byte, per tenant. The
// engine makes a key of the user and of what the user gave, so that users don't
// see each other's.
type Requests interface {
	// Find returns the request with a key; if there is none, that with the first of
	// the other keys that has one. Errors: ErrNotFound.
	Find(ctx context.Context, tenant, key string, others ...string) (Request, error)
	// Claim stores a request, and says false if the key is taken; then nothing is
	// changed and the transaction stays usable. A key that another transaction
	// has claimed and not yet committed is waited for, or answered with ErrRetry.
	Claim(ctx context.Context, r Request) (bool, error)
}

// Numbers hands out numbers per tenant and series. They may have gaps; they
// never repeat among committed transactions.
type Numbers interface {
	// Take returns the first of n numbers that nobody else gets, from 1. n is 1 to
	// 100,000.
	Take(ctx context.Context, tenant, series string, n int64) (int64, error)
	// Back gives the n numbers from first on, which nobody used, back to the series:
	// they are handed out again. If others were taken after them it changes nothing.
	Back(ctx context.Context, tenant, series string, first, n int64) error
}

// Lease is the right to do something that only one may do at a time, such as
// relaying a tenant's journal: who has it, and until when.
type Lease struct {
	Tenant string
	Name   string
	// Holder names one of those who ask, uniquely.
	Holder string
	// Until is when it ends unless it is taken again.
	Until time.Time
}

// Leases hands out leases. Times are the callers': their clocks should differ by
// much less than a lease lasts.
type Leases interface {
	// Take takes a lease that nobody has, that has run out by now, or that the
	// holder has already, whose end it moves; and says false, and changes nothing,
	// if somebody else has it. Of several who try at once only one gets it, also on
	// databases whose locks hold on one node only: the others get false or ErrRetry.
	Take(ctx context.Context, l Lease, now time.Time) (bool, error)
	// Release gives a lease back. Not having it is no error.
	Release(ctx context.Context, tenant, name, holder string) error
}
