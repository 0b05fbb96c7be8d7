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
	// Analysis replaces what stood there.
	Analysis string `json:"analysis"`
	// Lessons replace what stood there, unless nil.
	Lessons *string `json:"lessons,omitempty"`
	// Reasons replace the outcome's, unless there are none.
	Reasons []Choice `json:"reasons,omitempty"`
	// Main is the main one of the Reasons, Nil for the first; without Reasons it
	// makes another one of the outcome's the main one.
	Main uuid.UUID `json:"main,omitzero"`
	// Competitor is the one that the customer chose, of a loss: nil leaves it, Nil
	// takes it away, which needs the Reasons, since one of them may demand it (A05).
	// One that isn't on the deal is recorded by the same command.
	Competitor *uuid.UUID `json:"competitor,omitempty"`
	// CompetitorPrice is what it won with; with a Competitor, nil is unknown. It is
	// part of the analysis: the price at which the competitor stands on the deal is
	// fixed by the decision (O08).
	CompetitorPrice *money.Money `json:"competitor_price,omitempty"`
}

// Analyse revises the analysis of a decided outcome: lessons, reasons, and the
// competitor that the customer chose, as far as they are given (S6, S7). It may be
// done until the opportunity is closed (O08). New reasons and the competitor must
// be named in Load. Errors: ErrInvalid; ErrNotAllowed unless won or lost.
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
			choices = out.Reasons // in another order
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

// demanding refuses to take the competitor away while a reason that was chosen
// before demands one (A05).
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
