package pursuit

import (
	"context"
	"iter"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// Page sizes.
const (
	DefaultPage = 50
	MaxPage     = 1000
)

// Page selects a page of a list. Size 0 means DefaultPage; the most is MaxPage.
// Cursor is the previous page's Next, or empty.
type Page struct {
	Size   int    `json:"size,omitzero"`
	Cursor string `json:"cursor,omitzero"`
}

// List is a page of a list. Next is the cursor of the next page; it is empty at
// the end. Cursors are opaque, and valid only for their tenant and query; a
// forged one is refused, see Options.CursorKey. Items of an empty list are an
// empty slice, [] in JSON.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitzero"`
}

func (p Page) size() (int, error) {
	switch {
	case p.Size == 0:
		return DefaultPage, nil
	case p.Size < 0 || p.Size > MaxPage:
		return 0, fault.Invalid("page.invalid", fault.Field{Path: "/size", Code: "out_of_range", Message: "must be 1 to 1000"})
	}
	return p.Size, nil
}

// list runs a paged query. fetch returns one row more than the page if there are
// more. at reports where a page can end.
func list[T any](ctx context.Context, s *Session, name string, page Page, query any, at place, fetch func(ctx context.Context, tx storage.Tx, from position, limit int) ([]T, error), end func(T) position) (List[T], error) {
	if s.err != nil {
		return List[T]{}, s.err
	}
	size, err := page.size()
	if err != nil {
		return List[T]{}, err
	}
	from, err := parseCursor(s.eng.opts.CursorKey, s.actor.Tenant, query, page.Cursor, at)
	if err != nil {
		return List[T]{}, err
	}
	var out List[T]
	err = s.view(ctx, name, func(ctx context.Context, tx storage.Tx) error {
		rows, err := fetch(ctx, tx, from, size+1)
		if err != nil {
			return err
		}
		out = piece(s, query, rows, size, end)
		return nil
	})
	return out, err
}

// piece returns a page of rows, where an extra row means that there are more.
func piece[T any](s *Session, query any, rows []T, size int, end func(T) position) List[T] {
	if rows == nil {
		rows = []T{} // JSON has [], not null
	}
	if len(rows) <= size {
		return List[T]{Items: rows}
	}
	return List[T]{Items: rows[:size], Next: cursor(s.eng.opts.CursorKey, s.actor.Tenant, query, end(rows[size-1]))}
}

// all iterates over a whole list page by page. It isn't one snapshot: rows that
// move meanwhile may appear twice or not at all.
func all[T any](ctx context.Context, get func(context.Context, Page) (List[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		page := Page{Size: 500}
		for {
			l, err := get(ctx, page)
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			for _, x := range l.Items {
				if !yield(x, nil) {
					return
				}
			}
			if l.Next == "" {
				return
			}
			page.Cursor = l.Next
		}
	}
}
