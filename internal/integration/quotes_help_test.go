package integration

import (
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
)

// quotable records a deal for which quotes can be made.
func quotable(w *tenant) uuid.UUID {
	w.selling()
	return deal(w)
}

func (w *tenant) quote(deal uuid.UUID, in quote.CreateInput) uuid.UUID {
	w.t.Helper()
	r, err := w.s.Quotes().Create(w.ctx, deal, in)
	require.NoError(w.t, err)
	return r.ID
}

// drafted makes a quote that is valid for thirty days.
func drafted(w *tenant) uuid.UUID {
	return w.quote(quotable(w), quote.CreateInput{Title: "Offer", ValidUntil: onDay().AddDays(30)})
}

func offered(w *tenant) uuid.UUID {
	id := drafted(w)
	w.must(w.s.Quotes().Send(w.ctx, id))
	return id
}

// sent makes a quote of one line of a price, and sends it.
func (w *tenant) sent(deal uuid.UUID, price string, days int) uuid.UUID {
	w.t.Helper()
	in := quote.CreateInput{Lines: []opportunity.LineInput{{Description: "Service", Quantity: dec("1"), Price: dec(price)}}}
	if days != 0 {
		in.ValidUntil = onDay().AddDays(days)
	}
	id := w.quote(deal, in)
	w.must(w.s.Quotes().Send(w.ctx, id))
	return id
}

// pass lets time pass.
func (w *tenant) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *tenant) offer(id uuid.UUID) quote.Snapshot {
	w.t.Helper()
	s, err := w.s.Quotes().Get(w.ctx, id)
	require.NoError(w.t, err)
	return s
}

// sameQuote wants the journal to replay to the stored quote and to its deal (J05,
// J06), and the deal's counts, and what is quoted and accepted, to be those of its
// quotes (Q10).
func (w *tenant) sameQuote(id uuid.UUID) {
	w.t.Helper()
	entries, err := w.s.Quotes().Journal(w.ctx, id)
	require.NoError(w.t, err)
	got, err := quote.Replay(entries)
	require.NoError(w.t, err)
	stored := w.offer(id)
	require.Equal(w.t, stored, got)
	w.same(stored.Opportunity)
	var n, open, accepted int
	var last, taken *quote.Root
	for q, err := range w.s.Quotes().ByOpportunity(w.ctx, stored.Opportunity) {
		require.NoError(w.t, err)
		n++
		switch q.Status {
		case quote.Sent:
			open++
			if last == nil || !q.SentAt.Before(last.SentAt) {
				last = &q
			}
		case quote.Accepted:
			accepted++
			taken = &q
		}
	}
	deal := w.get(stored.Opportunity)
	want := money.Zero(deal.Currency)
	switch {
	case taken != nil:
		want = taken.Net
		require.Equal(w.t, &want, deal.Accepted)
	case last != nil:
		want = last.Net
		fallthrough
	default:
		require.Nil(w.t, deal.Accepted)
	}
	require.Equal(w.t, want, deal.Quoted, "Q10")
	c := deal.Counts
	require.Equal(w.t, []int{c.Quotes, c.OpenQuotes, c.AcceptedQuotes}, []int{n, open, accepted})
	require.LessOrEqual(w.t, accepted, 1, "Q03")
}
