package opportunity

import (
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/stage"
)

// Win is a deal's success (S6).
type Win struct {
	// Reasons 得单原因: one or more win reasons (O06).
	Reasons  []Choice `json:"reasons"`
	Summary  string   `json:"summary"`
	Analysis string   `json:"analysis,omitempty"`
	// Override is as in Advance; it may be given although all gates are met.
	Override string `json:"override,omitempty"`
	// Quotes says what happens to quotes that await an answer; by default the
	// command is refused while there are some (Q03). AcceptQuote is one that the
	// customer accepted by the same command, or Nil: others are superseded.
	Quotes      OpenQuotes `json:"quotes,omitempty"`
	AcceptQuote uuid.UUID  `json:"accept_quote,omitzero"`
}

// Win moves an open opportunity to won: the amount is frozen in the outcome,
// the probability becomes 100 %, the category closed (O06). The reasons must be
// named in Load. Errors: ErrInvalid (no summary, no reason, one that isn't a
// usable win reason: A02, A03, A05); ErrNotAllowed (status, open quotes, gates).
func (o *Opportunity) Win(in Win, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.may(CommandWin); err != nil {
		return err
	}
	var f fault.Fields
	reasons := o.reasons(&f, in.Reasons, archive.WinReason, false)
	in.check(&f)
	if err := f.Invalid("opportunity.win.invalid"); err != nil {
		return err
	}
	if err := o.ruled(); err != nil {
		return err
	}
	settled, err := o.settling()
	if err != nil {
		return err
	}
	trial := *o
	if settled != nil { // an accepted quote may be what a gate asks for
		settled.apply(&trial.s, at)
	}
	override, err := trial.pass(o.s.Stage, "", stage.Won, in.Override, at)
	if err != nil {
		return err
	}
	if settled != nil {
		o.do(settled, at)
	}
	o.do(&won{decided{CycleDays: o.cycleDays(at.Effective), Outcome: Outcome{
		Status: Won, Reasons: reasons, Amount: o.s.Amount(), Stage: o.s.Stage, Summary: in.Summary,
		Analysis: in.Analysis, Override: override, At: at.Effective, By: at.By,
	}}}, at)
	return nil
}

func (in *Win) check(f *fault.Fields) {
	text.Block(f, "/summary", &in.Summary, 1, text.MaxDescription)
	text.Block(f, "/analysis", &in.Analysis, 0, text.MaxDescription)
	text.Block(f, "/override", &in.Override, 0, text.MaxDescription)
	in.Quotes.check(f)
}

// reasons checks chosen reasons (A02, A03, A05).
func (o *Opportunity) reasons(f *fault.Fields, in []Choice, kind archive.Kind, competitor bool) []Choice {
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
			continue // chosen before: it may have been retired since (A02)
		}
		if n := o.usable(f, path+"/reason", out[i].Reason, kind); n != nil {
			archive.Demands(n.Entry, out[i].Explanation, competitor, path, f)
		}
	}
	return out
}

// chosen is the choice of a reason in the current outcome, or the zero one.
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

// Lose is a deal's failure (S7).
type Lose struct {
	// Reasons 丢单原因: one or more loss reasons (O07).
	Reasons  []Choice `json:"reasons"`
	Summary  string   `json:"summary"`
	Analysis string   `json:"analysis,omitempty"`
	// Competitor is the one that the customer chose, or Nil. If it isn't on the
	// opportunity yet, it is recorded by the same command.
	Competitor uuid.UUID `json:"competitor,omitzero"`
	// Override is as in Advance.
	Override string `json:"override,omitempty"`
	// Quotes is as in Win.
	Quotes OpenQuotes `json:"quotes,omitempty"`
}

// Lose moves an open or held opportunity to lost: probability 0, category
// omitted; the stage stays known (O07). Reasons and competitor must be named in
// Load. Errors: ErrInvalid; ErrNotAllowed (status, open quotes, gates).
func (o *Opportunity) Lose(in Lose, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.may(CommandLose); err != nil {
		return err
	}
	var f fault.Fields
	reasons := o.reasons(&f, in.Reasons, archive.LossReason, in.Competitor != uuid.Nil)
	w := Win{Summary: in.Summary, Analysis: in.Analysis, Override: in.Override, Quotes: in.Quotes}
	w.check(&f)
	ev := &lost{}
	if in.Competitor != uuid.Nil {
		n := o.lookup(in.Competitor)
		switch {
		case n != nil && n.OnDeal && n.Entry.Kind == archive.Competitor: // even if retired since
		default:
			o.usable(&f, "/competitor", in.Competitor, archive.Competitor)
			ev.Added = &DealCompetitor{Competitor: in.Competitor, Added: at.Effective}
			if o.s.Counts.Competitors >= MaxCompetitors {
				f.Add("/competitor", "too_many", "an opportunity has at most 50 competitors")
			}
		}
	}
	if err := f.Invalid("opportunity.lose.invalid"); err != nil {
		return err
	}
	if err := o.ruled(); err != nil {
		return err
	}
	settled, err := o.settling()
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
	ev.decided = decided{CycleDays: o.cycleDays(at.Effective), Outcome: Outcome{
		Status: Lost, Reasons: reasons, Amount: o.s.Amount(), Stage: o.s.Stage, Summary: w.Summary, Analysis: w.Analysis,
		Competitor: in.Competitor, Override: override, At: at.Effective, By: at.By,
	}}
	o.do(ev, at)
	if ev.Added != nil {
		o.lookup(in.Competitor).OnDeal = true
		o.dirty.AddedCompetitors = append(o.dirty.AddedCompetitors, *ev.Added)
	}
	return nil
}

// AnalyseInput revises the analysis of an outcome (S6, S7).
type AnalyseInput struct {
	Analysis string `json:"analysis"`
	// Reasons replace the outcome's, unless there are none.
	Reasons []Choice `json:"reasons,omitempty"`
}

// Analyse revises the analysis of a decided outcome, and its reasons if any are
// given (S6, S7; O08). New reasons must be named in Load. Errors: ErrInvalid;
// ErrNotAllowed unless won or lost.
func (o *Opportunity) Analyse(in AnalyseInput, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if o.s.Status != Won && o.s.Status != Lost {
		return o.badStatus("opportunity.analyse.status")
	}
	if o.s.Outcome == nil {
		return lacksOutcome()
	}
	var f fault.Fields
	text.Block(&f, "/analysis", &in.Analysis, 0, text.MaxDescription)
	choices := in.Reasons
	if len(choices) > 0 {
		kind := archive.WinReason
		if o.s.Status == Lost {
			kind = archive.LossReason
		}
		choices = o.reasons(&f, choices, kind, o.s.Outcome.Competitor != uuid.Nil)
	}
	if err := f.Invalid("opportunity.analyse.invalid"); err != nil {
		return err
	}
	if len(choices) == 0 {
		choices = nil
	}
	o.do(&analysed{Analysis: in.Analysis, Reasons: choices}, at)
	return nil
}
