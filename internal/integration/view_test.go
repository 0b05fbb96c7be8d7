package integration

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

// told gives a timeline in words, page by page.
func (w *tenant) told(id uuid.UUID, size int) (out []string) {
	w.t.Helper()
	page := pursuit.Page{Size: size}
	for {
		l, err := w.s.Opportunities().Timeline(w.ctx, id, page)
		require.NoError(w.t, err)
		require.LessOrEqual(w.t, len(l.Items), size)
		for _, x := range l.Items {
			switch x.Kind {
			case opportunity.TimelineProgress:
				out = append(out, fmt.Sprintf("%s %s>%s %s", x.Progress, x.FromStage, x.ToStage, x.Summary))
			case opportunity.TimelineActivity:
				out = append(out, fmt.Sprintf("%s %s %s", x.Activity.Kind, x.Activity.Status, x.Activity.Subject))
			default:
				out = append(out, strings.TrimSuffix(strings.TrimPrefix(x.Event, "opportunity."), ".v1"))
			}
			require.NotEmpty(w.t, x.By)
			require.NotZero(w.t, x.At)
			require.NotZero(w.t, x.Recorded)
		}
		if page.Cursor = l.Next; page.Cursor == "" {
			return out
		}
	}
}

// lived takes a deal through much of what can happen to one.
func (w *tenant) lived() uuid.UUID {
	w.t.Helper()
	in := w.input()
	in.Stage = "prospecting"
	r, err := w.s.Opportunities().Record(w.ctx, in)
	require.NoError(w.t, err)
	id := r.ID
	o, a := w.s.Opportunities(), w.s.Activities()
	far := w.now.AddDate(1, 0, 0)
	w.plan(id, opportunity.PlanActivityInput{Kind: opportunity.Visit, Subject: "Next year", Due: far})
	call := w.plan(id, opportunity.PlanActivityInput{Kind: opportunity.Call, Subject: "Call back", Due: w.now.Add(time.Hour)})
	w.must(a.Complete(w.ctx, id, call, opportunity.CompleteActivityInput{Result: "fine"}))
	w.must(w.s.DealContacts().Add(w.ctx, id, opportunity.ContactInput{Contact: w.contact, Role: opportunity.Champion}))
	w.must(o.Advance(w.ctx, id, opportunity.AdvanceInput{To: "engaging", Summary: "qualified"}))
	mistake := w.log(id, opportunity.Email)
	w.must(a.Remove(w.ctx, id, mistake))
	w.must(o.Hold(w.ctx, id, opportunity.HoldInput{Reason: "budget"}))
	w.must(o.Lose(w.ctx, id, opportunity.LoseInput{Reasons: w.choose(w.lossTo), Summary: "too dear", Competitor: w.rival}))
	w.must(o.Reopen(w.ctx, id, opportunity.ReopenInput{Reason: "they came back"}))
	return id
}

func TestS5_TheTimelineTellsEachThingOnce(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := w.lived()
		_ = w.lived() // another deal's history isn't told
		want := []string{
			"visit open Next year",
			"reopened", "lost engaging>engaging too dear", "held", "activity_removed",
			"advance prospecting>engaging qualified", "contact_added", "call done Call back", "recorded",
		}
		got := w.told(id, 100)
		require.Equal(t, want, got)
		for _, size := range []int{1, 2, 3, 7} {
			require.Equal(t, got, w.told(id, size), "pages of %d", size)
		}
		list, err := w.s.Opportunities().Timeline(w.ctx, id, pursuit.Page{})
		require.NoError(t, err)
		require.True(t, slices.IsSortedFunc(list.Items, func(a, b opportunity.TimelineItem) int { return a.Place().Compare(b.Place()) }))

		t.Run("O12/what was entered late stands where it happened", func(t *testing.T) {
			w.must(w.s.Activities().Log(w.ctx, id, opportunity.LogActivityInput{Kind: opportunity.Meeting, Subject: "Long ago", Result: "met", Done: w.now.AddDate(0, -1, 0)}))
			got := w.told(id, 3)
			require.Equal(t, "meeting done Long ago", got[len(got)-1])
		})
		t.Run("J03/cursors of others are refused", func(t *testing.T) {
			first, err := w.s.Opportunities().Timeline(w.ctx, id, pursuit.Page{Size: 1})
			require.NoError(t, err)
			require.NotEmpty(t, first.Next)
			other := w.record().ID
			for _, bad := range []string{first.Next, "x", "\x00", strings.Repeat("A", 10_000)} {
				_, err = w.s.Opportunities().Timeline(w.ctx, other, pursuit.Page{Size: 1, Cursor: bad})
				require.ErrorIs(t, err, fault.ErrInvalid)
				require.Equal(t, "cursor.invalid", fault.CodeOf(err))
			}
			_, err = w.s.Opportunities().Timeline(w.ctx, id, pursuit.Page{Size: -1})
			require.ErrorIs(t, err, fault.ErrInvalid)
			for _, none := range []uuid.UUID{uuid.Nil, uuid.Max, w.customer} {
				_, err = w.s.Opportunities().Timeline(w.ctx, none, pursuit.Page{})
				require.ErrorIs(t, err, fault.ErrNotFound)
				_, err = w.s.Opportunities().View(w.ctx, none)
				require.ErrorIs(t, err, fault.ErrNotFound)
			}
		})
		t.Run("J02/a stranger sees neither", func(t *testing.T) {
			eve := w.eng.As(pursuit.Actor{Tenant: "acme", User: "eve", Department: "west", Roles: []access.Role{access.Sales}})
			_, err := eve.Opportunities().Timeline(w.ctx, id, pursuit.Page{})
			require.ErrorIs(t, err, fault.ErrNotFound)
			_, err = eve.Opportunities().View(w.ctx, id)
			require.ErrorIs(t, err, fault.ErrNotFound)
		})
	})
}

