package pursuit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
	"github.com/pursuit-crm/pursuit/storage"
)

// Limits of a FullView.
const (
	MaxViewOrders = 100
	MaxViewQuotes = 100
)

// FullView is everything that a page about one opportunity shows, at one time.
type FullView struct {
	// Opportunity has all its parts.
	Opportunity opportunity.View `json:"opportunity"`
	// Names are the names of everything in the view.
	Names ViewNames `json:"names"`
	// Quotes are those that the actor may see, by number, without lines and past
	// revisions; at most MaxViewQuotes. MoreQuotes reports whether there are
	// more, which Quotes.List returns.
	Quotes     []quote.Root `json:"quotes,omitempty"`
	MoreQuotes bool         `json:"more_quotes,omitempty"`
	// Orders are those that the actor may see, by number, without lines and
	// events; at most MaxViewOrders. MoreOrders reports whether there are more,
	// which Orders.List returns.
	Orders     []order.Root `json:"orders,omitempty"`
	MoreOrders bool         `json:"more_orders,omitempty"`
	// Timeline is the first page, of DefaultPage items. Opportunities.Timeline
	// continues it.
	Timeline List[opportunity.TimelineItem] `json:"timeline"`
}

// View returns an opportunity with everything that belongs to it, read in one
// transaction: on SQL in at most 13 statements, whatever the sizes (J02), not
// counting those of a host's own sales system. It leaves out quotes or orders if
// the policy forbids them all, and shows those from before a sales system was
// disabled. Errors as for Get.
func (h Opportunities) View(ctx context.Context, id uuid.UUID) (FullView, error) {
	quotes, err := h.s().scopeOrNone(ctx, access.Quotes)
	if err != nil {
		return FullView{}, err
	}
	orders, err := h.s().scopeOrNone(ctx, access.Orders)
	if err != nil {
		return FullView{}, err
	}
	var out FullView
	err = h.s().view(ctx, "opportunities.view", func(ctx context.Context, tx storage.Tx) error {
		rec, err := h.s().readWith(ctx, tx, id, opportunity.Load{Parts: opportunity.AllParts, Names: true}, access.OpportunityRead)
		if err != nil {
			return err
		}
		v := FullView{Opportunity: opportunity.ViewOf(rec.Snapshot), Names: ViewNames{Names: rec.Names}}
		c := &command{s: h.s(), tx: tx}
		if err := c.visibleNames(ctx, &v.Names.Names); err != nil {
			return err
		}
		version, err := h.s().eng.version(ctx, tx, h.s().actor.Tenant, rec.Snapshot.ProcessVersion)
		if err != nil {
			return err
		}
		v.Names.staged(version)
		if err := v.Names.archived(ctx, tx, h.s().actor.Tenant, rec.Snapshot.ArchiveEntries()); err != nil {
			return err
		}
		// At most one statement per kind of part, and three more.
		if v.Quotes, err = tx.Quotes().List(ctx, h.s().actor.Tenant, quote.Query{Scope: quotes, Opportunity: id, Limit: MaxViewQuotes + 1}); err != nil {
			return err
		}
		if v.Orders, err = h.s().system(tx).List(ctx, h.s().actor.Tenant, order.Query{Scope: orders, Opportunity: id, Limit: MaxViewOrders + 1}); err != nil {
			return err
		}
		v.Quotes, v.MoreQuotes = atMost(v.Quotes, MaxViewQuotes)
		v.Orders, v.MoreOrders = atMost(v.Orders, MaxViewOrders)
		items, err := h.s().timeline(ctx, tx, id, position{}, DefaultPage+1)
		if err != nil {
			return err
		}
		v.Timeline = piece(h.s(), timelineQuery{id}, items, DefaultPage, timelinePosition(id))
		out = v
		return nil
	})
	if err != nil {
		return FullView{}, err
	}
	// After the transaction: the host may need the connection.
	if out.Names.KeyNames, err = h.s().keyNames(ctx, &out.Opportunity, out.Quotes, out.Orders, out.Timeline.Items); err != nil {
		return FullView{}, err
	}
	return out, nil
}

// scopeOrNone returns the scope, empty if the policy forbids everything.
func (s *Session) scopeOrNone(ctx context.Context, of access.Resource) (access.Scope, error) {
	sc, err := s.scope(ctx, of)
	if errors.Is(err, fault.ErrForbidden) {
		return access.Scope{}, nil
	}
	return sc, err
}

// atMost cuts a list, and reports whether there was more.
func atMost[T any](list []T, n int) ([]T, bool) {
	return list[:min(len(list), n)], len(list) > n
}

// timelineQuery identifies the query of a timeline's cursor.
type timelineQuery struct{ Timeline uuid.UUID }

// Timeline returns a page of the opportunity's timeline 商机轨迹, newest first: the
// summaries of stages' work, activities (planned ones at their due time), and all
// other events, each once. On SQL it takes two statements. Errors as for Get;
// ErrInvalid.
func (h Opportunities) Timeline(ctx context.Context, id uuid.UUID, page Page) (List[opportunity.TimelineItem], error) {
	return list(ctx, h.s(), "opportunities.timeline", page, timelineQuery{id}, byTimeline, func(ctx context.Context, tx storage.Tx, from position, limit int) ([]opportunity.TimelineItem, error) {
		if _, err := h.s().read(ctx, tx, id, 0, access.OpportunityRead); err != nil {
			return nil, err
		}
		return h.s().timeline(ctx, tx, id, from, limit)
	}, timelinePosition(id))
}

func (s *Session) timeline(ctx context.Context, tx storage.Tx, id uuid.UUID, from position, limit int) ([]opportunity.TimelineItem, error) {
	q := opportunity.TimelineQuery{Opportunity: id, Limit: limit}
	if from.ID != uuid.Nil {
		place, _ := timelineMoment(from) // byTimeline checked it
		if from.ID != id {
			place.Activity = from.ID
		}
		q.After = &place
	}
	return tx.FollowUps().Timeline(ctx, s.actor.Tenant, q)
}

const timelineKey = "%d/%d/%t"

func timelineText(p opportunity.TimelinePlace) string {
	return fmt.Sprintf(timelineKey, p.At.UnixMicro(), p.Entry, p.Progress)
}

// timelineMoment parses a key into a position without its activity; it checks
// little.
func timelineMoment(from position) (place opportunity.TimelinePlace, ok bool) {
	var micros int64
	n, err := fmt.Sscanf(from.Key, timelineKey, &micros, &place.Entry, &place.Progress)
	place.At = time.UnixMicro(micros).UTC()
	return place, n == 3 && err == nil
}

// timelinePosition returns an item's position: under the id of its activity, or
// of the opportunity.
func timelinePosition(id uuid.UUID) func(opportunity.TimelineItem) position {
	return func(x opportunity.TimelineItem) position {
		p := x.Place()
		at := position{timelineText(p), id}
		if p.Activity != uuid.Nil {
			at.ID = p.Activity
		}
		return at
	}
}
