package lifecycle

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/pgxconn"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// library is the library, as an ERP uses it.
type library struct {
	s     *pursuit.Session
	close func() error
}

func session(store storage.Store, w *world) (*pursuit.Session, error) {
	eng, err := pursuit.New(store, &pursuit.Options{Clock: w.now, NewID: w.newID})
	if err != nil {
		return nil, err
	}
	return eng.As(pursuit.Actor{Tenant: tenant, User: user, Department: department, Roles: []access.Role{access.Administrator, access.Manager}}), nil
}

func newLibrary(db *sql.DB, d sqlstore.Dialect, w *world) (contender, error) {
	store, err := sqlstore.New(db, d, nil)
	if err != nil {
		return nil, err
	}
	return on(store, w)
}

// newLibraryOnPgx is the library on a pool of pgx.
func newLibraryOnPgx(p *pgxpool.Pool, w *world) (contender, error) {
	store, err := pgxconn.New(p, nil)
	if err != nil {
		return nil, err
	}
	return on(store, w)
}

func on(store *sqlstore.Store, w *world) (contender, error) {
	s, err := session(store, w)
	return &library{s, store.Close}, err
}

// prepare makes the tables, and sets up what all contenders start from.
func prepare(ctx context.Context, db *sql.DB, d sqlstore.Dialect, w *world) error {
	store, err := sqlstore.New(db, d, nil)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := store.Migrate(ctx); err != nil {
		return err
	}
	s, err := session(store, w)
	if err != nil {
		return err
	}
	en := func(s string) stage.Names { return stage.Names{"en": s} }
	p := stage.Process{Code: "b2b", Names: en("Complex sale")}
	for _, st := range stages {
		p.Stages = append(p.Stages, stage.Stage{ID: st.id, Names: en(st.id), Probability: st.probability, Category: stage.Category(st.category)})
	}
	r, err := s.Processes().Publish(ctx, p)
	if err != nil {
		return err
	}
	w.process = r.ID
	got, err := s.Processes().Get(ctx, r.ID)
	if err != nil {
		return err
	}
	w.version = got.Current
	r, err = s.Archives().Create(ctx, archive.CreateInput{Kind: archive.WinReason, Code: "service", Names: map[string]string{"en": "Better service"}})
	if err != nil {
		return err
	}
	w.reason = r.ID
	if _, err := s.SalesSystem().Enable(ctx); err != nil {
		return err
	}
	_, err = s.SalesSystem().Initialise(ctx, order.InitialiseInput{BaseCurrency: currency})
	return err
}

func (l *library) end() error { return l.close() }

func (l *library) createCustomer(ctx context.Context, d *deal) error {
	r, err := l.s.Customers().Create(ctx, customer.CreateInput{Name: d.customerName, Status: customer.Active, Owner: user, Department: department, Contacts: []customer.ContactInput{{Name: d.contactName, Primary: true}}})
	if err == nil {
		d.customer, d.contact = r.ID, r.Contacts[0]
	}
	return err
}

func (l *library) record(ctx context.Context, d *deal) error {
	r, err := l.s.Opportunities().Record(ctx, opportunity.RecordInput{
		Name: d.name, Customer: d.customer, Currency: currency, ExpectedClose: d.close, Members: d.members, Lines: d.lines,
	})
	d.opportunity = r.ID
	return err
}

func (l *library) advance(ctx context.Context, d *deal, to string) error {
	_, err := l.s.Opportunities().Advance(ctx, d.opportunity, opportunity.AdvanceInput{To: to, Summary: d.summary})
	return err
}

func (l *library) win(ctx context.Context, d *deal) error {
	_, err := l.s.Opportunities().Win(ctx, d.opportunity, opportunity.WinInput{Summary: d.summary, Reasons: []opportunity.Choice{{Reason: d.reason}}})
	return err
}

func (l *library) createOrder(ctx context.Context, d *deal) error {
	r, err := l.s.Orders().Create(ctx, d.opportunity, order.CreateInput{})
	d.order = r.ID
	return err
}

// closeDeal overrides, since the order isn't executed yet.
func (l *library) closeDeal(ctx context.Context, d *deal) error {
	_, err := l.s.Opportunities().Close(ctx, d.opportunity, opportunity.CloseInput{Override: closing})
	return err
}

// closing is why a deal is closed while its order is under way.
const closing = "the order is followed elsewhere"
