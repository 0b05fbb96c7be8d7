package reliability

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/audit"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/storage"
)

// aggregate names one thing with a journal.
type aggregate struct {
	kind journal.Kind
	id   uuid.UUID
}

// Whole checks that no half command is stored for a tenant; see audit.Tenant.
func Whole(ctx context.Context, store storage.Store, tenant string) (versions map[uuid.UUID]int64, err error) {
	return audit.Tenant(ctx, store, tenant)
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

func equal(what string, stored, replayed any) error { return audit.Equal(what, stored, replayed) }
