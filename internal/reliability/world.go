package reliability

import (
	"context"
	"encoding/binary"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// World is a tenant with all that a sale needs.
type World struct {
	Tenant string
	Engine *pursuit.Engine  `json:"-"`
	S      *pursuit.Session `json:"-"`

	Customer, Contact, Win, Loss, Rival, Source, Process uuid.UUID
	Travel                                               uuid.UUID // a kind of expense
	Part                                                 uuid.UUID // the activity or expense that a command is on
	Day                                                  calendar.Date
	now                                                  func() time.Time
	store, base                                          storage.Store   // what the world is on, and the same without a bug
	blobs                                                storage.Blobs   // the world's own, in place of the vault
	told                                                 []journal.Entry // what relays handed over
	later                                                time.Duration   // how far the clock of engines made from now on is ahead
	// Mark tells this tenant's contents from another's.
	Mark string
	opts *pursuit.Options
	pass func(days int) // moves the clock
}

// vault keeps the contents of all worlds' documents.
var vault = memory.NewBlobs()

// Inside gives the same tenant on another store, such as one with a bug, and with
// an engine of its own.
func (w *World) Inside(store storage.Store, opts *pursuit.Options) (*World, error) {
	if opts == nil {
		opts = w.options()
	}
	x, err := Enter(store, w.Tenant, opts)
	if err != nil {
		return nil, err
	}
	y := *w
	y.Engine, y.S, y.now, y.store, y.opts = x.Engine, x.S, x.now, store, x.opts
	return &y, nil
}

// options are those of the world's engines.
func (w *World) options() *pursuit.Options {
	opts := &pursuit.Options{Blobs: w.blobs}
	if w.blobs == nil {
		opts.Blobs = vault
	}
	if later := w.later; later > 0 {
		opts.Clock = func() time.Time { return time.Now().Add(later) }
	}
	return opts
}

// failingAt gives the same tenant on a store, and with contents, that may fail.
func (w *World) failingAt(store storage.Store, blobs func(storage.Blobs) storage.Blobs) (*World, error) {
	opts := w.options()
	if blobs != nil {
		opts.Blobs = blobs(opts.Blobs)
	}
	return w.Inside(store, opts)
}

// Ticking gives options with a clock and ids that are the same each time: a
// second passes at every look.
func Ticking() *pursuit.Options {
	var ticks, ids atomic.Int64
	begin := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	return &pursuit.Options{
		Clock: func() time.Time { return begin.Add(time.Duration(ticks.Add(1)) * time.Second) },
		NewID: func() (id uuid.UUID) {
			binary.BigEndian.PutUint64(id[:], 0x01936a5e00007000)
			binary.BigEndian.PutUint64(id[8:], 0x8000000000000000|uint64(ids.Add(1)))
			return id
		},
	}
}

// Patient gives options for crowds: a command is tried for as long as it takes.
func Patient() *pursuit.Options {
	return &pursuit.Options{Attempts: 10_000, Backoff: time.Millisecond, Patience: time.Hour}
}

// NewWorld sets a tenant up.
func NewWorld(ctx context.Context, store storage.Store, tenant string, opts *pursuit.Options) (*World, error) {
	w, err := Enter(store, tenant, opts)
	if err != nil {
		return nil, err
	}
	return w, w.furnish(ctx)
}

// furnish gives a tenant what a sale needs.
func (w *World) furnish(ctx context.Context) error {
	c, err := w.S.Customers().Create(ctx, customer.CreateInput{Name: "Northwind" + w.Mark, Code: "C1", Status: customer.Active, Contacts: []customer.ContactInput{{Name: "Li Wei" + w.Mark}}})
	if err != nil {
		return err
	}
	w.Customer, w.Contact = c.ID, c.Contacts[0]
	for _, e := range []struct {
		kind archive.Kind
		id   *uuid.UUID
	}{{archive.WinReason, &w.Win}, {archive.LossReason, &w.Loss}, {archive.Competitor, &w.Rival}, {archive.Source, &w.Source}, {archive.ExpenseKind, &w.Travel}} {
		r, err := w.S.Archives().Create(ctx, archive.CreateInput{Kind: e.kind, Code: "one", Names: map[string]string{"en": "One" + w.Mark}})
		if err != nil {
			return err
		}
		*e.id = r.ID
	}
	in := process("crm", "lead", "offer", "talks")
	in.Names["en"] += w.Mark
	p, err := w.S.Processes().Publish(ctx, in)
	w.Process = p.ID
	return err
}

// Enter gives a tenant's session without setting anything up.
func Enter(store storage.Store, tenant string, opts *pursuit.Options) (*World, error) {
	if opts == nil {
		opts = &pursuit.Options{Blobs: vault}
	}
	eng, err := pursuit.New(store, opts)
	if err != nil {
		return nil, err
	}
	w := &World{Tenant: tenant, Engine: eng, now: time.Now, store: store, base: store, opts: opts}
	if opts.Clock != nil {
		w.now = opts.Clock
	}
	w.Day, err = calendar.New(2027, 6, 30)
	w.S = w.As(user)
	return w, err
}

// user is whose session World.S is.
const user = "ann"

// As gives the session of a user who may do everything.
func (w *World) As(user string) *pursuit.Session {
	return w.Engine.As(pursuit.Actor{Tenant: w.Tenant, User: user, Department: "east", Roles: []access.Role{access.Administrator, access.Manager}})
}

func process(code string, stages ...string) stage.Process {
	p := stage.Process{Code: code, Names: stage.Names{"en": code}, AllowBack: true, AllowSkip: true}
	for i, id := range stages {
		p.Stages = append(p.Stages, stage.Stage{ID: id, Names: stage.Names{"en": id}, Probability: (i + 1) * 1000, Category: stage.Pipeline,
			Checklist: []stage.ChecklistItem{{ID: "called_" + id, Names: stage.Names{"en": "Called"}}}})
	}
	return p
}

// Dec reads a decimal that is known to be good.
func Dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// Lines gives n lines.
func Lines(n int) []opportunity.LineInput {
	out := make([]opportunity.LineInput, n)
	for i := range out {
		out[i] = opportunity.LineInput{Product: "GTX", Description: "Service", Quantity: Dec("2"), Price: decimal.New(int64(i+1)*1050, -2), Discount: Dec("10")}
	}
	return out
}

// Deal is the input of an opportunity with n lines and two members.
func (w *World) Deal(n int) opportunity.RecordInput {
	lines := Lines(n)
	for i := range lines {
		lines[i].Product += w.Mark
	}
	return opportunity.RecordInput{
		Name: "Big deal" + w.Mark, Customer: w.Customer, Currency: money.USD, ExpectedClose: w.Day, Lines: lines, Owner: "ann",
		Members: []opportunity.MemberInput{{User: "bob", Role: opportunity.RoleSales, Access: opportunity.Write}, {User: "carl", Role: opportunity.RoleSupport, Access: opportunity.Read}},
	}
}

// Record records an opportunity with n lines.
func (w *World) Record(ctx context.Context, n int, opts ...pursuit.CallOption) (uuid.UUID, error) {
	r, err := w.S.Opportunities().Record(ctx, w.Deal(n), opts...)
	return r.ID, err
}

func (w *World) won() opportunity.WinInput {
	return opportunity.WinInput{Reasons: []opportunity.Choice{{Reason: w.Win}}, Summary: "signed"}
}

func (w *World) lost() opportunity.LoseInput {
	return opportunity.LoseInput{Reasons: []opportunity.Choice{{Reason: w.Loss}}, Summary: "gone", Competitor: w.Rival}
}

// reenter gives the world a new engine on its store.
func (w *World) reenter() error {
	x, err := w.Inside(w.store, nil)
	if err == nil {
		*w = *x
	}
	return err
}
