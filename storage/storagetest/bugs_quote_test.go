package storagetest_test

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// brokenQuotes is a repository with bugs: what is set is done.
type brokenQuotes struct {
	order.QuoteRepository
	save func(ctx context.Context, r order.QuoteRepository, c *order.QuoteChange)
	load func(l *order.QuoteLoad)
	get  func(s *order.QuoteSnapshot, rel *access.Relation)
	list func(q *order.QuoteQuery)
}

func (r *brokenQuotes) Get(ctx context.Context, tenant string, id uuid.UUID, load order.QuoteLoad) (order.QuoteSnapshot, access.Relation, error) {
	if r.load != nil {
		r.load(&load)
	}
	s, rel, err := r.QuoteRepository.Get(ctx, tenant, id, load)
	if r.get != nil {
		r.get(&s, &rel)
	}
	return s, rel, err
}

func (r *brokenQuotes) List(ctx context.Context, tenant string, q order.QuoteQuery) ([]order.QuoteRoot, error) {
	if r.list != nil {
		r.list(&q)
	}
	return r.QuoteRepository.List(ctx, tenant, q)
}

func (r *brokenQuotes) Save(ctx context.Context, c order.QuoteChange) error {
	if r.save != nil {
		r.save(ctx, r.QuoteRepository, &c)
	}
	return r.QuoteRepository.Save(ctx, c)
}

type unquotedCustomer struct {
	customer.Repository
	quotes order.QuoteRepository
}

func (r *unquotedCustomer) Used(ctx context.Context, tenant string, id, contact uuid.UUID) (bool, error) {
	list, err := r.quotes.List(ctx, tenant, order.QuoteQuery{Scope: access.Scope{All: true}, Customer: id, Limit: 1})
	if err != nil || len(list) > 0 {
		return false, err
	}
	return r.Repository.Used(ctx, tenant, id, contact)
}

func quoteBugs() []bug {
	broken := func(r brokenQuotes) func(*memory.Store) *broken {
		return swapping(func(tx storage.Tx) swapped {
			r := r
			r.QuoteRepository = tx.Quotes()
			return swapped{quotes: &r}
		})
	}
	return []bug{
		{"doesn't check a quote's version", "quote/save/O11_version-guard", broken(brokenQuotes{save: func(ctx context.Context, r order.QuoteRepository, c *order.QuoteChange) {
			if s, _, err := r.Get(ctx, c.Root.Tenant, c.Root.ID, order.QuoteLoad{}); err == nil {
				c.Expected = s.Version
			}
		}})},
		{"lets a quote's number be taken twice", "quote/save/Q02_number-taken", broken(brokenQuotes{save: func(ctx context.Context, r order.QuoteRepository, c *order.QuoteChange) {
			list, _ := r.List(ctx, c.Root.Tenant, order.QuoteQuery{Scope: access.Scope{All: true}, Limit: 100})
			if slices.ContainsFunc(list, func(x order.QuoteRoot) bool { return x.Number == c.Root.Number && x.ID != c.Root.ID }) {
				c.Root.Number += "'"
			}
		}})},
		{"drops a quote's field", "fields/quote", broken(brokenQuotes{save: func(_ context.Context, _ order.QuoteRepository, c *order.QuoteChange) { c.Root.Terms = "" }})},
		{"forgets past revisions", "quote/save/Q02_revisions", broken(brokenQuotes{save: func(_ context.Context, _ order.QuoteRepository, c *order.QuoteChange) { c.Past = nil }})},
		{"changes past revisions", "quote/save/Q02_revisions", broken(brokenQuotes{get: func(s *order.QuoteSnapshot, _ *access.Relation) {
			for i := range s.Past {
				s.Past[i].Items = s.Items
			}
		}})},
		{"keeps removed lines of a quote", "quote/save/Q02_revisions", broken(brokenQuotes{save: func(_ context.Context, _ order.QuoteRepository, c *order.QuoteChange) { c.RemovedLines = nil }})},
		{"loads a quote's lines unasked", "quote/get/parts", broken(brokenQuotes{load: func(l *order.QuoteLoad) { l.Items = true }})},
		{"takes everybody for a quote's reader", "quote/get/relation", broken(brokenQuotes{get: func(_ *order.QuoteSnapshot, rel *access.Relation) {
			if *rel == access.Stranger {
				*rel = access.Reader
			}
		}})},
		{"ignores the scope of quotes", "quote/list/J02", broken(brokenQuotes{list: func(q *order.QuoteQuery) { q.Scope = access.Scope{All: true} }})},
		{"takes no end of validity for a past one", "quote/list/Q03_validity", broken(brokenQuotes{list: func(q *order.QuoteQuery) { q.ValidBefore = calendar.Date{} }})},
		{"counts the last valid day as past", "quote/list/Q03_validity", broken(brokenQuotes{list: func(q *order.QuoteQuery) {
			if !q.ValidBefore.IsZero() {
				q.ValidBefore = q.ValidBefore.AddDays(1)
			}
		}})},
		{"overlooks a customer's quotes", "customer/used/C05", swapping(func(tx storage.Tx) swapped {
			return swapped{customers: &unquotedCustomer{tx.Customers(), tx.Quotes()}}
		})},
	}
}
