package opportunity_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// check holds what must hold after every command, whatever it was: replay gives
// the stored state and ledger (J05), the chain verifies (J06), the ledger is
// contiguous and ends in the current state (J07), one owner (T01), splits of
// 0 or 100 % (T05), exact totals and counts (L02), one currency (O17).
func (d *deal) check() error {
	if err := journal.Verify(d.entries, d.snap.Head); err != nil {
		return err
	}
	return errors.Join(d.replays(d.entries), checkLedger(d.ledger, &d.snap, d.deleted), checkParts(&d.snap))
}

// replays says whether entries give the stored state and ledger (J05).
func (d *deal) replays(entries []journal.Entry) error {
	replayed, ledger, deleted, err := opportunity.Replay(entries)
	if err != nil {
		return err
	}
	if deleted != d.deleted {
		return fmt.Errorf("J05: deleted is %v, replayed %v", d.deleted, deleted)
	}
	if !reflect.DeepEqual(replayed, d.snap) {
		return fmt.Errorf("J05: replay gives\n%+v\nnot\n%+v", replayed, d.snap)
	}
	if !reflect.DeepEqual(ledger, d.ledger) {
		return fmt.Errorf("J05: replayed ledger gives\n%+v\nnot\n%+v", ledger, d.ledger)
	}
	return nil
}

func checkLedger(rows []opportunity.LedgerRow, s *opportunity.Snapshot, deleted bool) error {
	for i, r := range rows {
		if r.Seq != int64(i)+1 || r.By == "" || r.Event == "" || r.Entry < 1 {
			return fmt.Errorf("J07: row %d is %+v", i, r)
		}
		if last := i == len(rows)-1; !last {
			n := rows[i+1]
			if !r.EffectiveTo.Equal(n.EffectiveFrom) || !r.RecordedTo.Equal(n.RecordedFrom) || r.EffectiveTo.Before(r.EffectiveFrom) {
				return fmt.Errorf("J07: row %d doesn't lead to the next", i)
			}
		} else if deleted == r.EffectiveTo.IsZero() {
			return errors.New("J07: the last row's end is wrong")
		}
	}
	if deleted {
		return nil
	}
	r := rows[len(rows)-1]
	if r.Status != s.Status || r.Stage != s.Stage || r.Owner != s.Owner || r.Amount != s.Amount() || r.Probability != s.Probability ||
		r.Category != s.Category || r.ExpectedClose != s.ExpectedClose || r.Cycle != s.Cycle || r.Customer != s.Customer || r.Process != s.Process ||
		s.Ledger != (opportunity.LedgerMark{Seq: r.Seq, Effective: r.EffectiveFrom, Recorded: r.RecordedFrom}) {
		return fmt.Errorf("J07: the last row isn't the current state: %+v", r)
	}
	return nil
}

