package sqlstore

import (
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

var opportunityTable = table{
	name: "pursuit_opportunity",
	cols: []string{"tenant", "id", "number", "created",
		"name", "name_key", "description", "customer_id", "bill_to_id", "end_user_id", "source_id", "department", "owner",
		"process_id", "process_version_id", "stage", "status", "cycle",
		"currency", "amount", "estimated", "line_total", "quoted", "ordered", "override_amount", "accepted_amount",
		"probability", "probability_by_hand", "category", "category_by_hand", "expected_close", "rating", "attributes",
		"updated", "effective", "stage_entered", "held_at", "resume_on", "hold_reason", "won_at", "lost_at", "voided_at", "closed_at",
		"last_activity", "next_activity", "cycle_days", "outcome", "ticks", "approvals",
		"primary_contact_id", "primary_contact_role", "order_cancelled", "counts",
		"ledger_seq", "ledger_effective", "ledger_recorded", "version", "journal_seq", "journal_hash"},
	key: []string{"tenant", "id"},
}

// opportunityFixed is how many of the columns never change.
const opportunityFixed = 3

// opportunityValues are those of the columns that may change.
func opportunityValues(a *args, o *opportunity.Root) {
	a.time(o.Created).text(o.Name, text.FoldName(o.Name), o.Description).id(o.Customer).idOrNull(o.BillTo).idOrNull(o.EndUser).idOrNull(o.Source).
		text(o.Department, o.Owner).id(o.Process).id(o.ProcessVersion).text(o.Stage, o.Status.String()).int(o.Cycle)
	a.text(string(o.Currency)).num(o.Amount().Minor()).num(o.Estimated.Minor()).num(o.LineTotal.Minor()).num(o.Quoted.Minor()).num(o.Ordered.Minor())
	for _, m := range [...]*money.Money{o.Override, o.Accepted} {
		if m != nil {
			a.num(m.Minor())
		} else {
			a.add(nil)
		}
	}
	a.int(o.Probability).flag(o.ProbabilityByHand).text(string(o.Category)).flag(o.CategoryByHand).date(o.ExpectedClose).int(o.Rating).
		json(o.Attributes, len(o.Attributes) == 0)
	a.time(o.Updated).time(o.Effective).time(o.StageEntered).timeOrNull(o.HeldAt).date(o.ResumeOn).text(o.HoldReason).
		timeOrNull(o.WonAt).timeOrNull(o.LostAt).timeOrNull(o.VoidedAt).timeOrNull(o.ClosedAt).
		timeOrNull(o.LastActivity).timeOrNull(o.NextActivity).intOrNull(o.CycleDays).
		json(o.Outcome, o.Outcome == nil).json(o.Ticks, len(o.Ticks) == 0).json(o.Approvals, len(o.Approvals) == 0)
	if p := o.PrimaryContact; p != nil {
		a.id(p.Contact).text(string(p.Role))
	} else {
		a.add(nil).text("")
	}
	a.flag(o.OrderCancelled).counts(&o.Counts).num(o.Ledger.Seq).time(o.Ledger.Effective).time(o.Ledger.Recorded).num(o.Version).head(o.Head)
}

func readOpportunity(r *row, o *opportunity.Root) {
	o.Tenant, o.ID, o.Number, o.Created = r.text(), r.id(), r.text(), r.time()
	o.Name = r.text()
	r.skip(1)
	o.Description, o.Customer, o.BillTo, o.EndUser, o.Source = r.text(), r.id(), r.idOrNil(), r.idOrNil(), r.idOrNil()
	o.Department, o.Owner, o.Process, o.ProcessVersion, o.Stage = r.text(), r.text(), r.id(), r.id(), r.text()
	o.Status, o.Cycle, o.Currency = readStatus(r), r.int(), r.currency()
	r.skip(1)
	m := func() money.Money { return money.FromMinor(r.num(), o.Currency) }
	o.Estimated, o.LineTotal, o.Quoted, o.Ordered = m(), m(), m(), m()
	for _, to := range [...]**money.Money{&o.Override, &o.Accepted} {
		if r.isNull() {
			r.skip(1)
		} else {
			v := m()
			*to = &v
		}
	}
	o.Probability, o.ProbabilityByHand, o.Category, o.CategoryByHand = r.int(), r.flag(), stage.Category(r.text()), r.flag()
	o.ExpectedClose, o.Rating = r.date(), r.int()
	r.json(&o.Attributes)
	o.Updated, o.Effective, o.StageEntered, o.HeldAt, o.ResumeOn, o.HoldReason = r.time(), r.time(), r.time(), r.timeOr0(), r.date(), r.text()
	o.WonAt, o.LostAt, o.VoidedAt, o.ClosedAt = r.timeOr0(), r.timeOr0(), r.timeOr0(), r.timeOr0()
	o.LastActivity, o.NextActivity, o.CycleDays = r.timeOr0(), r.timeOr0(), r.intOrNil()
	r.json(&o.Outcome)
	r.json(&o.Ticks)
	r.json(&o.Approvals)
	if r.isNull() {
		r.skip(2)
	} else {
		o.PrimaryContact = &opportunity.ContactKey{Contact: r.id(), Role: opportunity.ContactRole(r.text())}
	}
	o.OrderCancelled = r.flag()
	r.counts(&o.Counts)
	o.Ledger = opportunity.LedgerMark{Seq: r.num(), Effective: r.time(), Recorded: r.time()}
	o.Version, o.Head = r.num(), r.head()
}

func readStatus(r *row) opportunity.Status {
	var s opportunity.Status
	r.bad(s.UnmarshalText([]byte(r.text())))
	return s
}
