package integration

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// two says what is wrong between two tenants of one engine that share every code and number.
func two(w *tenant, eng *pursuit.Engine) error {
	sessions := map[string]*pursuit.Session{}
	type own struct{ process, version, customer, source uuid.UUID }
	has := map[string]own{}
	for _, tenant := range []string{"one", "two"} {
		s := eng.As(pursuit.Actor{Tenant: tenant, User: "ann", Department: "east", Roles: []access.Role{access.Administrator, access.Manager}})
		sessions[tenant] = s
		p, err := s.Processes().Publish(w.ctx, stage.Process{Code: "crm", Names: names(tenant), Stages: []stage.Stage{
			{ID: tenant, Names: names(tenant), Probability: 1000, Category: stage.Pipeline}}})
		if err != nil {
			return err
		}
		rec, err := s.Processes().Get(w.ctx, p.ID)
		if err != nil {
			return err
		}
		c, err := s.Customers().Create(w.ctx, customer.CreateInput{Name: "Of " + tenant, Code: "C1"})
		if err != nil {
			return err
		}
		a, err := s.Archives().Create(w.ctx, archive.CreateInput{Kind: archive.Source, Code: "web", Names: map[string]string{"en": tenant}})
		if err != nil {
			return err
		}
		has[tenant] = own{p.ID, rec.Current, c.ID, a.ID}
	}
	for i := range 20 { // one after the other, so that a block is held of both
		for tenant, s := range sessions {
			x := has[tenant]
			r, err := s.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "Deal", Customer: x.customer, Source: x.source, Currency: money.USD})
			if err != nil {
				return err
			}
			if want := fmt.Sprintf("OPP-2026-%06d", i+1); r.Number != want {
				return fmt.Errorf("%s's number is %s in place of %s", tenant, r.Number, want)
			}
			o, err := s.Opportunities().ByNumber(w.ctx, r.Number, 0)
			if err != nil || o.ID != r.ID || o.Stage != tenant {
				return fmt.Errorf("%s finds %s at %s: %w", tenant, o.ID, o.Stage, cmpError(err))
			}
		}
	}
	for tenant, s := range sessions {
		of := has[map[string]string{"one": "two", "two": "one"}[tenant]]
		if _, err := s.Processes().Version(w.ctx, of.version); !errors.Is(err, fault.ErrNotFound) {
			return fmt.Errorf("%s reads the other's version: %w", tenant, cmpError(err))
		}
		x := has[tenant]
		for _, in := range []opportunity.RecordInput{
			{Customer: of.customer}, {Customer: x.customer, BillTo: of.customer}, {Customer: x.customer, EndUser: of.customer},
			{Customer: x.customer, Source: of.source}, {Customer: x.customer, Process: of.process},
		} {
			in.Name, in.Currency = "Deal", money.USD
			if _, err := s.Opportunities().Record(w.ctx, in); !errors.Is(err, fault.ErrInvalid) && !errors.Is(err, fault.ErrNotFound) {
				return fmt.Errorf("%s refers to what is the other's: %w", tenant, cmpError(err))
			}
		}
		c, err := s.Customers().ByCode(w.ctx, "C1")
		if err != nil || c.ID != x.customer {
			return fmt.Errorf("%s's C1 is %s: %w", tenant, c.ID, cmpError(err))
		}
	}
	return nil
}

// mixed forgets the tenant in one place, as a cache does whose key lacks it.
type mixed struct {
	storage.Tx
	what string
}

func (x mixed) Numbers() storage.Numbers { return mixedNumbers{x.Tx.Numbers(), x} }

func (x mixed) Processes() stage.Repository { return mixedProcesses{x.Tx.Processes(), x} }

func (x mixed) Opportunities() opportunity.Repository { return mixedFound{x.Tx.Opportunities(), x} }

type mixedNumbers struct {
	storage.Numbers
	x mixed
}

func (m mixedNumbers) Take(ctx context.Context, tenant, series string, n int64) (int64, error) {
	if m.x.what == "numbers" {
		tenant = "one"
	}
	return m.Numbers.Take(ctx, tenant, series, n)
}

type mixedProcesses struct {
	stage.Repository
	x mixed
}

func (m mixedProcesses) Version(ctx context.Context, tenant string, id uuid.UUID) (stage.Process, error) {
	p, err := m.Repository.Version(ctx, tenant, id)
	if m.x.what == "versions" && err != nil {
		for _, t := range []string{"one", "two"} {
			if p, err := m.Repository.Version(ctx, t, id); err == nil {
				return p, nil
			}
		}
	}
	return p, err
}

type mixedFound struct {
	opportunity.Repository
	x mixed
}

func (m mixedFound) References(ctx context.Context, tenant string, refs opportunity.Refs) (opportunity.Found, error) {
	f, err := m.Repository.References(ctx, tenant, refs)
	if m.x.what == "known" && err == nil {
		for _, t := range []string{"one", "two"} {
			if g, err := m.Repository.References(ctx, t, refs); err == nil && len(g.Customers) > len(f.Customers) {
				f.Customers = g.Customers
			}
		}
	}
	return f, err
}

// TestJ03_TenantsShareNoCache: what one engine keeps of a tenant, process versions, what
// is known of customers, blocks of numbers, is nothing to another one.
func TestJ03_TenantsShareNoCache(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		require.NoError(t, two(w, w.eng))
		for _, what := range []string{"numbers", "versions", "known"} {
			w := newTenant(t)
			require.Error(t, two(w, w.on(func(tx storage.Tx) storage.Tx { return mixed{Tx: tx, what: what} }, nil)), "shared %s are found", what)
		}
	})
}
