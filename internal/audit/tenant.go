package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/storage"
)

// aggregate names one thing with a journal.
type aggregate struct {
	kind journal.Kind
	id   uuid.UUID
}

// Tenant checks that all that is stored of a tenant agrees (J05 to J08): every journal
// chains and ends where its aggregate says; replaying it gives the stored root, parts
// and ledger; nothing is stored without a journal; what must hold over several rows
// does. It returns the versions of the opportunities. It reads all of the tenant in one
// transaction. Errors: all that it finds, joined; the store's.
func Tenant(ctx context.Context, store storage.Store, tenant string) (versions map[uuid.UUID]int64, err error) {
	err = store.View(ctx, func(ctx context.Context, tx storage.Tx) error {
		versions = map[uuid.UUID]int64{}
		chains, err := journals(ctx, tx, tenant)
		if err != nil {
			return err
		}
		var broken []error
		for a, chain := range chains {
			if len(chain) == 0 {
				broken = append(broken, fmt.Errorf("%s %s has no journal", a.kind, a.id))
				continue
			}
			if err := same(ctx, tx, tenant, a, chain, versions); err != nil {
				broken = append(broken, fmt.Errorf("%s %s: %w", a.kind, a.id, err))
			}
		}
		n, err := tx.Opportunities().Count(ctx, tenant, opportunity.Query{Scope: access.Scope{All: true}})
		if err != nil {
			return err
		}
		if int(n) != len(versions) {
			broken = append(broken, fmt.Errorf("%d opportunities, %d with a journal", n, len(versions)))
		}
		broken = append(broken, oneDefault(ctx, tx, tenant))
		return errors.Join(broken...)
	})
	return versions, err
}

// same compares an aggregate with its journal.
func same(ctx context.Context, tx storage.Tx, tenant string, a aggregate, chain []journal.Entry, versions map[uuid.UUID]int64) error {
	var stored, replayed any
	var head journal.Head
	gone := false
	switch a.kind {
	case journal.KindOpportunity:
		snap, ledger, deleted, err := opportunity.Replay(chain)
		if err != nil {
			return err
		}
		got, err := tx.Opportunities().Get(ctx, tenant, a.id, opportunity.Load{Parts: opportunity.AllParts})
		if deleted && errors.Is(err, fault.ErrNotFound) {
			gone = true
		} else if err != nil {
			return err
		}
		rows, err := tx.Opportunities().Ledger(ctx, tenant, a.id)
		if err != nil {
			return err
		}
		if err := Equal("ledger", rows, ledger); err != nil {
			return err
		}
		if !gone {
			versions[a.id] = got.Snapshot.Version
			if err := Alone(&got.Snapshot); err != nil {
				return err
			}
			if err := indexed(ctx, tx, &got.Snapshot); err != nil {
				return err
			}
		}
		snap.Loaded, head = opportunity.AllParts, got.Snapshot.Head
		stored, replayed = got.Snapshot, snap
	case journal.KindCustomer:
		c, contacts, err := customer.Replay(chain)
		if err != nil {
			return err
		}
		got, err := tx.Customers().Get(ctx, tenant, a.id, true)
		if c.ID == uuid.Nil && errors.Is(err, fault.ErrNotFound) {
			gone = true
		} else if err != nil {
			return err
		}
		head, stored, replayed = got.Head, []any{got.Customer, len(got.Contacts), got.Contacts}, []any{c, len(contacts), contacts}
		if len(contacts)+len(got.Contacts) == 0 {
			stored, replayed = got.Customer, c
		}
	case journal.KindArchive:
		e, err := archive.Replay(chain)
		if err != nil {
			return err
		}
		got, err := tx.Archives().Get(ctx, tenant, a.id)
		if e.ID == uuid.Nil && errors.Is(err, fault.ErrNotFound) {
			gone = true
		} else if err != nil {
			return err
		}
		head, stored, replayed = got.Head, got.Entry, e
		if !gone {
			if err := sameScorecards(ctx, tx, tenant, a.id, chain); err != nil {
				return err
			}
		}
	case journal.KindOrder:
		snap, err := order.Replay(chain)
		if err != nil {
			return err
		}
		got, _, err := tx.Orders().Get(ctx, tenant, a.id, true, "")
		if err != nil {
			return err
		}
		snap.EventsLoaded, head = true, got.Head
		stored, replayed = got, snap
	case journal.KindQuote:
		snap, err := quote.Replay(chain)
		if err != nil {
			return err
		}
		got, _, err := tx.Quotes().Get(ctx, tenant, a.id, quote.Load{Items: true, Past: true})
		if err != nil {
			return err
		}
		head = got.Head
		stored, replayed = got, snap
	case journal.KindSales:
		s, err := order.ReplaySettings(chain)
		if err != nil {
			return err
		}
		got, err := tx.Orders().Settings(ctx, tenant)
		if err != nil {
			return err
		}
		s.Tenant, head = tenant, got.Head
		stored, replayed = got, s
	case journal.KindProcess:
		got, err := tx.Processes().Get(ctx, tenant, a.id)
		if errors.Is(err, fault.ErrNotFound) && strings.Contains(chain[len(chain)-1].Type, "deleted") {
			gone = true
		} else if err != nil {
			return err
		}
		head = got.Head
		if !gone {
			if err := sameProcess(ctx, tx, &got, chain); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("unknown kind")
	}
	if gone {
		return nil
	}
	if err := journal.Verify(chain, head); err != nil {
		return fmt.Errorf("%w %+v", err, fault.FieldsOf(err))
	}
	return Equal("state", stored, replayed)
}

// Alone checks what must hold over several rows of an opportunity (T01, T05).
func Alone(s *opportunity.Snapshot) error {
	owners, split := 0, 0
	for _, m := range s.Members {
		split += m.Split
		if m.Role == opportunity.RoleOwner {
			owners++
			if m.User != s.Owner {
				return fmt.Errorf("T01: the owner is %s, the team says %s", s.Owner, m.User)
			}
		}
	}
	if owners != 1 {
		return fmt.Errorf("T01: %d owners", owners)
	}
	if split != 0 && split != 10000 {
		return fmt.Errorf("T05: splits total %d", split)
	}
	return nil
}

// Equal compares what is stored with what its journal replays to, as JSON.
func Equal(what string, stored, replayed any) error {
	a, err := json.Marshal(stored)
	if err != nil {
		return err
	}
	b, err := json.Marshal(replayed)
	if err != nil {
		return err
	}
	if !bytes.Equal(a, b) {
		i := 0
		for i < min(len(a), len(b)) && a[i] == b[i] {
			i++
		}
		at := max(0, i-60)
		return fmt.Errorf("%s differs from its journal: stored …%s, replayed …%s", what, a[at:min(len(a), at+160)], b[at:min(len(b), at+160)])
	}
	return nil
}
