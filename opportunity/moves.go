package opportunity

import (
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/stage"
)

// facts are what gates look at.
func (o *Opportunity) facts(target string, end stage.End, by string) stage.Facts {
	s := &o.s
	f := stage.Facts{
		ID: s.ID, Number: s.Number, Owner: s.Owner, Department: s.Department, Stage: s.Stage, Target: target, End: string(end),
		HasPrimaryContact: s.PrimaryContact != nil, Lines: s.Counts.Lines, Amount: s.Amount(), ExpectedClose: s.ExpectedClose,
		QuoteAccepted: s.Counts.AcceptedQuotes > 0, Requester: by, Attributes: cloneMap(s.Attributes),
	}
	for _, t := range s.Ticks {
		f.Ticked = append(f.Ticked, t.Item)
	}
	for _, a := range s.Approvals {
		f.Approvals = append(f.Approvals, stage.Approval{Role: a.Role, By: a.By, At: a.At})
	}
	return f
}

// unmet lists the gates that aren't met on the way (P07, P08).
func (o *Opportunity) unmet(from, to string, end stage.End, at journal.Moment) ([]fault.Field, error) {
	gates := o.rules.Version.GatesFor(from, to, end)
	if len(gates) == 0 {
		return nil, nil
	}
	return stage.Unmet(gates, o.facts(to, end, at.By), o.rules.Kinds)
}

// pass refuses unmet gates unless they are overridden with a reason; whether
// the actor may override is the engine's question.
func (o *Opportunity) pass(from, to string, end stage.End, override string, at journal.Moment) error {
	unmet, err := o.unmet(from, to, end, at)
	if err != nil || len(unmet) == 0 || override != "" {
		return err
	}
	return fault.NotAllowed("opportunity.gates", "conditions of the process aren't met", unmet...)
}

// Advance is a move to another stage (S4, S5).
type Advance struct {
	To string `json:"to"`
	// Summary 总结 sums the finished stage's work up (O04).
	Summary string `json:"summary"`
	// Override says why unmet gates are passed all the same (P07).
	Override string `json:"override,omitempty"`
}

// Advance moves to another stage, forward or, where the process allows, back.
// Probability and category become the new stage's (O05). Errors: ErrInvalid
// without a summary; ErrNotAllowed by status and process (O03), and for unmet
// gates, all listed (P08).
func (o *Opportunity) Advance(in Advance, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if o.s.Status != Open {
		return o.badStatus("opportunity.advance.status")
	}
	var f fault.Fields
	text.Block(&f, "/summary", &in.Summary, 1, text.MaxDescription)
	text.Block(&f, "/override", &in.Override, 0, text.MaxDescription)
	text.Code(&f, "/to", in.To, 1)
	if err := f.Invalid("opportunity.advance.invalid"); err != nil {
		return err
	}
	v := o.rules.Version
	if err := v.CanMove(o.s.Stage, in.To); err != nil {
		return err
	}
	if err := o.pass(o.s.Stage, in.To, stage.NoEnd, in.Override, at); err != nil {
		return err
	}
	st, _ := v.Stage(in.To)
	o.do(&moved{From: o.s.Stage, To: in.To, Back: v.Index(in.To) < v.Index(o.s.Stage), Probability: st.Probability,
		Category: st.Category, Summary: in.Summary, Override: in.Override}, at)
	return nil
}

// Win is a deal's success (S6).
type Win struct {
	// Reasons 得单原因: one or more win reasons (O06).
	Reasons  []Choice `json:"reasons"`
	Summary  string   `json:"summary"`
	Analysis string   `json:"analysis,omitempty"`
	Override string   `json:"override,omitempty"`
}

// Win moves an open opportunity to won: the amount is frozen in the outcome,
// the probability becomes 100 %, the category closed (O06). The reasons must be
// named in Load. Errors: ErrInvalid (no summary, no reason, one that isn't a
// usable win reason: A02, A03, A05); ErrNotAllowed (status, gates).
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
	if err := o.pass(o.s.Stage, "", stage.Won, in.Override, at); err != nil {
		return err
	}
	o.do(&won{decided{CycleDays: o.cycleDays(at.Effective), Outcome: Outcome{
		Status: Won, Reasons: reasons, Amount: o.s.Amount(), Stage: o.s.Stage, Summary: in.Summary,
		Analysis: in.Analysis, Override: in.Override, At: at.Effective, By: at.By,
	}}}, at)
	return nil
}

