package pursuit

import (
	"bytes"
	"context"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// Actor is the user who gives commands; see package access.
type Actor = access.Actor

// Policy decides who may do and see what; see package access.
type Policy = access.Policy

// Engine runs commands on a store. It is safe for concurrent use, unless it is
// bound to a host's transaction (In), which isn't.
type Engine struct {
	store   storage.Store
	root    storage.Store // what store is bound to a transaction of
	opts    Options
	bound   bool
	shared  *shared
	numbers *numbers
	err     error // returned by every session
}

// shared is the state shared by engines derived from each other.
type shared struct {
	// ownPolicy reports whether the host has a policy of its own, which gets a
	// fuller subject.
	ownPolicy bool
	// versions holds published process versions by their own ids. They are
	// immutable, so they never grow stale.
	versions sync.Map
	seen     atomic.Int64
	listed   sync.Map // by type: whether its values can hold lists, see bounded
	recorded sync.Map // by tenant: *atomic.Int64, the newest recorded moment that was seen, in microseconds
}

// maxVersions is the most versions kept: beyond it, all are dropped.
const maxVersions = 4096

// New returns an engine on a store. Errors: ErrInvalid.
func New(store storage.Store, opts *Options) (*Engine, error) {
	if store == nil {
		return nil, fault.Invalid("engine.invalid", fault.Field{Path: "/store", Code: "required", Message: "is required"})
	}
	var o Options
	if opts != nil {
		o = *opts
	}
	if o.Policy == nil {
		o.Policy = access.Default{}
	}
	if o.Clock == nil {
		o.Clock = systemClock
	}
	if o.NewID == nil {
		o.NewID = newID
	}
	if o.Attempts <= 0 {
		o.Attempts = 10
	}
	if o.Patience <= 0 {
		o.Patience = 10 * time.Second
	}
	if o.Backoff <= 0 {
		o.Backoff = 2 * time.Millisecond
	}
	o.Backoff = min(o.Backoff, longest)
	if o.MaxClockJump <= 0 {
		o.MaxClockJump = 10 * 365 * 24 * time.Hour
	}
	if o.MaxClockLag <= 0 {
		o.MaxClockLag = 24 * time.Hour
	}
	o.Gates = maps.Clone(o.Gates)
	if o.MaxDocument <= 0 {
		o.MaxDocument = 100 << 20
	}
	var f fault.Fields
	if o.CursorKey != nil && len(o.CursorKey) < MinCursorKey {
		f.Add("/cursor_key", "too_short", "must have 16 bytes or more")
	}
	o.CursorKey = bytes.Clone(o.CursorKey)
	if err := f.Invalid("engine.invalid"); err != nil {
		return nil, err
	}
	_, bound := store.(storage.Bound)
	_, plain := o.Policy.(access.Default)
	return &Engine{store: store, root: store, opts: o, bound: bound, shared: &shared{ownPolicy: !plain}, numbers: &numbers{}}, nil
}

// In returns an engine that works inside a transaction of the host: it never
// begins, commits, rolls back or retries. The store's Bind returns the Bound. The
// engine isn't safe for concurrent use. With nil, every method of its sessions
// returns ErrInvalid.
func (e *Engine) In(tx storage.Bound) *Engine {
	if e = e.made(); e.err != nil {
		return e
	}
	if tx == nil {
		return &Engine{err: fault.Invalid("engine.invalid", fault.Field{Path: "/tx", Code: "required", Message: "is required"}), shared: &shared{}}
	}
	return &Engine{store: tx, root: e.root, opts: e.opts, bound: true, shared: e.shared, numbers: &numbers{}}
}

// As returns a session of an actor. Every method of the session returns
// ErrInvalid for a malformed actor, such as the zero Actor, and for an engine not
// made by New.
func (e *Engine) As(actor Actor) *Session {
	e = e.made()
	err := e.err
	if err == nil {
		err = actor.Validate()
	}
	if err != nil {
		return &Session{eng: e, err: err}
	}
	return &Session{eng: e, actor: own(actor)}
}

// version returns a published version, from memory if it was loaded before.
func (e *Engine) version(ctx context.Context, tx storage.Tx, tenant string, id uuid.UUID) (*stage.Version, error) {
	key := versionKey{tenant, id}
	if v, ok := e.shared.versions.Load(key); ok {
		return v.(*stage.Version), nil
	}
	p, err := tx.Processes().Version(ctx, tenant, id)
	if err != nil {
		return nil, err
	}
	v, err := stage.Restore(p)
	if err != nil {
		return nil, err
	}
	if e.shared.seen.Add(1)%maxVersions == 0 {
		e.shared.versions.Clear()
	}
	e.shared.versions.Store(key, v)
	return v, nil
}

type versionKey struct {
	tenant string
	id     uuid.UUID
}
