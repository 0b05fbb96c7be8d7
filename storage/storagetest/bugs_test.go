package storagetest_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// bug is a seeded bug with the rule that must catch it.
type bug struct {
	name string
	rule string
	make func(m *memory.Store) *broken
}

// saving gives a bug in saving opportunities: edit changes what is saved.
func saving(edit func(ctx context.Context, r opportunity.Repository, c *opportunity.Change)) func(*memory.Store) *broken {
	return func(*memory.Store) *broken {
		return &broken{save: func(ctx context.Context, r opportunity.Repository, c opportunity.Change) error {
			edit(ctx, r, &c)
			return r.Save(ctx, c)
		}}
	}
}

// stored gives the version that is stored; 0 if there is none.
func stored(ctx context.Context, r opportunity.Repository, root *opportunity.Root) int64 {
	rec, err := r.Get(ctx, root.Tenant, root.ID, opportunity.Load{})
	if err != nil {
		return 0
	}
	return rec.Snapshot.Version
}

// listing gives a bug in the query of lists.
func listing(edit func(q *opportunity.Query)) func(*memory.Store) *broken {
	return func(*memory.Store) *broken {
		return &broken{list: func(ctx context.Context, r opportunity.Repository, tenant string, q opportunity.Query) ([]opportunity.Root, error) {
			edit(&q)
			return r.List(ctx, tenant, q)
		}}
	}
}

// summing gives a bug in the query of sums.
func summing(edit func(q *pipeline.Query)) func(*memory.Store) *broken {
	return func(*memory.Store) *broken {
		return &broken{sum: func(ctx context.Context, r pipeline.Repository, tenant string, q pipeline.Query) ([]pipeline.Bucket, error) {
			edit(&q)
			return r.Sums(ctx, tenant, q)
		}}
	}
}

func bugs() []bug {
	return slices.Concat(transactionBugs(), dealBugs(), followUpBugs(), timelineBugs(), queryBugs(), readBugs(), otherBugs(), customerBugs(), archiveBugs(), scorecardBugs(), processBugs(),
		orderBugs(), quoteBugs(), hostBugs())
}

func transactionBugs() []bug {
	return []bug{
		{"commits after an error", "transaction/J08_error-rolls-back", func(m *memory.Store) *broken {
			return &broken{update: func(ctx context.Context, fn body) error {
				var own error
				err := m.Update(ctx, func(ctx context.Context, tx storage.Tx) error { own = fn(ctx, tx); return nil })
				return errors.Join(own, err)
			}}
		}},
		{"commits after a panic", "transaction/J08_panic-rolls-back", func(m *memory.Store) *broken {
			return &broken{update: func(ctx context.Context, fn body) error {
				var p any
				err := m.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
					defer func() { p = recover() }()
					return fn(ctx, tx)
				})
				if p != nil {
					panic(p)
				}
				return err
			}}
		}},
		{"turns a panic into an error", "transaction/J08_panic-rolls-back", func(m *memory.Store) *broken {
			return &broken{update: func(ctx context.Context, fn body) (err error) {
				defer func() {
					if recover() != nil {
						err = errors.New("panic")
					}
				}()
				return m.Update(ctx, fn)
			}}
		}},
		{"commits after a swallowed error", "transaction/J08_swallowed-error-aborts", func(*memory.Store) *broken {
			return &broken{settings: func(ctx context.Context, r order.Repository, c order.SettingsChange) error {
				if s, err := r.Settings(ctx, c.Settings.Tenant); err == nil && s.Version != c.Expected {
					return fault.New(fault.ErrConflict, "sales_system.changed", "")
				}
				return r.SaveSettings(ctx, c)
			}}
		}},
		{"goes on after an error", "transaction/aborted-refuses-everything", func(*memory.Store) *broken {
			return &broken{find: func(ctx context.Context, r storage.Requests, tenant, key string) (storage.Request, error) {
				q, err := r.Find(ctx, tenant, key)
				if errors.Is(err, fault.ErrTxAborted) {
					err = fault.NotFound("request.not_found")
				}
				return q, err
			}}
		}},
		{"aborts when nothing is found", "transaction/not-found-goes-on", func(*memory.Store) *broken {
			return &broken{byNumber: func(ctx context.Context, r opportunity.Repository, tenant, number string) (uuid.UUID, error) {
				id, err := r.ByNumber(ctx, tenant, number)
				if err != nil {
					_ = r.Save(ctx, opportunity.Change{Root: opportunity.Root{Tenant: tenant}, Expected: 1})
				}
				return id, err
			}}
		}},
		{"writes in a View", "transaction/view-refuses-writes", func(m *memory.Store) *broken {
			return &broken{view: func(ctx context.Context, fn body) error { return m.Update(ctx, fn) }}
		}},
		{"repeats the closure", "transaction/never-repeats-the-closure", func(m *memory.Store) *broken {
			return &broken{update: func(ctx context.Context, fn body) error {
				err := m.Update(ctx, fn)
				if errors.Is(err, fault.ErrRetry) {
					err = m.Update(ctx, fn)
				}
				return err
			}}
		}},
		{"ignores the context", "context/cancelled-before", func(m *memory.Store) *broken {
			return &broken{update: func(ctx context.Context, fn body) error { return m.Update(context.WithoutCancel(ctx), fn) }}
		}},
		{"ignores the context at commit", "context/J08_cancelled-before-commit", func(m *memory.Store) *broken {
			return &broken{update: func(ctx context.Context, fn body) error {
				if ctx.Err() != nil {
					return m.Update(ctx, fn)
				}
				return m.Update(context.WithoutCancel(ctx), func(_ context.Context, tx storage.Tx) error { return fn(ctx, tx) })
			}}
		}},
		{"lets the host commit half a command", "host/J08_half-written-aborts", func(*memory.Store) *broken {
			return &broken{bound: func(b storage.Bound) storage.Bound { return careless{boundStore: b} }}
		}},
	}
}