func (in *Win) check(f *fault.Fields) {
	text.Block(f, "/summary", &in.Summary, 1, text.MaxDescription)
	text.Block(f, "/analysis", &in.Analysis, 0, text.MaxDescription)
	text.Block(f, "/override", &in.Override, 0, text.MaxDescription)
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
		if n := o.usable(f, path+"/reason", out[i].Reason, kind); n != nil {
			archive.Demands(n.Entry, out[i].Explanation, competitor, path, f)
		}
	}
	return out
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
	Override   string    `json:"override,omitempty"`
}

// Lose moves an open or held opportunity to lost: probability 0, category
// omitted; the stage stays known (O07). Reasons and competitor must be named in
// Load. Errors: ErrInvalid; ErrNotAllowed (status, gates).
func (o *Opportunity) Lose(in Lose, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.may(CommandLose); err != nil {
		return err
	}
	var f fault.Fields
	reasons := o.reasons(&f, in.Reasons, archive.LossReason, in.Competitor != uuid.Nil)
	w := Win{Summary: in.Summary, Analysis: in.Analysis, Override: in.Override}
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
	if err := o.pass(o.s.Stage, "", stage.Lost, w.Override, at); err != nil {
		return err
	}
	ev.decided = decided{CycleDays: o.cycleDays(at.Effective), Outcome: Outcome{
		Status: Lost, Reasons: reasons, Amount: o.s.Amount(), Stage: o.s.Stage, Summary: w.Summary, Analysis: w.Analysis,
		Competitor: in.Competitor, Override: w.Override, At: at.Effective, By: at.By,
	}}
	o.do(ev, at)
	if ev.Added != nil {
		o.dirty.AddedCompetitors = append(o.dirty.AddedCompetitors, *ev.Added)
	}
	return nil
}

// Hold puts an open opportunity on hold 暂停, until a date if one is given (O19).
// Errors: ErrInvalid without a reason, or with a date before today; ErrNotAllowed.
func (o *Opportunity) Hold(reason string, resume calendar.Date, at journal.Moment) error {
	if err := o.reasoned(CommandHold, &reason, at); err != nil {
		return err
	}
	if !resume.IsZero() && resume.Before(calendar.Of(at.Effective, o.zone())) {
		return fault.Invalid("opportunity.hold.invalid", fault.Field{Path: "/resume", Code: "past", Message: "must not be in the past"})
	}
	o.do(&held{Reason: reason, Resume: resume}, at)
	return nil
}

// Resume opens a held opportunity again (O19). Errors: ErrNotAllowed.
func (o *Opportunity) Resume(at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.may(CommandResume); err != nil {
		return err
	}
	o.do(&resumed{}, at)
	return nil
}

// Void takes an open or held opportunity out of every rate 作废 (O19).
// Errors: ErrInvalid without a reason; ErrNotAllowed.
func (o *Opportunity) Void(reason string, at journal.Moment) error {
	if err := o.reasoned(CommandVoid, &reason, at); err != nil {
		return err
	}
	o.do(&voided{decided{Outcome: Outcome{Status: Void, Amount: o.s.Amount(), Stage: o.s.Stage, Summary: reason, At: at.Effective, By: at.By}}}, at)
	return nil
}

func (o *Opportunity) reasoned(c Command, reason *string, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.may(c); err != nil {
		return err
	}
	var f fault.Fields
	text.Block(&f, "/reason", reason, 1, text.MaxDescription)
	return f.Invalid("opportunity." + c.String() + ".invalid")
}

// Close is the end of all follow-up after a win (S9).
type Close struct {
	Summary string `json:"summary,omitempty"`
	// Override says why it is closed although follow-up is incomplete (O09).
	Override string `json:"override,omitempty"`
}

