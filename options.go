package pursuit

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage"
)

// Options configure an Engine; nil Options, and zero fields, mean the defaults.
type Options struct {
	// Policy decides who may do and see what; nil means access.Default.
	Policy Policy
	// Gates are the host's own kinds of gates, by kind (P07).
	Gates map[string]GateKind
	// Zone returns a tenant's time zone, which determines calendar days; nil
	// means UTC.
	Zone func(tenant string) *time.Location
	// SalesSystem returns a tenant's sales system for a transaction, for orders
	// in the host's own tables; sqlstore.ConnOf returns the transaction's
	// connection. If it is nil or returns nil, the embedded one is used. It must
	// always return the same kind, because orders don't move.
	SalesSystem func(tenant string, tx storage.Tx) order.SalesSystem
	// Clock returns the time, in the years 1 to 9999; nil means the system's
	// clock. Several goroutines call it.
	Clock func() time.Time
	// MaxClockJump limits how far Clock may be ahead of the newest recorded time
	// known to the engine (of the record to change, and of the tenant's records
	// that it saw before), because a record from such a time would date every
	// later one. Beyond it, a command returns ErrHost ("host.clock.ahead"). 0
	// means ten years.
	MaxClockJump time.Duration
	// MaxClockLag limits how far Clock may be behind the recorded time of the
	// record to change; the command is then dated no earlier than that (O12). A
	// new record is compared with the tenant's newest time known to the engine.
	// Beyond it, a command returns ErrHost ("host.clock.behind"). 0 means a day.
	MaxClockLag time.Duration
	// NewID returns ids, which must be unique and should grow with time; nil
	// means UUIDv7.
	NewID func() uuid.UUID
	// Attempts is the most attempts of a command after a conflict or an abandoned
	// transaction. 0 means 10; 1 disables retries.
	Attempts int
	// Backoff is the approximate wait before the first retry; it doubles for each
	// further one. 0 means 2 ms.
	Backoff time.Duration
	// Patience limits the total time of a command or query: after it, an
	// abandoned transaction isn't retried, and its ErrRetry is returned. A single
	// attempt ends with the context, or with the lock timeout of the database or
	// the store. 0 or less means 10 s.
	Patience time.Duration
	// Series returns the form of a tenant's numbers. If it is nil or returns the
	// zero Series, opportunities have "OPP", quotes "QUO", and orders the prefix
	// from the sales system's initialisation ("ORD"), with the year and six
	// digits. An unusable Series is ErrHost ("host.series").
	Series func(tenant string, of Numbered) Series
	// Numbers, if not nil, returns numbers in place of the library's series, such
	// as an ERP's own. It is called once per attempt of a command without a
	// number in its input, after everything else was accepted, with a context
	// that forbids calling the library. A number is unique per tenant and kind
	// (ErrDuplicate). An error or a panic refuses the command with ErrHost
	// ("host.numbers", "host.panic").
	Numbers func(ctx context.Context, in NumberInput) (string, error)
	// Validate, if not nil, returns the users, departments, products and units in
	// a command's input that are unknown to the host's master data. It is called
	// once per attempt of a command with any such keys, in its transaction and
	// before anything else; a change asks only about keys it sets. An unknown key
	// is ErrInvalid ("host.keys") with the path of each place; an error or a
	// panic refuses the command with ErrHost ("host.validate", "host.panic").
	Validate func(ctx context.Context, in KeysInput) (unknown Keys, err error)
	// Names, if not nil, returns the display names of users, departments,
	// products and units, for results that show them (Opportunities.View). It is
	// called once per result with all its keys, after everything was read, with a
	// context that forbids calling the library. An error or a panic fails the
	// query with ErrHost ("host.names", "host.panic").
	Names func(ctx context.Context, in NamesInput) (KeyNames, error)
	// Observe, if not nil, is called for each command, query, batch and relayed
	// entry: for logs, traces and metrics. Nil costs nothing.
	Observe Observer
	// CursorKey, if not nil, signs the cursors of lists (HMAC-SHA-256), so that a
	// forged or changed one is refused. Without it a cursor has a checksum that
	// anybody can compute; its content is checked like any input in either case.
	// All engines of a tenant need the same key, of at least MinCursorKey bytes;
	// a new key invalidates the cursors in use. It is copied.
	CursorKey []byte
	// Blobs stores the contents of documents (R03); nil if the host keeps them,
	// and only their locations are recorded. A panic in it is ErrHost.
	Blobs storage.Blobs
	// MaxDocument is the largest content of a document, in bytes; 0 means 100
	// MiB.
	MaxDocument int64
}

// CallOption modifies one command.
type CallOption func(*call)

type call struct {
	version   int64
	versioned bool
	request   string
	requested bool
	at        time.Time
	dated     bool
}

// IfVersion makes a command fail with ErrConflict, and change nothing, unless the
// record still has this version (O11).
func IfVersion(v int64) CallOption {
	return func(c *call) { c.version, c.versioned = v, true }
}

// RequestID makes a command take effect once: repeating the same command with the
// same key returns the first result and changes nothing; another command with it
// returns ErrRequestReused (O13). Keys belong to the user: other users' keys
// neither conflict nor become visible. They have 1 to 128 characters and are kept
// with the data. Before returning a first result, the policy must allow the actor
// to see the command's target (J01); otherwise the error is that of reading it. A
// target deleted since is checked in its last state.
func RequestID(key string) CallOption {
	return func(c *call) { c.request, c.requested = key, true }
}

// At backdates a command, for imports and late entry: never before the
// opportunity's last ledger entry, never into the future (O12). The time is
// truncated to microseconds.
func At(t time.Time) CallOption {
	return func(c *call) { c.at, c.dated = calendar.Truncate(t), true }
}

func calls(opts []CallOption) (call, error) {
	var c call
	for _, o := range opts {
		if o != nil {
			o(&c)
		}
	}
	var f fault.Fields
	if c.requested {
		text.Key(&f, "/request_id", c.request, 1, text.MaxKey)
	}
	if c.dated && (c.at.Year() < 1 || c.at.Year() > 9999) {
		f.Add("/at", "out_of_range", "must be of the years 1 to 9999")
	}
	return c, f.Invalid("call.invalid")
}
