package audit

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/storage"
)

const page = 1000

// journals reads the chains of all that is stored, and of all that the outbox tells of:
// what was deleted too, unless that was relayed.
func journals(ctx context.Context, tx storage.Tx, tenant string) (map[aggregate][]journal.Entry, error) {
	found := map[aggregate]bool{}
	entries, err := tx.Journal().Unrelayed(ctx, tenant, 10_000_000)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		found[aggregate{e.Kind, e.Aggregate}] = true
	}
	if err := listed(ctx, tx, tenant, func(kind journal.Kind, id uuid.UUID) { found[aggregate{kind, id}] = true }); err != nil {
		return nil, err
	}
	chains := map[aggregate][]journal.Entry{}
	for a := range found {
		for {
			list, err := tx.Journal().Entries(ctx, tenant, a.kind, a.id, int64(len(chains[a])), page)
			if err != nil {
				return nil, err
			}
			chains[a] = append(chains[a], list...)
			if len(list) < page {
				break
			}
		}
	}
	return chains, nil
}

// listed names all that is stored.
func listed(ctx context.Context, tx storage.Tx, tenant string, note func(journal.Kind, uuid.UUID)) error {
	all := access.Scope{All: true}
	oq := opportunity.Query{Scope: all, Limit: page, Sort: opportunity.ByNumber}
	for more := true; more; {
		list, err := tx.Opportunities().List(ctx, tenant, oq)
		if err != nil {
			return err
		}
		for i := range list {
			note(journal.KindOpportunity, list[i].ID)
			oq.After, oq.AfterID = list[i].Number, list[i].ID
		}
		more = len(list) == page
	}
	cq := customer.Query{Scope: all, Limit: page}
	for more := true; more; {
		list, err := tx.Customers().List(ctx, tenant, cq)
		if err != nil {
			return err
		}
		for i := range list {
			note(journal.KindCustomer, list[i].ID)
			cq.AfterKey, cq.AfterID = customer.KeysOf(list[i]).Name, list[i].ID
		}
		more = len(list) == page
	}
	aq := archive.Query{Limit: page}
	for more := true; more; {
		list, err := tx.Archives().List(ctx, tenant, aq)
		if err != nil {
			return err
		}
		for i := range list {
			note(journal.KindArchive, list[i].ID)
			aq.AfterKind, aq.AfterCode = list[i].Kind, list[i].Code
		}
		more = len(list) == page
	}
	nq := order.Query{Scope: all, Limit: page}
	for more := true; more; {
		list, err := tx.Orders().List(ctx, tenant, nq)
		if err != nil {
			return err
		}
		for i := range list {
			note(journal.KindOrder, list[i].ID)
			nq.AfterNumber = list[i].Number
		}
		more = len(list) == page
	}
	qq := quote.Query{Scope: all, Limit: page}
	for more := true; more; {
		list, err := tx.Quotes().List(ctx, tenant, qq)
		if err != nil {
			return err
		}
		for i := range list {
			note(journal.KindQuote, list[i].ID)
			qq.AfterNumber = list[i].Number
		}
		more = len(list) == page
	}
	processes, err := tx.Processes().List(ctx, tenant)
	for i := range processes {
		note(journal.KindProcess, processes[i].ID)
	}
	return err
}