// Close closes a won opportunity whose follow-up is complete (O09). Errors:
// ErrNotAllowed (status), or listing each shortfall.
func (o *Opportunity) Close(in Close, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.may(CommandClose); err != nil {
		return err
	}
	var f, short fault.Fields
	text.Block(&f, "/summary", &in.Summary, 0, text.MaxDescription)
	text.Block(&f, "/override", &in.Override, 0, text.MaxDescription)
	if err := f.Invalid("opportunity.close.invalid"); err != nil {
		return err
	}
	n := &o.s.Counts
	for _, x := range []struct {
		count     int
		path, msg string
	}{
		{n.OpenActivities, "/activities", "there are open activities"},
		{n.UnsettledExpenses, "/expenses", "there are unsettled expenses"},
		{n.OpenQuotes, "/quotes", "a quote awaits an answer"},
		{n.LiveOrders, "/orders", "an order is still in execution"},
	} {
		if x.count > 0 {
			short.Add(x.path, "open", x.msg)
		}
	}
	if in.Override == "" {
		if err := short.NotAllowed("opportunity.close.incomplete", "follow-up isn't complete"); err != nil {
			return err
		}
	}
	o.do(&closed{Summary: in.Summary, Override: in.Override}, at)
	return nil
}

// Reopen takes a win, a loss, a void or a closing back 反赢单, 反输单 (O10).
type Reopen struct {
	Reason string `json:"reason"`
	// Stage is where to go on; empty for where it ended.
	Stage string `json:"stage,omitempty"`
}

// Reopen archives the outcome as a past cycle and opens the opportunity in the
// stage where it ended, or in the one given, with that stage's values (O10).
// Errors: ErrInvalid; ErrNotAllowed by status and while a live order exists.
func (o *Opportunity) Reopen(in Reopen, at journal.Moment) error {
	if err := o.reasoned(CommandReopen, &in.Reason, at); err != nil {
		return err
	}
	if o.s.Outcome == nil {
		return fault.New(fault.ErrCorrupt, "opportunity.corrupt", "a decided opportunity has no outcome")
	}
	to := in.Stage
	if to == "" {
		to = o.s.Outcome.Stage
	}
	st, ok := o.rules.Version.Stage(to)
	if !ok {
		return fault.Invalid("opportunity.reopen.invalid", fault.Field{Path: "/stage", Code: "unknown", Message: "isn't a stage of the process"})
	}
	if o.s.Counts.LiveOrders > 0 {
		return fault.NotAllowed("opportunity.reopen.order", "a live order exists", fault.Field{Path: "/orders", Code: "live", Message: "must be completed or cancelled first"})
	}
	if o.s.Cycle >= MaxCycles {
		return fault.New(fault.ErrLimit, "opportunity.cycles.too_many", "an opportunity has at most 100 cycles")
	}
	c := Cycle{Number: o.s.Cycle, Outcome: *o.s.Outcome, ClosedAt: o.s.ClosedAt, CycleDays: o.s.CycleDays,
		Reason: in.Reason, ReopenedAt: at.Effective, ReopenedBy: at.By}
	o.do(&reopened{Cycle: c, Stage: to, Probability: st.Probability, Category: st.Category}, at)
	o.dirty.Cycle = &c
	return nil
}

// Analyse revises the analysis of a decided outcome, and its reasons if any are
// given (S6, S7; O08). New reasons must be named in Load. Errors: ErrInvalid;
// ErrNotAllowed unless won or lost.
func (o *Opportunity) Analyse(analysis string, choices []Choice, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if o.s.Status != Won && o.s.Status != Lost {
		return o.badStatus("opportunity.analyse.status")
	}
	var f fault.Fields
	text.Block(&f, "/analysis", &analysis, 0, text.MaxDescription)
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
	o.do(&analysed{Analysis: analysis, Reasons: choices}, at)
	return nil
}

