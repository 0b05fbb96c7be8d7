package pursuit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// meddler is a store whose transactions are changed: with a seeded bug.
type meddler struct {
	storage.Store
	with func(storage.Tx) storage.Tx
}

func (m meddler) Update(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return m.Store.Update(ctx, func(ctx context.Context, tx storage.Tx) error { return fn(ctx, m.with(tx)) })
}

func (m meddler) View(ctx context.Context, fn func(context.Context, storage.Tx) error) error {
	return m.Store.View(ctx, func(ctx context.Context, tx storage.Tx) error { return fn(ctx, m.with(tx)) })
}

// on returns an engine of its own on a store that is meddled with.
func (w *tenant) on(with func(storage.Tx) storage.Tx, policy pursuit.Policy) *pursuit.Engine {
	eng, err := pursuit.New(meddler{w.store, with}, &pursuit.Options{Clock: w.clock, Policy: policy, Blobs: w.blobs})
	require.NoError(w.t, err)
	return eng
}

func untouched(tx storage.Tx) storage.Tx { return tx }

// migrating says what is wrong with migrations inside a scope: ann's deals move, and
// zoe's don't, nor do they count.
func migrating(w *tenant, with func(storage.Tx) storage.Tx) error {
	mine, in := w.record(), w.input()
	in.Owner, in.Department, in.Stage = "zoe", "south", "engaging"
	theirs, err := w.s.Opportunities().Record(w.ctx, in)
	w.must(theirs, err)
	version := w.get(mine.ID).ProcessVersion
	w.must(w.s.Processes().Publish(w.ctx, stage.Process{ID: w.process, Code: "crm", Names: names("CRM"), Stages: []stage.Stage{
		{ID: "prospecting", Names: names("Prospecting"), Probability: 1000, Category: stage.Pipeline},
		{ID: "late", Names: names("Late"), Probability: 9000, Category: stage.BestCase},
	}}))
	ann := w.on(with, east{}).As(w.s.Actor())
	move := pursuit.MigrateInput{Version: version, Process: w.process}
	if err := ann.Processes().CheckMigration(w.ctx, version, w.process, nil); err != nil {
		return fmt.Errorf("the check speaks of zoe's deal: %w", err)
	}
	plan, err := ann.Processes().PlanMigration(w.ctx, move)
	if err != nil || len(plan.Unmapped) > 0 || len(plan.Deals) != 1 || plan.Deals[0].ID != mine.ID {
		return fmt.Errorf("planned are %+v, %w", plan, cmpError(err))
	}
	res, err := ann.Processes().Migrate(w.ctx, move)
	if err != nil || !slices.Equal(res.Opportunities, []uuid.UUID{mine.ID}) {
		return fmt.Errorf("moved are %v, %w", res.Opportunities, cmpError(err))
	}
	if w.get(theirs.ID).ProcessVersion != version || w.get(mine.ID).ProcessVersion == version {
		return errors.New("the wrong deal moved")
	}
	return nil
}

func cmpError(err error) error {
	if err == nil {
		return errors.New("which is wrong")
	}
	return err
}

// east lets everybody do everything, and see what is of the department.
type east struct{}

func (east) Allow(context.Context, access.Actor, access.Action, access.Subject) error { return nil }

func (east) Scope(_ context.Context, a access.Actor, _ access.Resource) (access.Scope, error) {
	return access.Scope{Departments: []string{a.Department}}, nil
}

// unscoped leaves the scope out of one of the two questions of a migration.
type unscoped struct {
	storage.Tx
	list, stages bool
}

func (x unscoped) Opportunities() opportunity.Repository {
	return unscopedList{x.Tx.Opportunities(), x.list}
}

func (x unscoped) Pipeline() pipeline.Repository { return unscopedSums{x.Tx.Pipeline(), x.stages} }

type unscopedList struct {
	opportunity.Repository
	bug bool
}

func (x unscopedList) List(ctx context.Context, tenant string, q opportunity.Query) ([]opportunity.Root, error) {
	if x.bug {
		q.Scope = access.Scope{All: true}
	}
	return x.Repository.List(ctx, tenant, q)
}

type unscopedSums struct {
	pipeline.Repository
	bug bool
}

func (x unscopedSums) Sums(ctx context.Context, tenant string, q pipeline.Query) ([]pipeline.Bucket, error) {
	if x.bug {
		q.Scope = access.Scope{All: true}
	}
	return x.Repository.Sums(ctx, tenant, q)
}

// TestJ02_MigrationsStayInsideTheScope: checks, plans and migrations are about what the
// actor sees.
func TestJ02_MigrationsStayInsideTheScope(t *testing.T) {
	require.NoError(t, migrating(newTenant(t), untouched))
	for _, list := range []bool{true, false} {
		bug := func(tx storage.Tx) storage.Tx { return unscoped{tx, list, !list} }
		require.Error(t, migrating(newTenant(t), bug), "a scope that is left out is found: list %t", list)
	}
}
