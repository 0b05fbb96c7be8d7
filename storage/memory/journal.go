package memory

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

// log appends entries to their chains, and puts their places among those that
// wait for the relay. Ids grow with time, so the place is nearly always the last.
func (t *tx) log(b *books, entries []journal.Entry) {
	for _, e := range entries {
		c := chain{e.Kind, e.Aggregate}
		list := b.journal[c]
		set(t, b.journal, c, append(list, e.Clone()))
		i, _ := find(b.waiting, e.ID)
		b.waiting = slices.Insert(b.waiting, i, place{e.ID, c, len(list)})
		t.undo = append(t.undo, func() { b.waiting = slices.Delete(b.waiting, i, i+1) })
	}
}

func find(list []place, id uuid.UUID) (int, bool) {
	if n := len(list); n > 0 && compareIDs(list[n-1].id, id) < 0 {
		return n, false
	}
	return slices.BinarySearchFunc(list, id, func(p place, id uuid.UUID) int { return compareIDs(p.id, id) })
}

type journals struct{ t *tx }

func (r journals) Entries(ctx context.Context, tenant string, kind journal.Kind, id uuid.UUID, after int64, limit int) ([]journal.Entry, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	list := b.journal[chain{kind, id}]
	i, found := slices.BinarySearchFunc(list, after, func(e journal.Entry, seq int64) int { return cmp.Compare(e.Seq, seq) })
	if found {
		i++
	}
	var out []journal.Entry
	for _, e := range list[i:min(len(list), i+limit)] {
		out = append(out, e.Clone())
	}
	return out, nil
}

func (r journals) Unrelayed(ctx context.Context, tenant string, limit int) ([]journal.Entry, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	var out []journal.Entry
	for _, p := range b.waiting[:min(limit, len(b.waiting))] {
		out = append(out, b.journal[p.chain][p.at].Clone())
	}
	return out, nil
}

func (r journals) MarkRelayed(ctx context.Context, tenant string, ids []uuid.UUID) error {
	b, err := r.t.change(ctx, tenant)
	if err != nil {
		return err
	}
	gone := map[int]bool{}
	for _, id := range ids {
		if i, ok := find(b.waiting, id); ok {
			gone[i] = true
		}
	}
	if len(gone) == 0 {
		return nil
	}
	old := b.waiting
	r.t.undo = append(r.t.undo, func() { b.waiting = old })
	first := 0 // how many are marked from the front, as a relay does
	for gone[first] {
		first++
	}
	b.waiting = old[first:]
	if first == len(gone) {
		return nil
	}
	rest := make([]place, 0, len(b.waiting))
	for i, p := range b.waiting {
		if !gone[first+i] {
			rest = append(rest, p)
		}
	}
	b.waiting = rest
	return nil
}
