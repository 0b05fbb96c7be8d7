package opportunity

import (
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/stage"
)

// WinInput records a win (S6).
type WinInput struct {
	// Reasons 得单原因: one or more win reasons (O06).
	Reasons []Choice `json:"reasons"`
	// Main is the main reason; Nil means the first.
	Main     uuid.UUID `json:"main,omitzero"`
	Summary  string    `json:"summary"`
	Analysis string    `json:"analysis,omitempty"`
	Lessons  string    `json:"lessons,omitempty"`
	// Override is as in Advance; it may be given even if all gates are met.
	Override string `json:"override,omitempty"`
	// Quotes decides about quotes that await an answer; by default they make the
	// command fail (Q03). AcceptQuote is the quote that the customer accepted, by
	// the same command or before, or Nil; others are superseded. The opportunity
	// is won at the accepted quote's net, unless its amount is set by hand (Q10).
	Quotes      OpenQuotes `json:"quotes,omitempty"`
	AcceptQuote uuid.UUID  `json:"accept_quote,omitzero"`
}

// Win moves an open opportunity to won: it freezes the amount in the outcome, and
// sets the probability to 100 % and the category to closed (O06). Load must name
// the reasons. Errors: ErrInvalid (no summary, no reason, one that isn't a usable
// win reason: A02, A03, A05); ErrNotAllowed (status, open quotes, gates).
func (o *Opportunity) Win(in WinInput, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.may(CommandWin); err != nil {
		return err
	}
	var f fault.Fields
	reasons := o.reasons(&f, in.Reasons, in.Main, archive.WinReason, false)
	in.check(&f)
	if err := f.Invalid("opportunity.win.invalid"); err != nil {
		return err
	}
	if err := o.ruled(); err != nil {
		return err
	}
	settled, err := o.settling(Won)
	if err != nil {
		return err
	}
	trial := *o
	if settled != nil { // a gate may ask for an accepted quote
		settled.apply(&trial.s, at)
	}
	override, err := trial.pass(o.s.Stage, "", stage.Won, in.Override, at)
	if err != nil {
		return err
	}
	if settled != nil {
		o.do(settled, at)
	}
	o.do(&WonPayload{Decision{CycleDays: o.cycleDays(at.Effective), Outcome: Outcome{
		Status: Won, Reasons: reasons, Amount: o.s.Amount(), Stage: o.s.Stage, Summary: in.Summary,
		Analysis: in.Analysis, Lessons: in.Lessons, Override: override, At: at.Effective, By: at.By,
	}}}, at)
	return nil
}

func (in *WinInput) check(f *fault.Fields) {
	text.Block(f, "/summary", &in.Summary, 1, text.MaxDescription)
	text.Block(f, "/analysis", &in.Analysis, 0, text.MaxDescription)
	text.Block(f, "/lessons", &in.Lessons, 0, text.MaxDescription)
	text.Block(f, "/override", &in.Override, 0, text.MaxDescription)
	in.Quotes.check(f)
}

// reasons checks the chosen reasons (A02, A03, A05), and puts the main one first.
func (o *Opportunity) reasons(f *fault.Fields, in []Choice, main uuid.UUID, kind archive.Kind, competitor bool) []Choice {
	if len(in) == 0 {
		f.Add("/reasons", "required", "needs a reason")
	}
	if len(in) > MaxReasons {
		f.Add("/reasons", "too_many", "has too many reasons")
		return nil
	}
	out := slices.Clone(in)
	for i := range out {
		path := fault.Index("/reasons", i)
		text.Block(f, path+"/explanation", &out[i].Explanation, 0, text.MaxDescription)
		if slices.ContainsFunc(out[:i], func(c Choice) bool { return c.Reason == out[i].Reason }) {
			f.Add(path+"/reason", "duplicate", "was chosen already")
			continue
		}
		if out[i] == o.chosen(out[i].Reason) {
			continue // an earlier choice: it may have been retired since (A02)
		}
		if n := o.usable(f, path+"/reason", out[i].Reason, kind); n != nil {
			archive.Demands(n.Entry, out[i].Explanation, competitor, path, f)
		}
	}
	if main != uuid.Nil {
		i := slices.IndexFunc(out, func(c Choice) bool { return c.Reason == main })
		if i < 0 {
			f.Add("/main", "not_found", "isn't one of the reasons")
			return out
		}
		first := out[i]
		out = slices.Insert(slices.Delete(out, i, i+1), 0, first)
	}
	return out
}