// Tick checks an item of the current stage's checklist off, or on again.
// Errors: ErrInvalid for an unknown item; ErrNotAllowed unless open or on hold.
func (o *Opportunity) Tick(item string, off bool, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.commercial("opportunity.tick.status"); err != nil {
		return err
	}
	st, _ := o.rules.Version.Stage(o.s.Stage)
	if !slices.ContainsFunc(st.Checklist, func(c stage.ChecklistItem) bool { return c.ID == item }) {
		return fault.Invalid("opportunity.tick.invalid", fault.Field{Path: "/item", Code: "unknown", Message: "isn't on the stage's checklist"})
	}
	if !off && len(o.s.Ticks) >= MaxTicks {
		return fault.New(fault.ErrLimit, "opportunity.ticks.too_many", "an opportunity has at most 200 ticked items")
	}
	o.do(&ticked{Stage: o.s.Stage, Item: item, Off: off}, at)
	return nil
}

// Approve gives the actor's consent, in a role, to the next step; it is used up
// by a move to another stage (J10). Whether the actor has the role is the
// engine's question. Errors: ErrInvalid; ErrNotAllowed unless open or on hold.
func (o *Opportunity) Approve(role, note string, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.commercial("opportunity.approve.status"); err != nil {
		return err
	}
	var f fault.Fields
	text.Key(&f, "/role", role, 1, text.MaxCode)
	text.Block(&f, "/note", &note, 0, text.MaxDescription)
	if err := f.Invalid("opportunity.approve.invalid"); err != nil {
		return err
	}
	if len(o.s.Approvals) >= MaxApprovals {
		return fault.New(fault.ErrLimit, "opportunity.approvals.too_many", "an opportunity has at most 50 approvals for a step")
	}
	o.do(&approved{Role: role, Note: note}, at)
	return nil
}

// Migrate moves the opportunity to another version of a process by a map of
// stages (P05). A stage that isn't in the map keeps its id. Errors:
// ErrNotAllowed if the stage isn't in the new version, or unmet entry gates of
// a stage that it comes into (P07).
func (o *Opportunity) Migrate(process uuid.UUID, versionID uuid.UUID, to *stage.Version, stages map[string]string, override string, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	target, ok := stages[o.s.Stage]
	if !ok {
		target = o.s.Stage
	}
	st, ok := to.Stage(target)
	if !ok {
		return fault.NotAllowed("opportunity.migrate.unmapped", "the new version lacks the stage", fault.Field{Path: "/stages/" + o.s.Stage, Code: "unmapped", Message: "must be mapped to a stage"})
	}
	old := o.rules.Version
	o.rules.Version = to
	if (o.s.Status == Open || o.s.Status == OnHold) && target != o.s.Stage {
		if err := o.pass("", target, stage.NoEnd, override, at); err != nil {
			o.rules.Version = old
			return err
		}
	}
	o.do(&migrated{Process: process, Version: versionID, From: o.s.Stage, Stage: target, Probability: st.Probability, Category: st.Category}, at)
	return nil
}

// Delete removes an opportunity that was a mistake: open, and without
// activities, expenses, quotes and orders (O14). Errors: ErrNotAllowed listing
// what forbids it; ErrInvalid without a reason.
func (o *Opportunity) Delete(reason string, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	var f, kept fault.Fields
	text.Block(&f, "/reason", &reason, 1, text.MaxDescription)
	if err := f.Invalid("opportunity.delete.invalid"); err != nil {
		return err
	}
	if o.s.Status != Open {
		kept.Add("/status", o.s.Status.String(), "only an open opportunity can be deleted")
	}
	n := &o.s.Counts
	for _, x := range []struct {
		count int
		path  string
	}{{n.Activities, "/activities"}, {n.Expenses, "/expenses"}, {n.Quotes, "/quotes"}, {n.Orders, "/orders"}} {
		if x.count > 0 {
			kept.Add(x.path, "exist", "there are some; lose or void it instead")
		}
	}
	if err := kept.NotAllowed("opportunity.delete.refused", "only mistakes are deleted"); err != nil {
		return err
	}
	o.do(&deletedEvent{Reason: reason}, at)
	o.deleted = true
	return nil
}
