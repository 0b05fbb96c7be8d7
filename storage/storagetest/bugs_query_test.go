package storagetest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

func queryBugs() []bug {
	everywhere := uuid.UUID(bytes.Repeat([]byte{0xff}, 16))
	return []bug{
		{"lists all tenants", "tenant/J03_ids-of-others-are-not-found", func(*memory.Store) *broken {
			return &broken{list: func(ctx context.Context, r opportunity.Repository, tenant string, q opportunity.Query) ([]opportunity.Root, error) {
				own, err := r.List(ctx, tenant, q)
				if tenant == "u" && err == nil {
					more, err := r.List(ctx, "t", q)
					return append(own, more...), err
				}
				return own, err
			}}
		}},
		{"takes % for a wildcard", "opportunity/list/search-is-literal", listing(func(q *opportunity.Query) { q.Filter.Search = strings.Trim(q.Filter.Search, "%") })},
		{"takes _ for a wildcard", "opportunity/list/search-is-literal", listing(func(q *opportunity.Query) { q.Filter.Search, _, _ = strings.Cut(q.Filter.Search, "_") })},
		{"pages by key without id", "opportunity/list/pages", listing(func(q *opportunity.Query) {
			if q.AfterID != uuid.Nil {
				q.AfterID = everywhere
			}
		})},
		{"ignores a filter", "opportunity/list/J02_filters", listing(func(q *opportunity.Query) { q.Filter.Product = "" })},
		{"takes a half-open end for a closed one", "opportunity/list/J02_filters", listing(func(q *opportunity.Query) {
			if !q.Filter.CreatedTo.IsZero() {
				q.Filter.CreatedTo = q.Filter.CreatedTo.Add(time.Microsecond)
			}
		})},
		{"ignores the scope of lists", "opportunity/list/J02_scope", listing(func(q *opportunity.Query) { q.Scope = access.Scope{All: true} })},
		{"ignores the scope in counts", "opportunity/list/J02_scope", func(*memory.Store) *broken {
			return &broken{count: func(ctx context.Context, r opportunity.Repository, tenant string, q opportunity.Query) (int64, error) {
				q.Scope = access.Scope{All: true}
				return r.Count(ctx, tenant, q)
			}}
		}},
		{"counts the page", "opportunity/list/count-ignores-the-page", func(*memory.Store) *broken {
			return &broken{count: func(ctx context.Context, r opportunity.Repository, tenant string, q opportunity.Query) (int64, error) {
				list, err := r.List(ctx, tenant, q)
				return int64(len(list)), err
			}}
		}},
		{"ignores the scope in the ledger", "opportunity/list/J02_scope", summing(func(q *pipeline.Query) {
			if q.AsOf != nil {
				q.Scope = access.Scope{All: true}
			}
		})},
		{"ignores when it was known", "ledger/J07_as-of", summing(func(q *pipeline.Query) {
			if q.AsOf != nil {
				q.AsOf = &pipeline.AsOf{Effective: q.AsOf.Effective, Known: q.AsOf.Known.AddDate(100, 0, 0)}
			}
		})},
		{"ends intervals a moment late", "ledger/J07_as-of", summing(func(q *pipeline.Query) {
			if q.AsOf != nil {
				q.AsOf = &pipeline.AsOf{Effective: q.AsOf.Effective.Add(-time.Microsecond), Known: q.AsOf.Known}
			}
		})},
		{"asks today's rows about the past", "ledger/J07_as-of-takes-the-past-values", summing(func(q *pipeline.Query) { q.AsOf = nil })},
		{"ignores a dimension", "pipeline/sums", summing(func(q *pipeline.Query) {
			if q.By == pipeline.BySector {
				q.By = pipeline.None
			}
		})},
		{"sums by the lines of a deal whose quote is accepted", "pipeline/sums", saving(func(_ context.Context, _ opportunity.Repository, c *opportunity.Change) { c.Root.Accepted = nil })},
		{"sums in floating point", "pipeline/sums-are-exact", func(*memory.Store) *broken {
			return &broken{sum: func(ctx context.Context, r pipeline.Repository, tenant string, q pipeline.Query) ([]pipeline.Bucket, error) {
				list, err := r.Sums(ctx, tenant, q)
				for i := range list {
					list[i].Amount = int64(float64(list[i].Amount))
				}
				return list, err
			}}
		}},
		{"saturates", "pipeline/overflow", func(*memory.Store) *broken {
			return &broken{sum: func(ctx context.Context, r pipeline.Repository, tenant string, q pipeline.Query) ([]pipeline.Bucket, error) {
				list, err := r.Sums(ctx, tenant, q)
				if errors.Is(err, fault.ErrLimit) {
					return []pipeline.Bucket{{Count: 2, Amount: math.MaxInt64}}, nil
				}
				return list, err
			}}
		}},
	}
}

