package integration

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage/migrate"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// TestGoose brings tables up by several at once and down again, on each database,
// with a prefix, and in a schema that is named after a word of SQL.
func TestGoose(t *testing.T) {
	onSQL(t, func(t *testing.T, d database) {
		c := d.fresh(t)
		db := opened(t, c)
		opts := sqlstore.Options{Prefix: "erp_"}
		if d.name == "postgres" {
			opts.Schema = "order"
			execAll(t, db, []string{`CREATE SCHEMA "order"`})
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		did := 0
		for range 3 {
			p, err := migrate.New(opened(t, c), d.dialect, &migrate.Options{Options: opts, Poll: 10 * time.Millisecond})
			require.NoError(t, err)
			wg.Go(func() {
				applied, err := p.Up(context.Background())
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				did += min(1, len(applied))
			})
		}
		wg.Wait()
		require.Equal(t, 1, did, "one of them did it")
		s, err := sqlstore.New(db, d.dialect, &opts)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		require.NoError(t, s.Check(context.Background()))
		newWorld(t, s).lifecycle()

		p, err := migrate.New(db, d.dialect, &migrate.Options{Options: opts})
		require.NoError(t, err)
		status, err := p.Status(context.Background())
		require.NoError(t, err)
		require.NotEmpty(t, status)
		for _, m := range status {
			require.Equal(t, goose.StateApplied, m.State)
			require.False(t, m.AppliedAt.IsZero())
		}
		_, err = p.DownTo(context.Background(), 0)
		require.NoError(t, err)
		require.ErrorIs(t, s.Check(context.Background()), fault.ErrNotAllowed)
		require.NoError(t, s.Migrate(context.Background()))
		_, err = p.Up(context.Background())
		require.Equal(t, "storage.migrate.mixed", fault.CodeOf(err))
	})
}