// noOrders is a policy whose actors see no orders and no quotes.
type noOrders struct {
	access.Default
	answer error
}

func (p noOrders) Scope(ctx context.Context, a access.Actor, of access.Resource) (access.Scope, error) {
	if of == access.Orders || of == access.Quotes {
		return access.Scope{}, p.answer
	}
	return p.Default.Scope(ctx, a, of)
}

func TestJ02_TheFullViewHasAllThatBelongsToADeal(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		o := w.s.Opportunities()
		plain, err := o.View(w.ctx, w.record().ID) // Q01: without a sales system too
		require.NoError(t, err)
		require.Empty(t, plain.Orders)
		require.Empty(t, plain.Quotes)
		require.Equal(t, []opportunity.CustomerName{{ID: w.customer, Code: "C1", Name: "Northwind"}}, plain.Names.Customers)
		require.Empty(t, plain.Names.Contacts)
		require.Len(t, plain.Timeline.Items, 1)

		w.sales(order.InitialiseInput{SeveralOrders: true})
		_, other := w.ordered() // of another deal
		id := w.won()
		w.must(w.s.DealContacts().Add(w.ctx, id, opportunity.ContactInput{Contact: w.contact, Role: opportunity.Champion}))
		w.must(w.s.DealContacts().Add(w.ctx, id, opportunity.ContactInput{Contact: w.contact, Role: opportunity.Influencer}))
		w.plan(id, w.call())
		w.must(w.s.Expenses().Add(w.ctx, id, w.train()))
		r, err := w.s.Orders().Create(w.ctx, id, order.CreateInput{})
		require.NoError(t, err)
		v, err := o.View(w.ctx, id)
		require.NoError(t, err)
		require.Equal(t, opportunity.ViewOf(w.get(id)), v.Opportunity)
		require.Equal(t, []order.Root{w.order(r.ID).Root}, v.Orders)
		require.NotEqual(t, other, v.Orders[0].ID)
		require.False(t, v.MoreOrders)
		require.Equal(t, []opportunity.ContactName{{ID: w.contact, Customer: w.customer, Name: "Li Wei", Active: true}}, v.Names.Contacts)
		first, err := o.Timeline(w.ctx, id, pursuit.Page{})
		require.NoError(t, err)
		require.Equal(t, first, v.Timeline)

		t.Run("Q02/with its quotes", func(t *testing.T) {
			deal := w.record().ID
			first, second := w.sent(deal, "10", 0), w.sent(deal, "20", 3)
			v, err := o.View(w.ctx, deal)
			require.NoError(t, err)
			require.Equal(t, []quote.Root{w.offer(first).Root, w.offer(second).Root}, v.Quotes)
			require.False(t, v.MoreQuotes)
			require.Empty(t, v.Orders)
			v, err = w.engine(noOrders{}).As(w.s.Actor()).Opportunities().View(w.ctx, deal)
			require.NoError(t, err)
			require.Empty(t, v.Quotes)
		})
		t.Run("J02/orders only if the policy shows them", func(t *testing.T) {
			for _, answer := range []error{nil, fault.New(fault.ErrForbidden, "no", "no")} {
				v, err := w.engine(noOrders{answer: answer}).As(w.s.Actor()).Opportunities().View(w.ctx, id)
				require.NoError(t, err)
				require.Empty(t, v.Orders)
				require.Equal(t, opportunity.ViewOf(w.get(id)), v.Opportunity)
			}
			_, err := w.engine(noOrders{answer: fmt.Errorf("down")}).As(w.s.Actor()).Opportunities().View(w.ctx, id)
			require.ErrorIs(t, err, fault.ErrHost)
		})
		t.Run("its sizes are bounded", func(t *testing.T) {
			require.NoError(t, w.s.Batch(w.ctx, func(ctx context.Context, s *pursuit.Session) error {
				for range pursuit.MaxViewOrders {
					if _, err := s.Orders().Create(ctx, id, order.CreateInput{}); err != nil {
						return err
					}
				}
				return nil
			}))
			v, err := o.View(w.ctx, id)
			require.NoError(t, err)
			require.Len(t, v.Orders, pursuit.MaxViewOrders)
			require.True(t, v.MoreOrders)
			require.Equal(t, r.ID, v.Orders[0].ID)
			require.Len(t, v.Timeline.Items, pursuit.DefaultPage)
			rest, err := o.Timeline(w.ctx, id, pursuit.Page{Size: 1000, Cursor: v.Timeline.Next})
			require.NoError(t, err)
			whole, err := o.Timeline(w.ctx, id, pursuit.Page{Size: 1000})
			require.NoError(t, err)
			require.Equal(t, whole.Items, append(v.Timeline.Items, rest.Items...))
			require.Empty(t, rest.Next)
		})
	})
}
