package pursuit

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// MaxMigrated is the most opportunities that one migration moves, and one plan
// examines.
const MaxMigrated = 500

// MigrateInput selects the opportunities to migrate and their target (P05).
type MigrateInput struct {
	// Version is the id of their pinned version.
	Version uuid.UUID `json:"version"`
	// Process is the target, whose current version is used: the same process, or
	// another one.
	Process uuid.UUID `json:"process"`
	// Stages maps stages of the old version to those of the new one; an unmapped
	// stage keeps its id. Every stage in use must have a target.
	Stages map[string]string `json:"stages,omitempty"`
	// Override is the reason to pass unmet gates (P07).
	Override string `json:"override,omitempty"`
}

// MigrationMove counts the opportunities that move from one stage to another.
type MigrationMove struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Count int    `json:"count"`
}

// MigrationDeal is an opportunity to move, with its unmet gates.
type MigrationDeal struct {
	ID     uuid.UUID `json:"id"`
	Number string    `json:"number"`
	From   string    `json:"from"`
	// To is "" if the stage isn't mapped.
	To    string        `json:"to"`
	Unmet []fault.Field `json:"unmet,omitzero"`
}

// MigrationPlan is the effect of a migration on the first opportunities that it
// would move.
type MigrationPlan struct {
	// Moves are sorted by From.
	Moves []MigrationMove `json:"moves"`
	// Deals are all examined opportunities, oldest first.
	Deals []MigrationDeal `json:"deals"`
	// Unmapped are stages in use without a target, among opportunities that the
	// actor may see, including decided ones: they make the migration fail.
	Unmapped []fault.Field `json:"unmapped,omitzero"`
	// More reports whether there are more than MaxMigrated.
	More bool `json:"more,omitzero"`
}

// migrating is a migration being planned or done.
type migrating struct {
	to    stage.Record
	deals []opportunity.Root
	more  bool
	// unmapped is CheckMigration's refusal.
	unmapped error
}

// migration looks up the target of a migration and the opportunities to move.
func (c *command) migration(ctx context.Context, in MigrateInput) (m migrating, err error) {
	s, tenant := c.s, c.s.actor.Tenant
	var f fault.Fields
	text.Block(&f, "/override", &in.Override, 0, text.MaxDescription)
	if err := f.Invalid("opportunity.migrate.invalid"); err != nil {
		return m, err
	}
	if m.to, err = c.tx.Processes().Get(ctx, tenant, in.Process); err != nil {
		return m, err
	}
	old, err := s.eng.version(ctx, c.tx, tenant, in.Version)
	if err != nil {
		return m, err
	}
	if m.to.Current == in.Version {
		return m, fault.NotAllowed("opportunity.migrate.same", "they are on this version already",
			fault.Field{Path: "/process", Code: "same_version", Message: "is the version that they are on"})
	}
	if m.to.State == stage.RetiredProcess && old.Process().ID != m.to.ID {
		return m, fault.NotAllowed("process.retired", "a retired process takes no opportunities", fault.Field{Path: "/process", Code: "retired", Message: "is retired"})
	}
	to, err := s.eng.version(ctx, c.tx, tenant, m.to.Current)
	if err != nil {
		return m, err
	}
	sc, err := s.scope(ctx, access.Opportunities)
	if err != nil {
		return m, err
	}
	stages, err := s.stagesInUse(ctx, c.tx, sc, in.Version)
	if err != nil {
		return m, err
	}
	m.unmapped = stage.CheckMigration(old, to, in.Stages, stages)
	m.deals, err = c.tx.Opportunities().List(ctx, tenant, opportunity.Query{
		Scope: sc, Limit: MaxMigrated + 1,
		Filter: opportunity.Filter{Version: in.Version, Statuses: []opportunity.Status{opportunity.Open, opportunity.OnHold}},
	})
	if m.more = len(m.deals) > MaxMigrated; m.more {
		m.deals = m.deals[:MaxMigrated]
	}
	return m, err
}

// stagesInUse returns the stages of a version that have opportunities inside a
// scope, including decided ones; those of others don't concern the actor (J02).
func (s *Session) stagesInUse(ctx context.Context, tx storage.Tx, sc access.Scope, version uuid.UUID) ([]string, error) {
	if sc.All {
		use, err := tx.Processes().InUse(ctx, s.actor.Tenant, version)
		maps.DeleteFunc(use, func(_ string, n int64) bool { return n == 0 })
		return slices.Sorted(maps.Keys(use)), err
	}
	sums, err := tx.Pipeline().Sums(ctx, s.actor.Tenant, pipeline.Query{Scope: sc, Filter: opportunity.Filter{Version: version}, By: pipeline.ByStage})
	var in []string
	for _, b := range sums { // by stage
		if n := len(in); n == 0 || in[n-1] != b.Key {
			in = append(in, b.Key)
		}
	}
	return in, err
}

