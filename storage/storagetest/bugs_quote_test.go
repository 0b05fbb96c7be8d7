package storagetest_test

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// brokenQuotes is a repository with bugs: what is set is done.
type brokenQuotes struct {
	quote.Repository
	save func(ctx context.Context, r quote.Repository, c *quote.Change)
	load func(l *quote.Load)
	get  func(s *quote.Snapshot, rel *access.Relation)
	list func(q *quote.Query)
}

func (r *brokenQuotes) Get(ctx context.Context, tenant string, id uuid.UUID, load quote.Load) (quote.Snapshot, access.Relation, error) {
	if r.load != nil {
		r.load(&load)
	}
	s, rel, err := r.Repository.Get(ctx, tenant, id, load)
	if r.get != nil {
		r.get(&s, &rel)
	}
	return s, rel, err
}

func (r *brokenQuotes) List(ctx context.Context, tenant string, q quote.Query) ([]quote.Root, error) {
	if r.list != nil {
		r.list(&q)
	}
	return r.Repository.List(ctx, tenant, q)
}

func (r *brokenQuotes) Save(ctx context.Context, c quote.Change) error {
	if r.save != nil {
		r.save(ctx, r.Repository, &c)
	}
	return r.Repository.Save(ctx, c)
}

type unquotedCustomer struct {
	customer.Repository
	quotes quote.Repository
}

func (r *unquotedCustomer) Used(ctx context.Context, tenant string, id, contact uuid.UUID) (bool, error) {
	list, err := r.quotes.List(ctx, tenant, quote.Query{Scope: access.Scope{All: true}, Customer: id, Limit: 1})
	if err != nil || len(list) > 0 {
		return false, err
	}
	return r.Repository.Used(ctx, tenant, id, contact)
}

func quoteBugs() []bug {
	broken := func(r brokenQuotes) func(*memory.Store) *broken {
		return swapping(func(tx storage.Tx) swapped {
			r := r
			r.Repository = tx.Quotes()
			return swapped{quotes: &r}
		})
	}
	return []bug{
		{"doesn't check a quote's version", "quote/save/O11_version-guard", broken(brokenQuotes{save: func(ctx context.Context, r quote.Repository, c *quote.Change) {
			if s, _, err := r.Get(ctx, c.Root.Tenant, c.Root.ID, quote.Load{}); err == nil {
				c.Expected = s.Version
			}
		}})},
		{"lets a quote's number be taken twice", "quote/save/Q02_number-taken", broken(brokenQuotes{save: func(ctx context.Context, r quote.Repository, c *quote.Change) {
			list, _ := r.List(ctx, c.Root.Tenant, quote.Query{Scope: access.Scope{All: true}, Limit: 100})
			if slices.ContainsFunc(list, func(x quote.Root) bool { return x.Number == c.Root.Number && x.ID != c.Root.ID }) {
				c.Root.Number += "'"
			}
		}})},
		{"drops a quote's field", "fields/quote", broken(brokenQuotes{save: func(_ context.Context, _ quote.Repository, c *quote.Change) { c.Root.Terms = "" }})},
		{"forgets past revisions", "quote/save/Q02_revisions", broken(brokenQuotes{save: func(_ context.Context, _ quote.Repository, c *quote.Change) { c.Past = nil }})},
		{"changes past revisions", "quote/save/Q02_revisions", broken(brokenQuotes{get: func(s *quote.Snapshot, _ *access.Relation) {
			for i := range s.Past {
				s.Past[i].Items = s.Items
			}
		}})},
		{"keeps removed lines of a quote", "quote/save/Q02_revisions", broken(brokenQuotes{save: func(_ context.Context, _ quote.Repository, c *quote.Change) { c.RemovedLines = nil }})},
		{"loads a quote's lines unasked", "quote/get/parts", broken(brokenQuotes{load: func(l *quote.Load) { l.Items = true }})},
		{"takes everybody for a quote's reader", "quote/get/relation", broken(brokenQuotes{get: func(_ *quote.Snapshot, rel *access.Relation) {
			if *rel == access.Stranger {
				*rel = access.Reader
			}
		}})},
		{"ignores the scope of quotes", "quote/list/J02", broken(brokenQuotes{list: func(q *quote.Query) { q.Scope = access.Scope{All: true} }})},
		{"takes no end of validity for a past one", "quote/list/Q03_validity", broken(brokenQuotes{list: func(q *quote.Query) { q.ValidBefore = calendar.Date{} }})},
		{"counts the last valid day as past", "quote/list/Q03_validity", broken(brokenQuotes{list: func(q *quote.Query) {
			if !q.ValidBefore.IsZero() {
				q.ValidBefore = q.ValidBefore.AddDays(1)
			}
		}})},
		{"overlooks a customer's quotes", "customer/used/C05", swapping(func(tx storage.Tx) swapped {
			return swapped{customers: &unquotedCustomer{tx.Customers(), tx.Quotes()}}
		})},
	}
}
