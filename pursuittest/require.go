package pursuittest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/audit"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/storage"
)

// RequireRefused requires an error of a kind (fault.ErrNotAllowed) with a code
// (fault.OpportunityGates) that names exactly the paths, in any order. Without
// paths it may name any.
func RequireRefused(t testing.TB, err error, kind error, code string, paths ...string) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Fatalf("wanted a refusal that is %q, got: %+v", kind, err)
	}
	if got := fault.CodeOf(err); got != code {
		t.Fatalf("wanted the code %q, got %q: %+v", code, got, err)
	}
	for _, p := range paths {
		if !slices.ContainsFunc(fault.FieldsOf(err), func(f fault.Field) bool { return f.Path == p }) {
			t.Fatalf("wanted a fault at %q, got: %+v", p, fault.FieldsOf(err))
		}
	}
}

// Events returns the journal of a record: an opportunity, a quote, an order, a
// customer, an archive entry or a process.
func (w *World) Events(id uuid.UUID) []journal.Entry {
	w.T.Helper()
	var out []journal.Entry
	err := w.Store.View(w.Ctx, func(ctx context.Context, tx storage.Tx) error {
		for _, kind := range []journal.Kind{journal.KindOpportunity, journal.KindQuote, journal.KindOrder, journal.KindCustomer, journal.KindArchive, journal.KindProcess} {
			for {
				list, err := tx.Journal().Entries(ctx, w.Tenant, kind, id, int64(len(out)), 500)
				if err != nil {
					return err
				}
				out = append(out, list...)
				if len(list) < 500 {
					break
				}
			}
			if len(out) > 0 {
				return nil
			}
		}
		return nil
	})
	if err != nil {
		w.T.Fatalf("%+v", err)
	}
	return out
}

// RequireEvents requires that a record's journal holds exactly these types of
// events, in order.
func RequireEvents(t testing.TB, w *World, id uuid.UUID, types ...string) {
	t.Helper()
	var got []string
	for _, e := range w.Events(id) {
		got = append(got, e.Type)
	}
	if !slices.Equal(got, types) {
		t.Fatalf("wanted the events\n\t%v\ngot\n\t%v", types, got)
	}
}

// RequireIntact audits the world's whole tenant: every chain of the journal is
// whole and replays to exactly the stored state, including rows of the ledger and
// searchable amounts; each opportunity has one owner, and splits of 100 %; one
// process is the default. It can't check records that were deleted and relayed.
func RequireIntact(t testing.TB, w *World) {
	t.Helper()
	if _, err := audit.Tenant(w.Ctx, w.Store, w.Tenant); err != nil {
		t.Fatalf("the tenant isn't intact: %v", err)
	}
}
