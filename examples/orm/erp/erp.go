package erp

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// ERP is the host: a database with tables of its own, and the library in it.
type ERP struct {
	Database
	Store  *sqlstore.Store
	engine *pursuit.Engine
	clerk  pursuit.Actor
	reason uuid.UUID
}

// CreditLimit is the ERP's own rule, in minor units.
const CreditLimit = 1_000_000_00

// ErrCreditLimit is the ERP's own refusal.
var ErrCreditLimit = errors.New("the credit limit is exceeded")

// Open makes the tables in a new database, the ERP's and the library's.
func Open(ctx context.Context, d Database) (_ *ERP, err error) {
	db := d.DB
	defer func() {
		if err != nil {
			db.Close()
		}
	}()
	if _, err := db.ExecContext(ctx, `CREATE TABLE erp_invoice (
		number         VARCHAR(40) PRIMARY KEY,
		opportunity_id VARCHAR(36) NOT NULL,
		cents          BIGINT NOT NULL)`); err != nil {
		return nil, err
	}
	store, err := sqlstore.New(db, d.dialect(), nil)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(store.Migrate(ctx), store.Check(ctx)); err != nil {
		return nil, err
	}
	engine, err := pursuit.New(store, nil)
	if err != nil {
		return nil, err
	}
	e := &ERP{Database: d, Store: store, engine: engine,
		clerk: pursuit.Actor{Tenant: "acme", User: "clerk", Roles: []access.Role{access.Administrator}}}
	s := e.Session()
	if _, err := s.Processes().Publish(ctx, stage.Simple()); err != nil {
		return nil, err
	}
	r, err := s.Archives().Create(ctx, archive.CreateInput{Kind: archive.WinReason, Code: "price", Names: map[string]string{"en": "Price"}})
	e.reason = r.ID
	return e, err
}

// Close closes the database.
func (e *ERP) Close() error { return errors.Join(e.Store.Close(), e.DB.Close()) }

// Session works in transactions of the library's own.
func (e *ERP) Session() *pursuit.Session { return e.engine.As(e.clerk) }

// In gives a session that works inside the ERP's transaction, and what to ask
// before its COMMIT: an error means that it must be rolled back.
func (e *ERP) In(tx sqlstore.StdConn) (s *pursuit.Session, mayCommit func() error) {
	bound := e.Store.Bind(sqlstore.Std(tx))
	return e.engine.In(bound).As(e.clerk), bound.Err
}

// Win wins a deal in a session.
func (e *ERP) Win(ctx context.Context, s *pursuit.Session, deal uuid.UUID, invoice string) error {
	_, err := s.Opportunities().Win(ctx, deal, opportunity.WinInput{
		Reasons: []opportunity.Choice{{Reason: e.reason}}, Summary: "Invoiced as " + invoice})
	return err
}

// Offer records an opportunity for a new customer.
func (e *ERP) Offer(ctx context.Context, name string, cents int64) (uuid.UUID, error) {
	r, err := e.Session().Opportunities().RecordForNewCustomer(ctx,
		pursuit.RecordForNewCustomerInput{Customer: customer.CreateInput{Name: "Buyer of " + name}, Opportunity: opportunity.RecordInput{Name: name, Currency: money.CNY, Estimated: money.FromMinor(cents, money.CNY)}})
	return r.ID, err
}