func otherBugs() []bug {
	return []bug{
		{"trims codes", "text/C01_A01_P01_codes-by-byte", func(*memory.Store) *broken {
			return &broken{byCode: func(ctx context.Context, r customer.Repository, tenant, code string) (customer.Record, error) {
				return r.ByCode(ctx, tenant, strings.TrimRight(code, " "))
			}}
		}},
		{"shares memory", "fields/shares-nothing", func(*memory.Store) *broken {
			cache := map[uuid.UUID]customer.Record{}
			return &broken{customerGet: func(ctx context.Context, r customer.Repository, tenant string, id uuid.UUID, contacts bool) (customer.Record, error) {
				if rec, ok := cache[id]; ok {
					return rec, nil
				}
				rec, err := r.Get(ctx, tenant, id, contacts)
				cache[id] = rec
				return rec, err
			}}
		}},
		{"reverses contacts", "customer/contacts/C02_in-order-of-ids", func(*memory.Store) *broken {
			return &broken{customerGet: func(ctx context.Context, r customer.Repository, tenant string, id uuid.UUID, contacts bool) (customer.Record, error) {
				rec, err := r.Get(ctx, tenant, id, contacts)
				slices.Reverse(rec.Contacts)
				return rec, err
			}}
		}},
		{"finds no use of an entry", "archive/used/A04", func(*memory.Store) *broken {
			return &broken{usedEntry: func(context.Context, archive.Repository, string, uuid.UUID) (bool, error) { return false, nil }}
		}},
		{"lists entries by the database's collation", "archive/list", func(*memory.Store) *broken {
			return &broken{archives: func(ctx context.Context, r archive.Repository, tenant string, q archive.Query) ([]archive.Entry, error) {
				list, err := r.List(ctx, tenant, q)
				slices.SortStableFunc(list, func(a, b archive.Entry) int { return strings.Compare(strings.ToLower(a.Code), strings.ToLower(b.Code)) })
				return list, err
			}}
		}},
		{"finds no deals in a stage", "process/in-use/P05", func(*memory.Store) *broken {
			return &broken{inUse: func(context.Context, stage.Repository, string, uuid.UUID) (map[string]int64, error) { return nil, nil }}
		}},
		{"doesn't move the default mark", "process/save/P01_default-mark-moves", func(*memory.Store) *broken {
			return &broken{saveProcess: func(ctx context.Context, r stage.Repository, c stage.Change) error {
				list, err := r.List(ctx, c.Record.Tenant)
				if err != nil {
					return err
				}
				for _, p := range list {
					c.Record.Default = c.Record.Default && (!p.Default || p.ID == c.Record.ID)
				}
				return r.Save(ctx, c)
			}}
		}},
		{"loads events unasked", "order/get/parts", func(*memory.Store) *broken {
			return &broken{orderGet: func(ctx context.Context, r order.Repository, tenant string, id uuid.UUID, _ bool, viewer string) (order.Snapshot, access.Relation, error) {
				return r.Get(ctx, tenant, id, true, viewer)
			}}
		}},
		{"takes everybody for a reader", "order/get/relation", func(*memory.Store) *broken {
			return &broken{orderGet: func(ctx context.Context, r order.Repository, tenant string, id uuid.UUID, events bool, viewer string) (order.Snapshot, access.Relation, error) {
				s, rel, err := r.Get(ctx, tenant, id, events, viewer)
				if rel == access.Stranger {
					rel = access.Reader
				}
				return s, rel, err
			}}
		}},
		{"skips a late journal entry", "journal/J09_late-commits-are-not-skipped", func(*memory.Store) *broken {
			var far uuid.UUID
			return &broken{
				mark: func(ctx context.Context, r journal.Repository, tenant string, ids []uuid.UUID) error {
					for _, id := range ids {
						if bytes.Compare(id[:], far[:]) > 0 {
							far = id
						}
					}
					return r.MarkRelayed(ctx, tenant, ids)
				},
				unrelayed: func(ctx context.Context, r journal.Repository, tenant string, limit int) ([]journal.Entry, error) {
					list, err := r.Unrelayed(ctx, tenant, limit)
					return slices.DeleteFunc(list, func(e journal.Entry) bool { return bytes.Compare(e.ID[:], far[:]) < 0 }), err
				},
			}
		}},
		{"marks entries of other tenants", "tenant/J03_writes-stay-inside", func(*memory.Store) *broken {
			return &broken{mark: func(ctx context.Context, r journal.Repository, _ string, ids []uuid.UUID) error {
				return r.MarkRelayed(ctx, "t", ids)
			}}
		}},
		{"re-encodes payloads", "journal/J06_chain-verifies", func(*memory.Store) *broken {
			return &broken{entries: func(ctx context.Context, r journal.Repository, tenant string, kind journal.Kind, id uuid.UUID, after int64, limit int) ([]journal.Entry, error) {
				list, err := r.Entries(ctx, tenant, kind, id, after, limit)
				for i := range list {
					var out bytes.Buffer
					if json.Indent(&out, list[i].Payload, "", " ") == nil {
						list[i].Payload = out.Bytes()
					}
				}
				return list, err
			}}
		}},
		{"starts over at the entry before", "journal/J05_entries", func(*memory.Store) *broken {
			return &broken{entries: func(ctx context.Context, r journal.Repository, tenant string, kind journal.Kind, id uuid.UUID, after int64, limit int) ([]journal.Entry, error) {
				return r.Entries(ctx, tenant, kind, id, max(after-1, 0), limit)
			}}
		}},
		{"overwrites claims", "request/O13_taken", func(*memory.Store) *broken {
			return &broken{claim: func(ctx context.Context, r storage.Requests, q storage.Request) (bool, error) {
				_, err := r.Claim(ctx, q)
				return true, err
			}}
		}},
		{"overwrites concurrent claims", "request/O13_concurrent-claims", func(*memory.Store) *broken {
			return &broken{claim: func(ctx context.Context, r storage.Requests, q storage.Request) (bool, error) {
				_, err := r.Claim(ctx, q)
				return true, err
			}}
		}},
		{"fails on a taken key", "request/O13_taken", func(*memory.Store) *broken {
			return &broken{claim: func(ctx context.Context, r storage.Requests, q storage.Request) (bool, error) {
				ok, err := r.Claim(ctx, q)
				if err == nil && !ok {
					err = fault.New(fault.ErrDuplicate, "request.taken", "")
				}
				return ok, err
			}}
		}},
		{"folds request keys", "text/O13_request-keys-by-byte", func(*memory.Store) *broken {
			return &broken{claim: func(ctx context.Context, r storage.Requests, q storage.Request) (bool, error) {
				q.Key = strings.ToLower(q.Key)
				return r.Claim(ctx, q)
			}}
		}},
		{"hands out overlapping blocks", "number/O01_blocks", func(*memory.Store) *broken {
			return &broken{take: func(ctx context.Context, r storage.Numbers, tenant, series string, _ int64) (int64, error) {
				return r.Take(ctx, tenant, series, 1)
			}}
		}},
		{"keeps what is given back", "number/O01_back", func(*memory.Store) *broken {
			return &broken{back: func(context.Context, storage.Numbers, string, string, int64, int64) error { return nil }}
		}},
		{"takes back what others were taken after", "number/O01_back", func(*memory.Store) *broken {
			return &broken{back: func(ctx context.Context, r storage.Numbers, tenant, series string, first, n int64) error {
				last, err := r.Take(ctx, tenant, series, 1)
				if err != nil {
					return err
				}
				return r.Back(ctx, tenant, series, first, last-first+1)
			}}
		}},
		{"looks under one key only", "request/O13_other-keys", func(*memory.Store) *broken {
			return &broken{find: func(ctx context.Context, r storage.Requests, tenant, key string) (storage.Request, error) {
				return r.Find(ctx, tenant, key)
			}}
		}},
		{"hands a number out twice", "number/O01_concurrent", func(*memory.Store) *broken {
			return &broken{take: func(ctx context.Context, r storage.Numbers, tenant, series string, n int64) (int64, error) {
				first, err := r.Take(ctx, tenant, series, n)
				return max(first-first%2, 1), err
			}}
		}},
	}
}
