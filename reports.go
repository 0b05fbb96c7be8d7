package pursuit

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// Reports returns figures of the pipeline, limited to what the actor may see
// (J02). Errors common to all methods are those of [Opportunities].
type Reports struct{ handle }

// Reports returns the handle of reports.
func (s *Session) Reports() Reports { return Reports{handle{s}} }

// PipelineQuery selects the figures of the pipeline.
type PipelineQuery struct {
	Filter opportunity.Filter `json:"filter,omitzero"`
	By     pipeline.Dimension `json:"by,omitzero"`
	// AsOf and KnownAt, if not zero, select the pipeline as it was at AsOf, as
	// known at KnownAt; KnownAt alone means as of now. Both are truncated to
	// microseconds. The result then comes from the ledger; fields that it doesn't
	// hold (opportunity.Filter.Historic, and ByProduct) are refused. The current
	// opportunities decide what the actor may see (J02).
	AsOf    time.Time `json:"as_of,omitzero"`
	KnownAt time.Time `json:"known_at,omitzero"`
	// Merge maps groups to coarser ones (an agent to the manager). A panic in it is
	// ErrHost.
	Merge func(key string) string `json:"-"`
}

// Pipeline returns counts and amounts by group: open, weighted, won, lost, win
// rate, cycle lengths (F1, F2, F4, F7), computed in the database and completed
// exactly. Groups are ordered by key; those of stages, without Merge, in the
// order of the process, the default one first, and with their names: one more
// statement. Errors: ErrInvalid; ErrLimit for sums beyond 64 bits.
func (h Reports) Pipeline(ctx context.Context, q PipelineQuery) (out []pipeline.Group, err error) {
	defer rescue(&err)
	if h.s().err != nil {
		return nil, h.s().err
	}
	pq := pipeline.Query{Filter: q.Filter, By: q.By}
	if !q.AsOf.IsZero() || !q.KnownAt.IsZero() {
		now := h.s().eng.now()
		a := pipeline.AsOf{Effective: calendar.Truncate(q.AsOf), Known: calendar.Truncate(q.KnownAt)}
		if q.AsOf.IsZero() {
			a.Effective = now
		}
		if q.KnownAt.IsZero() {
			a.Known = now
		}
		pq.AsOf = &a
	}
	if err := pq.Validate(); err != nil {
		return nil, err
	}
	if err := h.s().allow(ctx, access.ReportRead, access.Subject{}); err != nil {
		return nil, err
	}
	sc, err := h.s().scope(ctx, access.Opportunities)
	if err != nil {
		return nil, err
	}
	pq.Scope = sc
	if pq.Customers, err = h.s().searching(ctx, &pq.Filter); err != nil {
		return nil, err
	}
	var groups []pipeline.Group
	err = h.s().view(ctx, "reports.pipeline", func(ctx context.Context, tx storage.Tx) error {
		var buckets []pipeline.Bucket
		ask := func() (bool, error) {
			buckets, err = tx.Pipeline().Sums(ctx, h.s().actor.Tenant, pq)
			return len(buckets) > 0 || pq.AsOf != nil, err
		}
		if err := h.s().resolving(ctx, tx, ask, &pq.Filter.Customer, &pq.Filter.Party); err != nil {
			return err
		}
		days, err := tx.Pipeline().CycleDays(ctx, h.s().actor.Tenant, pq)
		if err != nil {
			return err
		}
		if groups, err = summarise(buckets, days, q.Merge); err != nil || q.By != pipeline.ByStage || q.Merge != nil {
			return err
		}
		return h.s().byStages(ctx, tx, &q.Filter, groups)
	})
	if err != nil {
		return nil, err
	}
	return groups, nil
}

// summarise contains a panic of the host's function.
func summarise(buckets []pipeline.Bucket, days []pipeline.Days, merge func(string) string) (groups []pipeline.Group, err error) {
	defer func() {
		if p := recover(); p != nil {
			groups, err = nil, fault.New(fault.ErrHost, "report.merge.panic", "the host's function panicked")
		}
	}()
	return pipeline.Summarise(buckets, days, merge)
}

// byStages sorts groups by stage in the order of the processes' current versions,
// and names them: the version of the filter's process or version, or else of the
// default process, then of the others by code. Stages without such a version come
// last, by id.
func (s *Session) byStages(ctx context.Context, tx storage.Tx, f *opportunity.Filter, groups []pipeline.Group) error {
	list, err := tx.Processes().List(ctx, s.actor.Tenant)
	if err != nil {
		return err
	}
	slices.SortStableFunc(list, func(a, b stage.Record) int {
		switch {
		case a.Default == b.Default:
			return 0 // by code
		case a.Default:
			return -1
		}
		return 1
	})
	versions := []uuid.UUID{}
	if f.Version != uuid.Nil {
		versions = append(versions, f.Version)
	} else {
		for _, p := range list {
			if f.Process == uuid.Nil || f.Process == p.ID {
				versions = append(versions, p.Current)
			}
		}
	}
	place, names := map[string]int{}, map[string]stage.Names{}
	for _, id := range versions {
		v, err := s.eng.version(ctx, tx, s.actor.Tenant, id)
		if errors.Is(err, fault.ErrNotFound) {
			continue // the filter's, of which there is none
		}
		if err != nil {
			return err
		}
		for _, x := range v.Process().Stages {
			if _, ok := place[x.ID]; !ok {
				place[x.ID], names[x.ID] = len(place), x.Names
			}
		}
	}
	for i := range groups {
		groups[i].Names = names[groups[i].Key].Clone()
	}
	slices.SortStableFunc(groups, func(a, b pipeline.Group) int {
		i, known := place[a.Key]
		j, too := place[b.Key]
		switch {
		case known && too:
			return i - j
		case known:
			return -1
		case too:
			return 1
		}
		return 0 // by key
	})
	return nil
}