// careless hides a command's error from the store that it is bound to.
type careless struct{ boundStore }

type boundStore = storage.Bound

func (c careless) Update(ctx context.Context, fn body) error {
	var own error
	err := c.boundStore.Update(ctx, func(ctx context.Context, tx storage.Tx) error { own = fn(ctx, tx); return nil })
	return errors.Join(own, err)
}

func dealBugs() []bug {
	return []bug{
		{"doesn't check the version", "opportunity/save/O11_version-guard", saving(func(ctx context.Context, r opportunity.Repository, c *opportunity.Change) {
			if v := stored(ctx, r, &c.Root); v > 0 && c.Expected > 0 {
				c.Expected = v
			}
		})},
		{"overwrites on insert", "opportunity/save/O11_insert-of-existing", saving(func(ctx context.Context, r opportunity.Repository, c *opportunity.Change) {
			if c.Expected == 0 {
				c.Expected = stored(ctx, r, &c.Root)
			}
		})},
		{"inserts on update", "opportunity/save/O11_gone", saving(func(ctx context.Context, r opportunity.Repository, c *opportunity.Change) {
			if stored(ctx, r, &c.Root) == 0 {
				c.Expected = 0
			}
		})},
		{"lets a number be taken twice", "opportunity/save/O01_number-taken", saving(func(ctx context.Context, r opportunity.Repository, c *opportunity.Change) {
			if _, err := r.ByNumber(ctx, c.Root.Tenant, c.Root.Number); err == nil && c.Expected == 0 {
				c.Root.Number += "'"
			}
		})},
		{"overwrites a contact", "opportunity/save/R04_contact-exists", saving(func(_ context.Context, _ opportunity.Repository, c *opportunity.Change) {
			c.Contacts, c.AddedContacts = append(c.Contacts, c.AddedContacts...), nil
		})},
		{"overwrites a competitor", "opportunity/save/R05_competitor-exists", saving(func(_ context.Context, _ opportunity.Repository, c *opportunity.Change) {
			c.Competitors, c.AddedCompetitors = append(c.Competitors, c.AddedCompetitors...), nil
		})},
		{"doesn't delete", "opportunity/delete/O14_root-and-parts", saving(func(_ context.Context, _ opportunity.Repository, c *opportunity.Change) { c.Delete = false })},
		{"forgets removals", "opportunity/parts/replaced-by-key", saving(func(_ context.Context, _ opportunity.Repository, c *opportunity.Change) { c.RemovedLines = nil })},
		{"forgets documents", "opportunity/parts/R03_E03_follow-up", saving(func(_ context.Context, _ opportunity.Repository, c *opportunity.Change) { c.RemovedDocuments = nil })},
		{"forgets evaluations", "opportunity/parts/R03_E03_follow-up", saving(func(_ context.Context, _ opportunity.Repository, c *opportunity.Change) { c.Evaluations = nil })},
		{"drops a document's field", "fields/opportunity", saving(func(_ context.Context, _ opportunity.Repository, c *opportunity.Change) {
			for i := range c.Documents {
				c.Documents = slices.Clone(c.Documents)
				c.Documents[i].SHA256 = ""
			}
		})},
		{"forgets what is stored", "opportunity/stored-documents/R03", swapping(func(tx storage.Tx) swapped { return swapped{deals: &forgetful{tx.Opportunities()}} })},
		{"finds another tenant's contents", "opportunity/stored-documents/R03", swapping(func(tx storage.Tx) swapped { return swapped{deals: &nosy{tx.Opportunities()}} })},
		{"loses the end of a ledger row", "ledger/J07_as-of", saving(func(_ context.Context, _ opportunity.Repository, c *opportunity.Change) { c.Prior = nil })},
		{"loses the recorded end of a ledger row", "ledger/J07_rows", saving(func(_ context.Context, _ opportunity.Repository, c *opportunity.Change) {
			if c.Prior != nil {
				p := *c.Prior
				p.RecordedTo = p.EffectiveTo
				c.Prior = &p
			}
		})},
		{"drops microseconds", "fields/microseconds", saving(func(_ context.Context, _ opportunity.Repository, c *opportunity.Change) {
			c.Root.Created = c.Root.Created.Truncate(time.Millisecond)
		})},
		{"drops a field", "fields/opportunity", saving(func(_ context.Context, _ opportunity.Repository, c *opportunity.Change) { c.Root.HoldReason = "" })},
		{"folds case of what it stores", "text/hostile-round-trip", saving(func(_ context.Context, _ opportunity.Repository, c *opportunity.Change) {
			c.Root.Owner = strings.ToLower(c.Root.Owner)
		})},
		{"takes nil for zero", "fields/opportunity-absent", func(*memory.Store) *broken {
			return &broken{get: func(ctx context.Context, r opportunity.Repository, tenant string, id uuid.UUID, l opportunity.Load) (opportunity.Record, error) {
				rec, err := r.Get(ctx, tenant, id, l)
				if rec.Snapshot.CycleDays == nil {
					rec.Snapshot.CycleDays = new(int)
				}
				return rec, err
			}}
		}},
		{"ignores the tenant of an id", "tenant/J03_ids-of-others-are-not-found", func(*memory.Store) *broken {
			return &broken{get: func(ctx context.Context, r opportunity.Repository, tenant string, id uuid.UUID, l opportunity.Load) (opportunity.Record, error) {
				rec, err := r.Get(ctx, tenant, id, l)
				if errors.Is(err, fault.ErrNotFound) {
					return r.Get(ctx, "t", id, l)
				}
				return rec, err
			}}
		}},
		{"asks for the viewer without a name", "opportunity/get/viewer", func(*memory.Store) *broken {
			return &broken{get: func(ctx context.Context, r opportunity.Repository, tenant string, id uuid.UUID, l opportunity.Load) (opportunity.Record, error) {
				if l.Viewer == "" {
					l.Viewer = "ann"
				}
				return r.Get(ctx, tenant, id, l)
			}}
		}},
		{"loads parts unasked", "opportunity/parts/only-those-asked-for", func(*memory.Store) *broken {
			return &broken{get: func(ctx context.Context, r opportunity.Repository, tenant string, id uuid.UUID, l opportunity.Load) (opportunity.Record, error) {
				l.Parts |= opportunity.PartLines
				return r.Get(ctx, tenant, id, l)
			}}
		}},
		{"folds the case of numbers", "text/O01_numbers-by-byte", func(*memory.Store) *broken {
			return &broken{byNumber: func(ctx context.Context, r opportunity.Repository, tenant, number string) (uuid.UUID, error) {
				return r.ByNumber(ctx, tenant, strings.ToLower(number))
			}}
		}},
	}
}

