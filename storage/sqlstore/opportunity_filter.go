package sqlstore

import (
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// common are the filters that apply to opportunities and to the ledger, whose
// columns have the same names.
func (w *where) common(alias string, f *opportunity.Filter) {
	col := func(name string) string { return alias + "." + name }
	if len(f.Statuses) > 0 {
		names := make([]string, len(f.Statuses))
		for i, s := range f.Statuses {
			names[i] = s.String()
		}
		w.in(col("status"), names)
	}
	if f.Process != uuid.Nil {
		w.and(col("process_id") + " = ?").id(f.Process)
	}
	if len(f.Stages) > 0 {
		w.in(col("stage"), f.Stages)
	}
	if f.Owner != "" {
		w.and(col("owner") + " = ?").text(f.Owner)
	}
	if len(f.Owners) > 0 {
		w.in(col("owner"), f.Owners)
	}
	if f.Department != "" {
		w.and(col("department") + " = ?").text(f.Department)
	}
	if len(f.Departments) > 0 {
		w.in(col("department"), f.Departments)
	}
	if f.Customer != uuid.Nil {
		w.and(col("customer_id") + " = ?").id(f.Customer)
	}
	if f.Source != uuid.Nil {
		w.and(col("source_id") + " = ?").id(f.Source)
	}
	if len(f.Categories) > 0 {
		names := make([]string, len(f.Categories))
		for i, c := range f.Categories {
			names[i] = string(c)
		}
		w.in(col("category"), names)
	}
	if f.ProbabilityFrom != nil {
		w.and(col("probability") + " >= ?").int(*f.ProbabilityFrom)
	}
	if f.ProbabilityTo != nil {
		w.and(col("probability") + " <= ?").int(*f.ProbabilityTo)
	}
	if f.Currency != "" {
		w.and(col("currency") + " = ?").text(string(f.Currency))
	}
	if f.AmountFrom != nil {
		w.and(col("amount") + " >= ?").num(*f.AmountFrom)
	}
	if f.AmountTo != nil {
		w.and(col("amount") + " <= ?").num(*f.AmountTo)
	}
	if !f.ExpectedFrom.IsZero() {
		w.and(col("expected_close") + " >= ?").date(f.ExpectedFrom)
	}
	if !f.ExpectedTo.IsZero() {
		w.and(col("expected_close") + " <> '' AND " + col("expected_close") + " <= ?").date(f.ExpectedTo)
	}
}

// heldInStage is how long o was on hold since it entered its stage, in
// microseconds; a hold that goes on has no end yet. Its rows are found by the deal:
// the sums keep databases from the index by time, in which the tenant's whole ledger
// since then would be read for each deal.
const heldInStage = "COALESCE((SELECT SUM(h.effective_to - h.effective_from) FROM pursuit_opportunity_ledger h" +
	" WHERE h.tenant = o.tenant AND h.opportunity_id = o.id AND h.status = 'on_hold'" +
	" AND h.effective_from + 0 >= o.stage_entered AND h.effective_to + 0 < 9223372036854775807), 0)"

// current are the filters that the ledger doesn't know.
func (w *where) current(f *opportunity.Filter, customers access.Scope) {
	if f.Version != uuid.Nil {
		w.and("o.process_version_id = ?").id(f.Version)
	}
	if f.Member != "" {
		w.and(inTeam).text(f.Member)
	}
	if f.Product != "" {
		w.and("EXISTS (SELECT 1 FROM pursuit_opportunity_line l WHERE l.tenant = o.tenant AND l.opportunity_id = o.id AND l.product = ?)").text(f.Product)
	}
	w.between("o.created", f.CreatedFrom, f.CreatedTo)
	w.between("o.updated", f.UpdatedFrom, f.UpdatedTo)
	w.between("COALESCE(o.won_at, o.lost_at)", f.DecidedFrom, f.DecidedTo)
	w.between("o.closed_at", f.ClosedFrom, f.ClosedTo)
	if !f.StageEnteredTo.IsZero() {
		w.and("o.stage_entered < ? AND o.status <> 'on_hold' AND o.stage_entered + " + heldInStage + " < ?").time(f.StageEnteredTo).time(f.StageEnteredTo)
	}
	w.between("o.next_activity", f.NextFrom, f.NextTo)
	if f.NoNext {
		w.and("o.next_activity IS NULL")
	}
	if !f.IdleSince.IsZero() {
		w.and("o.created < ? AND o.status <> 'on_hold' AND (o.last_activity IS NULL OR o.last_activity < ?)").time(f.IdleSince).time(f.IdleSince)
	}
	if !f.ResumeTo.IsZero() {
		w.and("o.resume_on <> '' AND o.resume_on <= ?").date(f.ResumeTo)
	}
	if f.OrderCancelled {
		w.and("o.order_cancelled = 1")
	}
	if len(f.Ratings) > 0 {
		w.and("o.rating IN " + places(len(f.Ratings)))
		for _, n := range f.Ratings {
			w.args.int(n)
		}
	}
	w.parties(f)
	if f.Search != "" {
		w.found("%"+likeEscaper.Replace(text.Fold(f.Search))+"%", customers)
	}
	if f.Prefix != "" {
		w.found(likeEscaper.Replace(text.Fold(f.Prefix))+"%", customers)
	}
	if f.Number != "" {
		w.and("o.number = ?").text(f.Number)
	}
}

// parties are the filters by whom and what else is on a deal.
func (w *where) parties(f *opportunity.Filter) {
	if f.Party != uuid.Nil {
		w.and("(o.customer_id = ? OR o.bill_to_id = ? OR o.end_user_id = ?)").id(f.Party).id(f.Party).id(f.Party)
	}
	if f.Contact != uuid.Nil {
		w.and("EXISTS (SELECT 1 FROM pursuit_opportunity_contact d WHERE d.tenant = o.tenant AND d.opportunity_id = o.id AND d.contact_id = ?)").id(f.Contact)
	}
	const chosen = "EXISTS (SELECT 1 FROM pursuit_opportunity_choice h WHERE h.tenant = o.tenant AND h.opportunity_id = o.id AND h.entry_id = ? AND h.sort = "
	if f.Competitor != uuid.Nil {
		w.and(chosen + "'competitor')").id(f.Competitor)
	}
	if f.Reason != uuid.Nil {
		w.and(chosen + "'reason' AND h.cycle = o.cycle)").id(f.Reason)
	}
}

// between selects times from ≤ t < to; a zero end is open, and NULL isn't selected
// unless both are.
func (w *where) between(col string, from, to time.Time) {
	if !from.IsZero() {
		w.and(col + " >= ?").time(from)
	}
	if !to.IsZero() {
		w.and(col + " < ?").time(to)
	}
}

// found selects by name, number, and the name of a customer that may be seen; like
// is an escaped pattern of folded text.
func (w *where) found(like string, customers access.Scope) {
	const fits = " LIKE ? ESCAPE '!'"
	vals, visible := []string{like, like, like}, ""
	if !customers.All {
		cond, more := seen(customers, "b.department", "b.owner", "")
		vals, visible = append(vals, more...), " AND "+cond
	}
	w.and("(o.name_key" + fits + " OR LOWER(o.number)" + fits +
		" OR EXISTS (SELECT 1 FROM pursuit_customer b WHERE b.tenant = o.tenant AND b.id = o.customer_id AND b.name_key" + fits + visible + "))").text(vals...)
}
