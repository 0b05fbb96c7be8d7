package reliability

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
	"github.com/pursuit-crm/pursuit/internal/text"
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

// Whole checks that no half command is stored for a tenant (J05 to J08): every
// journal chains and ends where its aggregate says; replaying it gives the
// stored root, parts and ledger; nothing is stored without a journal. It returns
// the versions of the opportunities.
func Whole(ctx context.Context, store storage.Store, tenant string) (versions map[uuid.UUID]int64, err error) {
	err = store.View(ctx, func(ctx context.Context, tx storage.Tx) error {
		versions = map[uuid.UUID]int64{}
		entries, err := tx.Journal().Unrelayed(ctx, tenant, 10_000_000)
		if err != nil {
			return err
		}
		chains := map[aggregate][]journal.Entry{}
		for _, e := range entries {
			a := aggregate{e.Kind, e.Aggregate}
			chains[a] = append(chains[a], e)
		}
		var broken []error
		for a, chain := range chains {
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
		if err := equal("ledger", rows, ledger); err != nil {
			return err
		}
		if !gone {
			versions[a.id] = got.Snapshot.Version
			if err := alone(&got.Snapshot); err != nil {
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
	return equal("state", stored, replayed)
}

// alone checks what must hold over several rows of an opportunity (T01, T05).
func alone(s *opportunity.Snapshot) error {
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

func equal(what string, stored, replayed any) error {
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

// requestKey is the RequestID that Dump looks for.
const requestKey = "k"

// Dump gives everything that a tenant has stored, number series aside, so that
// two moments can be compared.
func Dump(ctx context.Context, p *Place, tenant string) (string, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	err := p.Store.View(ctx, func(ctx context.Context, tx storage.Tx) error {
		entries, err := tx.Journal().Unrelayed(ctx, tenant, 10_000_000)
		if err != nil {
			return err
		}
		var errs []error
		seen := map[aggregate]bool{}
		for _, e := range entries {
			errs = append(errs, enc.Encode(e))
			if a := (aggregate{e.Kind, e.Aggregate}); !seen[a] {
				seen[a] = true
				errs = append(errs, dumpOne(ctx, tx, tenant, a, enc))
			}
		}
		if r, err := tx.Requests().Find(ctx, tenant, text.RequestKey(user, requestKey)); err == nil {
			errs = append(errs, enc.Encode(r))
		} else if !errors.Is(err, fault.ErrNotFound) {
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	})
	if err != nil {
		return "", err
	}
	if p.DB != nil { // rows that no repository would show
		rows, err := p.DB.QueryContext(ctx, counts)
		if err != nil {
			return "", err
		}
		defer rows.Close()
		for rows.Next() {
			var table string
			var n int
			if err := rows.Scan(&table, &n); err != nil {
				return "", err
			}
			fmt.Fprintln(&out, table, n)
		}
		if err := rows.Err(); err != nil {
			return "", err
		}
	}
	return out.String(), nil
}

func dumpOne(ctx context.Context, tx storage.Tx, tenant string, a aggregate, enc *json.Encoder) error {
	stored, err := readAll(ctx, tx, tenant, a)
	return errors.Join(err, enc.Encode(stored))
}
