package opportunity

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// AnalyseInput revises the analysis of an outcome (S6, S7).
type AnalyseInput struct {
	// Analysis replaces the previous text.
	Analysis string `json:"analysis"`
	// Lessons replaces the previous text, unless it is nil.
	Lessons *string `json:"lessons,omitempty"`
	// Reasons replaces the outcome's reasons, unless it is empty.
	Reasons []Choice `json:"reasons,omitempty"`
	// Main is the main reason among Reasons; Nil means the first. Without Reasons
	// it selects another of the outcome's reasons.
	Main uuid.UUID `json:"main,omitzero"`
	// Competitor is the one that the customer chose, for a loss. Nil pointer:
	// unchanged. uuid.Nil: none, which also requires Reasons, since a reason may
	// demand a competitor (A05). A competitor that isn't on the opportunity is
	// added by the same command.
	Competitor *uuid.UUID `json:"competitor,omitempty"`
	// CompetitorPrice is the price the competitor won with; with a Competitor,
	// nil means unknown. It belongs to the analysis: the decision fixed the
	// competitor's price on the opportunity itself (O08).
	CompetitorPrice *money.Money `json:"competitor_price,omitempty"`
}

// Analyse revises the analysis of a decided outcome: lessons, reasons, and the
// competitor that the customer chose, as far as they are given (S6, S7). It is
// possible until the opportunity is closed (O08). Load must name new reasons and
// the competitor. Errors: ErrInvalid; ErrNotAllowed unless won or lost.
func (o *Opportunity) Analyse(in AnalyseInput, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if o.s.Status != Won && o.s.Status != Lost {
		return o.badStatus("opportunity.analyse.status")
	}
	out := o.s.Outcome
	if out == nil {
		return lacksOutcome()
	}
	var f fault.Fields
	ev := &AnalysedPayload{Lessons: copied(in.Lessons)}
	text.Block(&f, "/analysis", &in.Analysis, 0, text.MaxDescription)
	if ev.Lessons != nil {
		text.Block(&f, "/lessons", ev.Lessons, 0, text.MaxDescription)
	}
	ev.Analysis = in.Analysis
	rival := out.Competitor
	if in.Competitor != nil || in.CompetitorPrice != nil {
		if in.Competitor != nil {
			rival = *in.Competitor
		}
		if o.s.Status == Won {
			f.Add("/competitor", "won", "of a win the customer chose nobody else")
		} else if rival == out.Competitor && in.CompetitorPrice != nil {
			checkAmount(&f, "/competitor_price", *in.CompetitorPrice, o.s.Currency)
			if rival == uuid.Nil {
				f.Add("/competitor_price", "contradiction", "needs a competitor")
			}
		} else {
			ev.Added = o.winner(&f, rival, in.CompetitorPrice, at)
		}
		ev.Competitor, ev.CompetitorPrice = &rival, copied(in.CompetitorPrice)
	}
	choices := in.Reasons
	if len(choices) == 0 {
		if rival == uuid.Nil && out.Competitor != uuid.Nil {
			f.Add("/reasons", "required", "must be given when the competitor is taken away")
		}
		if in.Main != uuid.Nil {
			choices = out.Reasons // only their order changes
		}
	}
	if len(choices) > 0 {
		kind := archive.WinReason
		if o.s.Status == Lost {
			kind = archive.LossReason
		}
		choices = o.reasons(&f, choices, in.Main, kind, rival != uuid.Nil)
		if rival == uuid.Nil && out.Competitor != uuid.Nil {
			o.demanding(&f, choices)
		}
	}
	if err := f.Invalid("opportunity.analyse.invalid"); err != nil {
		return err
	}
	if len(choices) > 0 {
		ev.Reasons = choices
	}
	ev.Before = copied(out)
	o.do(ev, at)
	o.bring(ev.Added)
	return nil
}

// demanding refuses to remove the competitor while an earlier reason demands one
// (A05).
func (o *Opportunity) demanding(f *fault.Fields, choices []Choice) {
	for i, c := range choices {
		if n := o.lookup(c.Reason); n != nil && n.Entry.NeedsCompetitor {
			path := fault.Index("/reasons", i)
			if c == o.chosen(c.Reason) {
				archive.Demands(n.Entry, c.Explanation, false, path, f)
			}
		}
	}
}
