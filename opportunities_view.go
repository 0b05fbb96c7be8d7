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
	"github.com/pursuit-crm/pursuit/storage"
)

// MaxViewOrders bounds the orders of a FullView.
const MaxViewOrders = 100

// FullView is all that a page about one opportunity shows, as it was at one
// moment.
type FullView struct {
	// Opportunity has all its parts.
	Opportunity opportunity.Snapshot `json:"opportunity"`
	// Names are those of the customers and the contacts.
	Names opportunity.Names `json:"names"`
	// Orders are those that the actor may see, by number, without lines and
	// events; at most MaxViewOrders of them. MoreOrders says that there are more:
	// Orders.List has all.
	Orders     []order.Root `json:"orders,omitempty"`
	MoreOrders bool         `json:"more_orders,omitempty"`
	// Timeline is the first page, of DefaultPage items. Opportunities.Timeline
	// goes on where it ends.
	Timeline List[opportunity.TimelineItem] `json:"timeline"`
}

// View returns an opportunity with all that belongs to it, read in one
// transaction: on SQL in a fixed number of statements, at most 12 (J02). The
// orders are left out if the policy forbids them all. Errors: as Get.
func (h Opportunities) View(ctx context.Context, id uuid.UUID) (FullView, error) {
	sc, err := h.s.scope(ctx, access.Orders)
	ordersToo := err == nil
	if err != nil && !errors.Is(err, fault.ErrForbidden) {
		return FullView{}, err
	}
	var out FullView
	err = h.s.view(ctx, func(ctx context.Context, tx storage.Tx) error {
		rec, err := h.s.readWith(ctx, tx, id, opportunity.Load{Parts: opportunity.AllParts, Names: true}, access.OpportunityRead)
		if err != nil {
			return err
		}
		v := FullView{Opportunity: rec.Snapshot, Names: rec.Names}
		if ordersToo {
			list, err := tx.Orders().List(ctx, h.s.actor.Tenant, order.Query{Scope: sc, Opportunity: id, Limit: MaxViewOrders + 1})
			if err != nil {
				return err
			}
			v.MoreOrders = len(list) > MaxViewOrders
			v.Orders = list[:min(len(list), MaxViewOrders)]
		}
		items, err := h.s.timeline(ctx, tx, id, position{}, DefaultPage+1)
		if err != nil {
			return err
		}
		v.Timeline = piece(h.s.actor.Tenant, timelineQuery{id}, items, DefaultPage, timelinePosition(id))
		out = v
		return nil
	})
	return out, err
}

// timelineQuery is what a timeline's cursor is good for.
type timelineQuery struct{ Timeline uuid.UUID }

// Timeline returns a page of the opportunity's timeline 商机轨迹, the newest first:
// the summaries of stages' work, activities, those that are planned where they
// are due, and all other events, each once. On SQL it takes two statements. Errors:
// as Get; ErrInvalid.
func (h Opportunities) Timeline(ctx context.Context, id uuid.UUID, page Page) (List[opportunity.TimelineItem], error) {
	return list(ctx, h.s, page, timelineQuery{id}, func(ctx context.Context, tx storage.Tx, from position, limit int) ([]opportunity.TimelineItem, error) {
		if _, err := h.s.read(ctx, tx, id, 0, access.OpportunityRead); err != nil {
			return nil, err
		}
		return h.s.timeline(ctx, tx, id, from, limit)
	}, timelinePosition(id))
}

func (s *Session) timeline(ctx context.Context, tx storage.Tx, id uuid.UUID, from position, limit int) ([]opportunity.TimelineItem, error) {
	q := opportunity.TimelineQuery{Opportunity: id, Limit: limit}
	if from.ID != uuid.Nil {
		var micros int64
		var place opportunity.TimelinePlace
		if n, err := fmt.Sscanf(from.Key, timelineKey, &micros, &place.Entry, &place.Progress); n != 3 || err != nil {
			return nil, badCursor()
		}
		place.At = time.UnixMicro(micros).UTC()
		if from.ID != id {
			place.Activity = from.ID
		}
		q.After = &place
	}
	return tx.FollowUps().Timeline(ctx, s.actor.Tenant, q)
}

const timelineKey = "%d/%d/%t"

// timelinePosition gives an item's place: under the id of its activity, or of
// the opportunity.
func timelinePosition(id uuid.UUID) func(opportunity.TimelineItem) position {
	return func(x opportunity.TimelineItem) position {
		p := x.Place()
		at := position{fmt.Sprintf(timelineKey, p.At.UnixMicro(), p.Entry, p.Progress), id}
		if p.Activity != uuid.Nil {
			at.ID = p.Activity
		}
		return at
	}
}
