package opportunity

import (
	"slices"

	"github.com/pursuit-crm/pursuit/internal/optional"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/stage"
)

// The apply functions, here and beside the events of activities, expenses,
// documents and evaluations, are the only ones that change a Snapshot. They must
// not fail, and depend only on their arguments. Parts that aren't loaded stay
// nil: only the counts on the root change.

func (e *RecordedPayload) apply(s *Snapshot, at journal.Moment) {
	s.Root = e.Root
	s.Loaded = AllParts
	s.Members, s.Lines, s.Contacts, s.Competitors = e.Members, e.Lines, e.Contacts, e.Competitors
	s.Created, s.StageEntered = at.Effective, at.Effective
	s.Counts = Counts{Members: len(e.Members), Lines: len(e.Lines), LineSeq: len(e.Lines), Contacts: len(e.Contacts), Competitors: len(e.Competitors)}
}

func (e *UpdatedPayload) apply(s *Snapshot, _ journal.Moment) {
	optional.Set(&s.Name, e.Name)
	optional.Set(&s.Description, e.Description)
	optional.Set(&s.Customer, e.Customer)
	optional.Set(&s.BillTo, e.BillTo)
	optional.Set(&s.EndUser, e.EndUser)
	s.takeInside(e.Inside)
	optional.Set(&s.Source, e.Source)
	optional.Set(&s.Department, e.Department)
	if e.Currency != "" {
		s.Currency = e.Currency
		s.LineTotal, s.Quoted, s.Ordered = money.Zero(e.Currency), money.Zero(e.Currency), money.Zero(e.Currency)
		s.Override, s.Accepted = nil, nil
	}
	optional.Set(&s.Estimated, e.Estimated)
	if e.Override != nil {
		v := *e.Override
		s.Override = &v
	}
	if e.Release {
		s.Override = nil
	}
	optional.Set(&s.Probability, e.Probability)
	optional.Set(&s.ProbabilityByHand, e.ProbByHand)
	optional.Set(&s.Category, e.Category)
	optional.Set(&s.CategoryByHand, e.CatByHand)
	optional.Set(&s.ExpectedClose, e.ExpectedClose)
	optional.Set(&s.Rating, e.Rating)
	if e.Attributes != nil {
		s.Attributes = cloneMap(*e.Attributes)
	}
}

func (s *Snapshot) has(p Parts) bool { return s.Loaded&p == p }

func (e *MemberSetPayload) apply(s *Snapshot, _ journal.Moment) {
	n := len(s.Members)
	s.Members = put(s.Members, e.Member, compareMembers)
	s.Counts.Members += len(s.Members) - n
}

func (e *MemberRemovedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Members = drop(s.Members, func(m Member) bool { return m.User == e.User })
	s.Counts.Members = len(s.Members)
	if e.To != "" {
		s.handOver(e.User, e.To)
	}
}

func (e *SplitsSetPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Members = slices.Clone(s.Members)
	for i := range s.Members {
		s.Members[i].Split = e.Splits[s.Members[i].User]
		s.Members[i].Overlay = e.Overlay[s.Members[i].User]
	}
}

func (e *TransferredPayload) apply(s *Snapshot, at journal.Moment) {
	s.Owner = e.To
	next := Member{User: e.To, Joined: at.Effective}
	for _, m := range s.Members {
		if m.User == e.To {
			next = m
		}
	}
	next.Role, next.Access = RoleOwner, Write
	for _, m := range s.Members {
		if m.User == e.From {
			m.Role = e.Role
			s.Members = put(s.Members, m, compareMembers)
		}
	}
	if e.Remove {
		s.Members = drop(s.Members, func(m Member) bool { return m.User == e.From })
	}
	s.Members = put(s.Members, next, compareMembers)
	s.Counts.Members = len(s.Members)
	if e.Activities {
		s.handOver(e.From, e.To)
	}
}

func (e *LinesSetPayload) apply(s *Snapshot, _ journal.Moment) {
	for _, l := range e.Lines {
		if l.Number > s.Counts.LineSeq {
			s.Counts.LineSeq = l.Number
			s.Counts.Lines++
		}
		if s.has(PartLines) {
			s.Lines = put(s.Lines, l, compareLines)
		}
	}
	s.LineTotal = e.Total
}

func (e *LinesRemovedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Counts.Lines -= len(e.Numbers)
	s.Lines = drop(s.Lines, func(l Line) bool { return slices.Contains(e.Numbers, l.Number) })
	s.LineTotal = e.Total
}

func (e *ContactAddedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Counts.Contacts++
	if s.has(PartContacts) {
		s.Contacts = put(s.Contacts, e.Contact, compareContacts)
	}
	if e.Primary {
		key := e.Contact.ContactKey
		s.PrimaryContact = &key
	}
}

func (e *ContactRemovedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Counts.Contacts--
	s.Contacts = drop(s.Contacts, func(c DealContact) bool { return c.ContactKey == e.Key })
	if s.PrimaryContact != nil && *s.PrimaryContact == e.Key {
		s.PrimaryContact = nil
	}
}

func (e *PrimarySetPayload) apply(s *Snapshot, _ journal.Moment) { s.PrimaryContact = e.Key }

func (s *Snapshot) addCompetitor(c DealCompetitor) {
	s.Counts.Competitors++
	if s.has(PartCompetitors) {
		s.Competitors = put(s.Competitors, c, compareCompetitors)
	}
}

func (e *CompetitorAddedPayload) apply(s *Snapshot, _ journal.Moment) { s.addCompetitor(e.Competitor) }

func (e *CompetitorUpdatedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Competitors = put(s.Competitors, e.Competitor, compareCompetitors)
}