// chosen returns the choice of a reason in the current outcome, or the zero
// Choice.
func (o *Opportunity) chosen(reason uuid.UUID) Choice {
	if o.s.Outcome != nil {
		for _, c := range o.s.Outcome.Reasons {
			if c.Reason == reason {
				return c
			}
		}
	}
	return Choice{}
}

// LoseInput records a loss (S7).
type LoseInput struct {
	// Reasons 丢单原因: one or more loss reasons (O07).
	Reasons []Choice `json:"reasons"`
	// Main is the main reason; Nil means the first.
	Main     uuid.UUID `json:"main,omitzero"`
	Summary  string    `json:"summary"`
	Analysis string    `json:"analysis,omitempty"`
	Lessons  string    `json:"lessons,omitempty"`
	// Competitor is the one that the customer chose, or Nil. If it isn't on the
	// opportunity yet, the same command adds it, with its price. Its code may
	// identify it.
	Competitor     uuid.UUID `json:"competitor,omitzero"`
	CompetitorCode string    `json:"competitor_code,omitempty"`
	// CompetitorPrice is the price it won with, if known; it requires a
	// Competitor.
	CompetitorPrice *money.Money `json:"competitor_price,omitempty"`
	// Override is as in Advance.
	Override string `json:"override,omitempty"`
	// Quotes is as in Win, and applies to an accepted quote as well (Q15).
	Quotes OpenQuotes `json:"quotes,omitempty"`
}

// Lose moves an open or held opportunity to lost, with probability 0 and category
// omitted; the stage is kept (O07). Load must name reasons and competitor.
// Errors: ErrInvalid; ErrNotAllowed (status, open quotes, gates).
func (o *Opportunity) Lose(in LoseInput, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.may(CommandLose); err != nil {
		return err
	}
	var f fault.Fields
	reasons := o.reasons(&f, in.Reasons, in.Main, archive.LossReason, in.Competitor != uuid.Nil)
	w := WinInput{Summary: in.Summary, Analysis: in.Analysis, Lessons: in.Lessons, Override: in.Override, Quotes: in.Quotes}
	w.check(&f)
	ev := &LostPayload{Added: o.winner(&f, in.Competitor, in.CompetitorPrice, at)}
	if ev.Added != nil {
		ev.Added.Price = copied(in.CompetitorPrice)
	}
	if err := f.Invalid("opportunity.lose.invalid"); err != nil {
		return err
	}
	if err := o.ruled(); err != nil {
		return err
	}
	settled, err := o.settling(Lost)
	if err != nil {
		return err
	}
	override, err := o.pass(o.s.Stage, "", stage.Lost, w.Override, at)
	if err != nil {
		return err
	}
	if settled != nil {
		o.do(settled, at)
	}
	ev.Decision = Decision{CycleDays: o.cycleDays(at.Effective), Outcome: Outcome{
		Status: Lost, Reasons: reasons, Amount: o.s.Amount(), Stage: o.s.Stage, Summary: w.Summary, Analysis: w.Analysis, Lessons: w.Lessons,
		Competitor: in.Competitor, CompetitorPrice: copied(in.CompetitorPrice), Override: override, At: at.Effective, By: at.By,
	}}
	o.do(ev, at)
	o.bring(ev.Added)
	return nil
}

// winner checks the competitor that the customer chose and its price. It returns
// the competitor to add to the opportunity, or nil if there is none or it is
// already there, even if retired since.
func (o *Opportunity) winner(f *fault.Fields, id uuid.UUID, price *money.Money, at journal.Moment) *DealCompetitor {
	if price != nil {
		if id == uuid.Nil {
			f.Add("/competitor_price", "contradiction", "needs a competitor")
		}
		checkAmount(f, "/competitor_price", *price, o.s.Currency)
	}
	if id == uuid.Nil {
		return nil
	}
	if n := o.lookup(id); n != nil && n.OnDeal && n.Entry.Kind == archive.Competitor {
		return nil
	}
	o.usable(f, "/competitor", id, archive.Competitor)
	if o.s.Counts.Competitors >= MaxCompetitors {
		f.Add("/competitor", "too_many", "an opportunity has at most 50 competitors")
	}
	return &DealCompetitor{Competitor: id, Added: at.Effective}
}

// bring writes a competitor that an event added.
func (o *Opportunity) bring(c *DealCompetitor) {
	if c != nil {
		o.lookup(c.Competitor).OnDeal = true
		o.dirty.AddedCompetitors = append(o.dirty.AddedCompetitors, *c)
	}
}
