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

// Options set an Engine up; nil Options, and zero fields, take the defaults.
type Options struct {
	// Policy decides who may do and see what; access.Default if nil.
	Policy Policy
	// Gates are the host's own kinds of gates, by kind (P07).
	Gates map[string]GateKind
	// Zone gives a tenant's time zone, where calendar days matter; UTC if nil.
	Zone func(tenant string) *time.Location
	// SalesSystem gives a tenant's sales system for a transaction, where orders live
	// in tables of the host's own; sqlstore.ConnOf gives it the transaction's
	// connection. The embedded one is taken if it is nil or returns nil. It must
	// give the same one always: orders don't move.
	SalesSystem func(tenant string, tx storage.Tx) order.SalesSystem
	// Clock tells the time, of the years 1 to 9999; the system's if nil. It is called
	// from several goroutines.
	Clock func() time.Time
	// MaxClockJump is how far ahead of the newest recorded moment that the engine
	// knows of (that of what is changed, and those of the tenant that it saw before)
	// Clock may be: what was written at such a time would date everything after it. A
	// command is refused then with ErrHost ("host.clock.ahead"). Ten years if zero.
	MaxClockJump time.Duration
	// MaxClockLag is how far behind the recorded moment of what is changed Clock may
	// be: a command is dated then no earlier than that (O12). What is new is held
	// against the newest moment of the tenant that the engine knows of. Beyond it the
	// command is refused with ErrHost ("host.clock.behind"). A day if zero.
	MaxClockLag time.Duration
	// NewID gives ids; they must be unique, and should grow with time. UUIDv7 if nil.
	NewID func() uuid.UUID
	// Attempts is how often a command is tried when somebody else was faster or
	// the database gave it up; 10 if zero, 1 for never again.
	Attempts int
	// Backoff is how long the first repetition waits, about; the next ones wait
	// twice as long each. 2 ms if zero.
	Backoff time.Duration
	// Patience bounds how long a command or question is tried in all: once so much
	// has passed, no other attempt follows one that the database gave up, and its
	// ErrRetry is the answer. A single attempt ends with the context, or when the
	// database or the store has waited for a lock for as long as it does. 10 s if
	// zero or less.
	Patience time.Duration
	// Series gives the form of a tenant's numbers. Where it is nil, or gives the zero
	// Series, opportunities have "OPP", quotes "QUO", and orders what the tenant's
	// sales system was initialised with ("ORD"), with the year and six digits. What no number can be made
	// of is ErrHost ("host.series").
	Series func(tenant string, of Numbered) Series
	// Numbers, if not nil, gives the numbers in place of the library's series: an ERP's
	// own. It is asked once per attempt of a command that gives no number itself, after
	// all else was found to be right, with a context that forbids calling the library. A
	// number is unique per tenant and sort of thing (ErrDuplicate). An error or a panic
	// refuses the command with ErrHost ("host.numbers", "host.panic").
	Numbers func(ctx context.Context, in NumberInput) (string, error)
	// Validate, if not nil, looks up which of the users, departments, products and units
	// that a command's input gives the host's master data doesn't have, and returns
	// those. It is asked once per attempt of a command that gives any, in its
	// transaction and before anything else; a change that gives a key anew asks about it
	// again. What is unknown is ErrInvalid ("host.keys") with the path of each place; an
	// error or a panic refuses the command with ErrHost ("host.validate", "host.panic").
	Validate func(ctx context.Context, in KeysInput) (unknown Keys, err error)
	// Names, if not nil, returns the display names of users, departments, products and
	// units, for answers that show them (Opportunities.View). It is asked once per answer
	// with all keys in it, after everything was read, with a context that forbids calling
	// the library. An error or a panic fails the question with ErrHost ("host.names",
	// "host.panic").
	Names func(ctx context.Context, in NamesInput) (KeyNames, error)
	// Observe, if not nil, is told of each command, question, batch and relayed entry: for
	// logs, traces and metrics. Nil costs nothing.
	Observe Observer
	// CursorKey, if not nil, signs the cursors of lists (HMAC-SHA-256), so that one
	// that was made or changed by hand is refused. Without it a cursor has a checksum
	// that anybody can compute; what it holds is checked like any input then too. All
	// engines of a tenant need the same key, of MinCursorKey bytes or more; another key
	// ends all pages that are being walked. It is copied.
	CursorKey []byte
	// Blobs keeps the contents of documents (R03); nil if the host keeps them, and
	// only their locations are recorded. A panic in it is ErrHost.
	Blobs storage.Blobs
	// MaxDocument is how many bytes the content of a document may have; 100 MiB if
	// zero.
	MaxDocument int64
}

// CallOption changes one command.
type CallOption func(*call)

type call struct {
	version   int64
	versioned bool
	request   string
	requested bool
	at        time.Time
	dated     bool
}

// IfVersion makes a command fail with ErrConflict, and change nothing, unless
// the thing still has this version (O11).
func IfVersion(v int64) CallOption {
	return func(c *call) { c.version, c.versioned = v, true }
}

// RequestID makes a command happen once: the same command again under the same
// key returns the first result and changes nothing; another command under it
// is refused with ErrRequestReused (O13). Keys are the user's own: what others use
// is neither taken nor told. They have 1 to 128 characters and are kept with the
// data. Before a first result is returned the policy is asked whether the actor
// may still see what the command was on (J01): the error is that of reading it. What
// was deleted since is asked about as something of the actor's own.
func RequestID(key string) CallOption {
	return func(c *call) { c.request, c.requested = key, true }
}

// At makes a command take effect at a time in the past, for imports and late
// entry: never before the opportunity's last ledger entry, never in the
// future (O12). It is cut to microseconds.
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