func (e *CompetitorRemovedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Counts.Competitors--
	s.Competitors = drop(s.Competitors, func(c DealCompetitor) bool { return c.Competitor == e.Competitor })
}

func (e *TickedPayload) apply(s *Snapshot, at journal.Moment) {
	s.Ticks = drop(s.Ticks, func(t Tick) bool { return t.Stage == e.Stage && t.Item == e.Item })
	if !e.Off {
		s.Ticks = append(slices.Clone(s.Ticks), Tick{Stage: e.Stage, Item: e.Item, By: at.By, At: at.Effective})
	}
}

func (e *ApprovedPayload) apply(s *Snapshot, at journal.Moment) {
	s.Approvals = append(slices.Clone(s.Approvals), Approval{Role: e.Role, By: at.By, At: at.Effective, Note: e.Note})
}

// enter puts the opportunity into a stage with the stage's values (O05).
func (s *Snapshot) enter(to string, probability int, category stage.Category, at journal.Moment) {
	s.Stage, s.StageEntered = to, at.Effective
	s.Probability, s.ProbabilityByHand = probability, false
	s.Category, s.CategoryByHand = category, false
}

func (e *MovedPayload) apply(s *Snapshot, at journal.Moment) {
	s.enter(e.To, e.Probability, e.Category, at)
	s.Approvals = nil // an approval is for one step
}

// decide ends the cycle, and clears HeldAt and related fields.
func (s *Snapshot) decide(d *Decision, category stage.Category, probability int) {
	s.release()
	out := d.Outcome
	s.Status, s.Outcome, s.CycleDays = out.Status, &out, d.CycleDays
	s.Category, s.Probability = category, probability
	s.CategoryByHand, s.ProbabilityByHand = false, false
}

func (e *WonPayload) apply(s *Snapshot, at journal.Moment) {
	s.decide(&e.Decision, stage.Closed, 10000)
	s.WonAt = at.Effective
}

func (e *LostPayload) apply(s *Snapshot, at journal.Moment) {
	if e.Added != nil {
		s.addCompetitor(*e.Added)
	}
	s.decide(&e.Decision, stage.Omitted, 0)
	s.LostAt = at.Effective
}

func (e *VoidedPayload) apply(s *Snapshot, at journal.Moment) {
	s.decide(&e.Decision, stage.Omitted, 0)
	s.VoidedAt = at.Effective
}

func (e *HeldPayload) apply(s *Snapshot, at journal.Moment) {
	s.Status, s.HeldAt, s.HoldReason, s.ResumeOn = OnHold, at.Effective, e.Reason, e.Resume
}

func (e *ResumedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Status = Open
	s.release()
}

func (e *ClosedPayload) apply(s *Snapshot, at journal.Moment) {
	s.Status, s.ClosedAt = Closed, at.Effective
}

func (e *ReopenedPayload) apply(s *Snapshot, at journal.Moment) {
	s.Cycle = e.Cycle.Number + 1
	if s.has(PartCycles) {
		s.Cycles = append(slices.Clone(s.Cycles), e.Cycle)
	}
	s.Status, s.Outcome, s.CycleDays = Open, nil, nil
	s.enter(e.Stage, e.Probability, e.Category, at)
	s.Approvals, s.OrderCancelled = nil, false
	var none Root
	s.WonAt, s.LostAt, s.VoidedAt, s.ClosedAt = none.WonAt, none.LostAt, none.VoidedAt, none.ClosedAt
	s.release()
}

// release clears the hold.
func (s *Snapshot) release() {
	var none Root
	s.HeldAt, s.ResumeOn, s.HoldReason = none.HeldAt, none.ResumeOn, ""
}

func (e *AnalysedPayload) apply(s *Snapshot, _ journal.Moment) {
	if s.Outcome == nil {
		return // only a broken journal has this
	}
	if e.Added != nil {
		s.addCompetitor(*e.Added)
	}
	out := *s.Outcome
	out.Analysis = e.Analysis
	optional.Set(&out.Lessons, e.Lessons)
	if e.Reasons != nil {
		out.Reasons = e.Reasons
	}
	if e.Competitor != nil {
		out.Competitor, out.CompetitorPrice = *e.Competitor, e.CompetitorPrice
	}
	s.Outcome = &out
}

func (e *MigratedPayload) apply(s *Snapshot, at journal.Moment) {
	if e.Stage != s.Stage || e.Process != s.Process {
		s.StageEntered = at.Effective
		s.Approvals = nil // they were for a step that no longer exists
	}
	s.Process, s.ProcessVersion, s.Stage = e.Process, e.Version, e.Stage
	if !s.ProbabilityByHand {
		s.Probability = e.Probability
	}
	if !s.CategoryByHand {
		s.Category = e.Category
	}
}

func (e *DeletedPayload) apply(*Snapshot, journal.Moment) {}

func (e *CustomerMergedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Customer, s.BillTo, s.EndUser = e.Customer, e.BillTo, e.EndUser
	s.takeInside(e.Inside)
}

func (e *OrderMadePayload) apply(s *Snapshot, _ journal.Moment) {
	s.Counts.Orders++
	s.Counts.LiveOrders++
	s.Ordered = e.Total
	s.OrderCancelled = false
}

func (e *OrderEndedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Counts.LiveOrders--
	if e.Cancelled {
		s.OrderCancelled = true
	} else {
		s.Counts.DoneOrders++
	}
	s.Ordered = e.Total
}

func (e *QuotesChangedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.Counts.Quotes, s.Counts.OpenQuotes, s.Counts.AcceptedQuotes = e.Quotes, e.Open, e.Accepted
	s.Quoted, s.Accepted = e.Quoted, copied(e.AcceptedNet)
}