// forgetful finds at most a statement's worth of contents.
type forgetful struct{ opportunity.Repository }

func (r *forgetful) StoredDocuments(ctx context.Context, tenant string, ids []uuid.UUID) ([]uuid.UUID, error) {
	return r.Repository.StoredDocuments(ctx, tenant, ids[:min(len(ids), 512)])
}

// nosy looks into one tenant's contents for all.
type nosy struct{ opportunity.Repository }

func (r *nosy) StoredDocuments(ctx context.Context, _ string, ids []uuid.UUID) ([]uuid.UUID, error) {
	return r.Repository.StoredDocuments(ctx, "t", ids)
}

// firstCard always gives the first version of a scorecard.
type firstCard struct{ archive.Repository }

func (r *firstCard) ScorecardVersion(ctx context.Context, tenant string, id uuid.UUID, number int) (archive.ScorecardVersion, error) {
	return r.Repository.ScorecardVersion(ctx, tenant, id, max(number, 1))
}

func scorecardBugs() []bug {
	return []bug{
		{"gives the first version of a scorecard", "archive/scorecard/E01_versions", swapping(func(tx storage.Tx) swapped { return swapped{archives: &firstCard{tx.Archives()}} })},
		{"drops who published a scorecard", "fields/scorecard", savingArchives(func(_ context.Context, _ archive.Repository, c *archive.Change) {
			if c.Scorecard != nil {
				v := *c.Scorecard
				v.By, c.Scorecard = "", &v
			}
		})},
	}
}