// move migrates one opportunity, without saving it.
func (c *command) move(ctx context.Context, id uuid.UUID, to stage.Record, in MigrateInput) (*opportunity.Opportunity, error) {
	rec, err := c.tx.Opportunities().Get(ctx, c.s.actor.Tenant, id, opportunity.Load{})
	if err != nil {
		return nil, err
	}
	rules, err := c.rules(ctx, rec.Snapshot.ProcessVersion)
	if err != nil {
		return nil, err
	}
	target, err := c.rules(ctx, to.Current)
	if err != nil {
		return nil, err
	}
	o, err := opportunity.Restore(rec, rules)
	if err != nil {
		return nil, err
	}
	at := c.opportunityMoment(&rec.Snapshot)
	return o, c.judged(ctx, o.Judge, func() error {
		return o.Migrate(to.Current, target.Version, opportunity.MigrateInput{Process: to.ID, Stages: in.Stages, Override: in.Override}, at)
	})
}

// PlanMigration returns the effect of Migrate: how many opportunities would move
// from which stage to which, and the unmet gates of each. It examines the first
// MaxMigrated that are open or on hold and that the actor may see (J02), oldest
// first, and changes nothing. It takes a few statements, and one per opportunity.
// Errors: ErrNotFound; ErrInvalid; ErrNotAllowed if they already use the target,
// or it is retired.
func (h Processes) PlanMigration(ctx context.Context, in MigrateInput) (MigrationPlan, error) {
	if err := h.s().bounded("", in); err != nil {
		return MigrationPlan{}, err
	}
	var out MigrationPlan
	err := h.s().view(ctx, "processes.plan_migration", func(ctx context.Context, tx storage.Tx) error {
		if err := h.s().allow(ctx, access.ProcessMigrate, access.Subject{ID: in.Process}); err != nil {
			return err
		}
		c := &command{s: h.s(), tx: tx, now: h.s().eng.now()}
		m, err := c.migration(ctx, in)
		if err != nil {
			return err
		}
		out = MigrationPlan{More: m.more, Unmapped: fault.FieldsOf(m.unmapped)}
		for i := range m.deals {
			d := MigrationDeal{ID: m.deals[i].ID, Number: m.deals[i].Number, From: m.deals[i].Stage}
			o, err := c.move(ctx, d.ID, m.to, in)
			switch {
			case err == nil:
				d.To = o.Snapshot().Stage
			case !errors.Is(err, fault.ErrNotAllowed):
				return err
			case fault.CodeOf(err) != "opportunity.migrate.unmapped":
				d.To, d.Unmet = in.target(d.From), fault.FieldsOf(err)
			}
			out.add(d)
		}
		return nil
	})
	if err != nil {
		return MigrationPlan{}, err
	}
	return out, nil
}

func (in *MigrateInput) target(from string) string {
	if to, ok := in.Stages[from]; ok {
		return to
	}
	return from
}

func (p *MigrationPlan) add(d MigrationDeal) {
	p.Deals = append(p.Deals, d)
	if d.To == "" {
		return
	}
	i, found := slices.BinarySearchFunc(p.Moves, d.From, func(m MigrationMove, from string) int { return cmp.Compare(m.From, from) })
	if !found {
		p.Moves = slices.Insert(p.Moves, i, MigrationMove{From: d.From, To: d.To})
	}
	p.Moves[i].Count++
}

// Migrate moves the first MaxMigrated opportunities that are open or on hold on a
// version, and that the actor may see, to the current version of a process: all
// of them, or none (P05). Result.Opportunities are the moved ones; call it again
// until there are none. Each records it in its journal, and the gates of its old
// and new stage apply (P07); an override passes them. Decided opportunities keep
// their version. Errors as for PlanMigration; ErrNotAllowed listing the unmapped
// stages in use, and every unmet gate of every opportunity
// ("/opportunities/OPP-2026-000001/gate/lines_min").
func (h Processes) Migrate(ctx context.Context, in MigrateInput, opts ...CallOption) (Result, error) {
	s := h.s()
	return s.do(ctx, "process.migrate", in.Process, in, opts, func(ctx context.Context, c *command) (Result, error) {
		if err := s.allow(ctx, access.ProcessMigrate, access.Subject{ID: in.Process}); err != nil {
			return Result{}, err
		}
		m, err := c.migration(ctx, in)
		if err == nil {
			err = c.expect(m.to.Version, "process.changed")
		}
		if err != nil {
			return Result{}, err
		}
		var unmet fault.Fields
		res := Result{ID: in.Process, Version: m.to.Version}
		moved := make([]*opportunity.Opportunity, 0, len(m.deals))
		for i := range m.deals {
			o, err := c.move(ctx, m.deals[i].ID, m.to, in)
			if fault.CodeOf(err) == "opportunity.migrate.unmapped" {
				continue // is in m.unmapped
			}
			if errors.Is(err, fault.ErrNotAllowed) {
				unmet.Merge("/opportunities/"+m.deals[i].Number+"/", err)
				continue
			}
			if err != nil {
				return Result{}, err
			}
			moved = append(moved, o)
			res.Opportunities = append(res.Opportunities, m.deals[i].ID)
		}
		if m.unmapped != nil {
			var all fault.Fields
			all.Merge("", m.unmapped)
			all.Merge("", unmet.NotAllowed("process.migrate.gates", ""))
			return Result{}, all.NotAllowed("process.migration", "stages in use aren't mapped")
		}
		if err := unmet.NotAllowed("process.migrate.gates", "conditions of the process aren't met"); err != nil {
			return Result{}, err
		}
		for _, o := range moved {
			if err := c.save(ctx, o); err != nil {
				return Result{}, err
			}
		}
		return res, c.finish(ctx, res)
	})
}
