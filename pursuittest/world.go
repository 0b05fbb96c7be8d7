package pursuittest

import (
	"context"
	"encoding/binary"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// Start is the initial time of a world's clock, unless At sets another: a Monday.
var Start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// World is an engine on a tenant with the data that most tests need. Its fields
// may be read at any time; use a world in one goroutine, its sessions in any.
type World struct {
	// T is the test that the world belongs to, which fails on any error.
	T      testing.TB
	Ctx    context.Context
	Store  storage.Store
	Engine *pursuit.Engine
	Clock  *Clock
	Tenant string
	// Admin is the session of an administrator, "admin".
	Admin *pursuit.Session

	// Process is the tenant's default process: by default the stages "lead",
	// "qualify", "propose" and "negotiate", without gates, which opportunities
	// may skip and go back to.
	Process uuid.UUID
	stages  stage.Process
	// Customer is active, and has the contact Contact.
	Customer, Contact uuid.UUID
	// Archive entries. WinReason and LossReason demand nothing, Rival is a
	// competitor; LostTo is a reason that demands one.
	WinReason, LossReason, LostTo, Rival, Source, ExpenseKind, DocumentKind uuid.UUID

	cast    map[string]pursuit.Actor
	options pursuit.Options
	sales   bool
}

// Option changes the world that New makes.
type Option func(*setup)

type setup struct {
	store     storage.Store
	options   pursuit.Options
	process   stage.Process
	tenant    string
	start     time.Time
	unaudited bool
}

// On uses a store of the host's, whose tables exist; the default is memory.New.
// The tenant must be new to it.
func On(store storage.Store) Option { return func(s *setup) { s.store = store } }

// With sets the engine's options: a policy, gates, blobs. Clock and NewID are the
// world's own unless they are set.
func With(o pursuit.Options) Option { return func(s *setup) { s.options = o } }

// Process sets the tenant's process in place of the world's own.
func Process(p stage.Process) Option { return func(s *setup) { s.process = p } }

// Tenant sets the tenant's name; the default is "acme".
func Tenant(name string) Option { return func(s *setup) { s.tenant = name } }

// At sets the clock's initial time; the default is Start.
func At(t time.Time) Option { return func(s *setup) { s.start = t } }

// Unaudited skips the audit at the end of the test, for tests that damage stored
// data.
func Unaudited() Option { return func(s *setup) { s.unaudited = true } }

// New returns a new world. It fails the test if it can't be set up, and audits
// the tenant when the test ends (RequireIntact).
func New(t testing.TB, opts ...Option) *World {
	t.Helper()
	s := setup{tenant: "acme", start: Start, process: fourStages()}
	for _, o := range opts {
		o(&s)
	}
	if s.store == nil {
		s.store = memory.New()
	}
	w := &World{T: t, Ctx: context.Background(), Store: s.store, Tenant: s.tenant, Clock: &Clock{now: s.start}, options: s.options, stages: s.process}
	if w.options.Clock == nil {
		w.options.Clock = w.Clock.Now
	}
	if w.options.NewID == nil {
		w.options.NewID = counted(s.start)
	}
	w.Engine = must(w, func() (*pursuit.Engine, error) { return pursuit.New(w.Store, &w.options) })
	w.cast = cast(w.Tenant)
	w.Admin = w.As("admin")
	w.furnish()
	if !s.unaudited {
		t.Cleanup(func() {
			if !t.Failed() {
				RequireIntact(t, w)
			}
		})
	}
	return w
}

func fourStages() stage.Process {
	st := func(id, en, zh string, p int, c stage.Category) stage.Stage {
		return stage.Stage{ID: id, Names: stage.Names{"en": en, "zh": zh}, Probability: p, Category: c}
	}
	return stage.Process{Code: "test", Names: stage.Names{"en": "Test", "zh": "测试"}, AllowSkip: true, AllowBack: true, Stages: []stage.Stage{
		st("lead", "Lead", "线索", 1000, stage.Pipeline), st("qualify", "Qualify", "确认", 3000, stage.Pipeline),
		st("propose", "Propose", "方案", 6000, stage.BestCase), st("negotiate", "Negotiate", "谈判", 8000, stage.Commit),
	}}
}

// furnish creates the data that a tenant needs.
func (w *World) furnish() {
	w.T.Helper()
	w.stages.ID = uuid.Nil
	p := w.Do(w.Admin.Processes().Publish(w.Ctx, w.stages))
	w.Process = p.ID
	entry := func(in archive.CreateInput) uuid.UUID { return w.Do(w.Admin.Archives().Create(w.Ctx, in)).ID }
	named := func(k archive.Kind, code, en, zh string) archive.CreateInput {
		return archive.CreateInput{Kind: k, Code: code, Names: map[string]string{"en": en, "zh": zh}}
	}
	w.WinReason = entry(named(archive.WinReason, "price", "Price", "价格"))
	w.LossReason = entry(named(archive.LossReason, "budget", "No budget", "无预算"))
	lost := named(archive.LossReason, "rival", "Lost to a competitor", "输给竞争对手")
	lost.NeedsCompetitor = true
	w.LostTo = entry(lost)
	w.Rival = entry(named(archive.Competitor, "contoso", "Contoso", "康拓"))
	w.Source = entry(named(archive.Source, "fair", "Trade fair", "展会"))
	w.ExpenseKind = entry(named(archive.ExpenseKind, "travel", "Travel", "差旅"))
	w.DocumentKind = entry(named(archive.DocumentKind, "contract", "Contract", "合同"))
	c := w.Do(w.Admin.Customers().Create(w.Ctx, customer.CreateInput{
		Name: "Northwind Traders", Code: "NW", Status: customer.Active, Department: "east", Owner: "ann",
		Contacts: []customer.ContactInput{{Name: "Li Wei", Title: "Buyer", Primary: true}},
	}))
	w.Customer, w.Contact = c.ID, c.Contacts[0]
}

// cast returns the users that a world knows by name.
func cast(tenant string) map[string]pursuit.Actor {
	out := map[string]pursuit.Actor{}
	for _, a := range []pursuit.Actor{
		{User: "admin", Department: "office", Roles: []access.Role{access.Administrator}},
		{User: "max", Department: "east", Roles: []access.Role{access.Manager}},
		{User: "ann", Department: "east", Roles: []access.Role{access.Sales}},
		{User: "bob", Department: "east", Roles: []access.Role{access.Sales}},
		{User: "wes", Department: "west", Roles: []access.Role{access.Manager}},
		{User: "will", Department: "west", Roles: []access.Role{access.Sales}},
		{User: "mia", Department: "marketing", Roles: []access.Role{access.Marketing}},
		{User: "sue", Department: "support", Roles: []access.Role{access.Support}},
	} {
		a.Tenant = tenant
		out[a.User] = a
	}
	return out
}

// As returns the session of a user of the cast: "admin" (administrator), "max"
// (manager of east), "ann" and "bob" (sales, east), "wes" (manager of west),
// "will" (sales, west), "mia" (marketing), "sue" (support). Anybody else is a
// salesperson of east. See AsActor.
func (w *World) As(user string) *pursuit.Session {
	a, known := w.cast[user]
	if !known {
		a = pursuit.Actor{Tenant: w.Tenant, User: user, Department: "east", Roles: []access.Role{access.Sales}}
	}
	return w.Engine.As(a)
}

// AsActor returns the session of any actor of the world's tenant.
func (w *World) AsActor(user, department string, roles ...access.Role) *pursuit.Session {
	return w.Engine.As(pursuit.Actor{Tenant: w.Tenant, User: user, Department: department, Roles: roles})
}

// With returns the same world with another engine on the same store and clock,
// for example with another policy. Clock and NewID stay the world's unless they
// are set.
func (w *World) With(o pursuit.Options) *World {
	w.T.Helper()
	x := *w
	if o.Clock == nil {
		o.Clock = w.options.Clock
	}
	if o.NewID == nil {
		o.NewID = w.options.NewID
	}
	x.options = o
	x.Engine = must(w, func() (*pursuit.Engine, error) { return pursuit.New(w.Store, &o) })
	x.Admin = x.As("admin")
	return &x
}

// Sales enables and initialises the tenant's sales system, in CNY with prices
// before tax, once. Deals with a quote or an order call it themselves.
func (w *World) Sales() {
	w.T.Helper()
	if w.sales {
		return
	}
	w.sales = true
	w.Do(w.Admin.SalesSystem().Enable(w.Ctx))
	w.Do(w.Admin.SalesSystem().Initialise(w.Ctx, order.InitialiseInput{BaseCurrency: money.CNY}))
}

// Do requires that a command succeeds, and returns its result.
func (w *World) Do(r pursuit.Result, err error) pursuit.Result {
	w.T.Helper()
	if err != nil {
		w.T.Fatalf("%+v", err)
	}
	return r
}

func must[T any](w *World, f func() (T, error)) T {
	w.T.Helper()
	v, err := f()
	if err != nil {
		w.T.Fatalf("%+v", err)
	}
	return v
}

// Clock is set by hand. Each reading is a millisecond after the previous one, so
// that later events have later times.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now returns the time, and advances the clock by a millisecond.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

// Advance moves the clock forward, or back if d is negative.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Set sets the clock.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// counted returns counted ids in the form of UUIDv7s of a time.
func counted(at time.Time) func() uuid.UUID {
	var mu sync.Mutex
	var n uint64
	return func() (id uuid.UUID) {
		mu.Lock()
		defer mu.Unlock()
		n++
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(at.UnixMilli()))
		copy(id[:6], b[2:])
		id[6], id[8] = 0x70, 0x80
		binary.BigEndian.PutUint32(id[12:], uint32(n))
		return id
	}
}