func checkParts(s *opportunity.Snapshot) error {
	owners, splits := 0, 0
	for _, m := range s.Members {
		if m.Role == opportunity.RoleOwner && m.User == s.Owner {
			owners++
		} else if m.Role == opportunity.RoleOwner || m.User == s.Owner {
			return fmt.Errorf("T01: %+v isn't the owner", m)
		}
		splits += m.Split
	}
	if owners != 1 {
		return fmt.Errorf("T01: %d owners", owners)
	}
	if splits != 0 && splits != 10000 {
		return fmt.Errorf("T05: splits total %d", splits)
	}
	total := money.Zero(s.Currency)
	for _, l := range s.Lines {
		var err error
		if total, err = total.Add(l.Amount); err != nil {
			return err
		}
		if l.Number > s.Counts.LineSeq {
			return errors.New("L03: a line's number wasn't counted")
		}
	}
	if total != s.LineTotal {
		return fmt.Errorf("L02: lines total %v, not %v", total, s.LineTotal)
	}
	c := s.Counts
	if c.Members != len(s.Members) || c.Lines != len(s.Lines) || c.Contacts != len(s.Contacts) || c.Competitors != len(s.Competitors) || s.Cycle != len(s.Cycles)+1 {
		return fmt.Errorf("counts are wrong: %+v", c)
	}
	if err := checkFollowUp(s); err != nil {
		return err
	}
	kinds, scores, submitted := map[string]int(nil), map[string]int(nil), 0
	for _, d := range s.Documents {
		if d.KindCode != "" {
			if kinds == nil {
				kinds = map[string]int{}
			}
			kinds[d.KindCode]++
		}
	}
	latest := map[string]int{}
	for _, e := range s.Evaluations {
		if e.Status != opportunity.EvaluationSubmitted {
			continue
		}
		if submitted++; e.Number > latest[e.Code] {
			if scores == nil {
				scores = map[string]int{}
			}
			latest[e.Code], scores[e.Code] = e.Number, e.Score
		}
		if score, err := e.Recompute(card(e.Scorecard, e.Version)); err != nil || score != e.Score {
			return fmt.Errorf("E02: a score doesn't recompute: %v", err)
		}
	}
	if c.Documents != len(s.Documents) || c.Evaluations != len(s.Evaluations) || c.Submitted != submitted ||
		!reflect.DeepEqual(c.DocumentKinds, kinds) || !reflect.DeepEqual(c.Scores, scores) {
		return fmt.Errorf("counts are wrong: %+v", c)
	}
	if p := s.PrimaryContact; p != nil && !slices.ContainsFunc(s.Contacts, func(x opportunity.DealContact) bool { return x.ContactKey == *p }) {
		return errors.New("R04: the primary contact isn't on the deal")
	}
	for _, m := range []money.Money{s.Estimated, s.LineTotal, s.Quoted, s.Ordered, s.Amount()} {
		if m.Currency() != s.Currency {
			return fmt.Errorf("O17: %v isn't in %s", m, s.Currency)
		}
	}
	for _, x := range s.Competitors {
		if x.Price != nil && x.Price.Currency() != s.Currency {
			return errors.New("O17: a price is in another currency")
		}
	}
	decided := s.Status != opportunity.Open && s.Status != opportunity.OnHold
	if decided != (s.Outcome != nil) || (s.Status == opportunity.OnHold) != !s.HeldAt.IsZero() ||
		(s.Status == opportunity.Closed) != !s.ClosedAt.IsZero() || s.Status.IsWon() != !s.WonAt.IsZero() ||
		(s.Status == opportunity.Lost) != !s.LostAt.IsZero() || (s.Status == opportunity.Void) != !s.VoidedAt.IsZero() {
		return fmt.Errorf("O02: outcome or moments don't fit %v", s.Status)
	}
	if s.Status.IsDecided() != (s.CycleDays != nil) {
		return errors.New("F7: cycle days don't fit the status")
	}
	return nil
}

// checkFollowUp counts activities and expenses once more (R01, R02, O09).
func checkFollowUp(s *opportunity.Snapshot) error {
	c := s.Counts
	want := opportunity.Counts{Activities: len(s.Activities), Expenses: len(s.Expenses)}
	done := map[opportunity.ActivityKind]int{}
	for _, a := range s.Activities {
		switch a.Status {
		case opportunity.ActivityOpen:
			want.OpenActivities++
		case opportunity.ActivityDone:
			done[a.Kind]++
		}
		if !a.Status.Valid() || (a.Status == opportunity.ActivityDone) == a.Done.IsZero() || a.Status != opportunity.ActivityDone && a.Due.IsZero() {
			return fmt.Errorf("R01: %+v is neither planned nor done", a)
		}
	}
	for _, x := range s.Expenses {
		if x.Status.Unsettled() {
			want.UnsettledExpenses++
		}
		decided := x.Status == opportunity.ExpenseApproved || x.Status == opportunity.ExpenseRejected || x.Status == opportunity.ExpenseSettled
		if !x.Status.Valid() || x.Amount.Sign() <= 0 || decided != (x.DecidedBy != "") || (x.Status == opportunity.ExpenseSettled) != (x.SettledBy != "") ||
			decided && x.Status != opportunity.ExpenseRejected && (x.DecidedBy == x.SubmittedBy || x.DecidedBy == x.User) {
			return fmt.Errorf("R02: %+v can't be", x)
		}
	}
	for _, k := range opportunity.ActivityKinds() {
		if c.DoneActivities.Of(k) != done[k] {
			return fmt.Errorf("P07: %d done of kind %s, not %d", done[k], k, c.DoneActivities.Of(k))
		}
	}
	if c.Activities != want.Activities || c.OpenActivities != want.OpenActivities || c.Expenses != want.Expenses || c.UnsettledExpenses != want.UnsettledExpenses {
		return fmt.Errorf("O09: counts are %+v, not %+v", c, want)
	}
	if m := opportunity.MarksOf(s.Activities, uuid.Nil); !m.Next.Equal(s.NextActivity) || !m.Last.Equal(s.LastActivity) {
		return fmt.Errorf("R01: next and last are %v and %v, not %+v", s.NextActivity, s.LastActivity, m)
	}
	return nil
}
