package integration

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// gated is the world's process with a credit check before a win and before the second
// stage.
func gated() stage.Process {
	credit := []stage.Gate{{ID: "credit", Kind: "erp.credit", Params: map[string]string{"limit": "9"}}}
	return stage.Process{Code: "gated", Names: names("Gated"), WinGates: credit, Stages: []stage.Stage{
		{ID: "first", Names: names("First"), Probability: 1000, Category: stage.Pipeline},
		{ID: "second", Names: names("Second"), Probability: 5000, Category: stage.Commit, Start: true, Entry: credit},
	}}
}

// blocked reads the host's own table.
func blocked(ctx context.Context, conn sqlstore.Conn, d database, id uuid.UUID) (bool, error) {
	rows, err := conn.Query(ctx, d.q("SELECT customer FROM erp_blocked WHERE customer = ?"), d.key(id))
	if err != nil {
		return false, err
	}
	found := rows.Next()
	return found, errors.Join(rows.Err(), rows.Close())
}

// TestP07_AGateSeesTheHostsTransaction: whoever blocks a customer and wins the deal in
// one transaction is refused. The twin asks beside the transaction, and lets it pass.
func TestP07_AGateSeesTheHostsTransaction(t *testing.T) { onSQL(t, aGateSeesTheHostsTransaction) }

func aGateSeesTheHostsTransaction(t *testing.T, d database) {
	store, db := d.store(t, nil)
	w := newWorld(t, store)
	_, err := db.Exec("CREATE TABLE erp_blocked (customer " + d.id + ")")
	require.NoError(t, err)
	beside := false
	eng, err := pursuit.New(store, &pursuit.Options{Clock: func() time.Time { w.now = w.now.Add(time.Second); return w.now }, Gates: map[string]pursuit.GateKind{
		"erp.credit": {Evaluate: func(ctx context.Context, in pursuit.GateInput) (stage.Verdict, error) {
			conn, ok := sqlstore.ConnOf(in.Tx)
			if !ok {
				return stage.Verdict{}, errors.New("not a transaction of the database")
			}
			if beside {
				conn = sqlstore.Std(db)
			}
			no, err := blocked(ctx, conn, d, in.Customer.ID)
			return stage.Verdict{Met: !no, Message: "the customer is blocked"}, err
		}},
	}})
	require.NoError(t, err)
	s := eng.As(w.s.Actor())
	p, err := s.Processes().Publish(w.ctx, gated())
	require.NoError(t, err)
	in := w.input("gated", 1)
	in.Process = p.ID
	deal, err := s.Opportunities().Record(w.ctx, in)
	require.NoError(t, err)
	win := opportunity.WinInput{Summary: "won", Reasons: choose(w.win)}
	inHosts := func() (err, bad error) {
		tx, err := db.Begin()
		require.NoError(t, err)
		defer tx.Rollback()
		_, err = tx.Exec(d.q("INSERT INTO erp_blocked VALUES (?)"), d.key(w.customer))
		require.NoError(t, err)
		bound := store.Bind(sqlstore.Std(tx))
		_, err = eng.In(bound).As(w.s.Actor()).Opportunities().Win(w.ctx, deal.ID, win)
		return err, bound.Err()
	}
	err, bad := inHosts()
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, []fault.Field{{Path: "gate/credit", Code: "unmet", Message: "the customer is blocked"}}, fault.FieldsOf(err))
	require.NoError(t, bad, "a refusal leaves the host's transaction usable")
	beside = true
	err, _ = inHosts()
	require.NoError(t, err, "the twin: a gate that asks beside the transaction misses it")
	beside = false

	db.SetMaxOpenConns(1) // the gate needs no connection of its own
	_, err = s.Opportunities().Win(w.ctx, deal.ID, win)
	require.NoError(t, err)
}
