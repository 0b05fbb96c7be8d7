package sqlstore

import (
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// part is how one sort of parts is read: columns of a table, in order of its key.
type part struct {
	bit   opportunity.Parts
	table string
	cols  []string
	// cond narrows the table down, after "AND".
	cond  string
	order string
	read  func(r *row, s *opportunity.Snapshot)
}

var (
	memberTable = table{
		name: "pursuit_opportunity_member",
		cols: []string{"tenant", "opportunity_id", "user_id", "role", "access", "split", "overlay", "joined"},
		key:  []string{"tenant", "opportunity_id", "user_id"},
	}
	lineTable = table{
		name: "pursuit_opportunity_line",
		cols: []string{"tenant", "opportunity_id", "number", "product", "description", "quantity", "unit", "price", "discount", "tax", "amount", "currency"},
		key:  []string{"tenant", "opportunity_id", "number"},
	}
	dealContactTable = table{
		name: "pursuit_opportunity_contact",
		cols: []string{"tenant", "opportunity_id", "contact_id", "role", "external", "note", "added"},
		key:  []string{"tenant", "opportunity_id", "contact_id", "role"},
	}
	choiceTable = table{
		name: "pursuit_opportunity_choice",
		cols: []string{"tenant", "opportunity_id", "sort", "cycle", "position", "entry_id", "explanation", "strengths", "weaknesses", "price", "currency", "added"},
		key:  []string{"tenant", "opportunity_id", "sort", "cycle", "position", "entry_id"},
	}
	activityTable = table{
		name: "pursuit_opportunity_activity",
		cols: []string{"tenant", "opportunity_id", "id", "kind", "subject", "note", "assignee", "status", "due", "done", "takes_place",
			"result", "reason", "created", "created_by"},
		key: []string{"tenant", "opportunity_id", "id"},
	}
	expenseTable = table{
		name: "pursuit_opportunity_expense",
		cols: []string{"tenant", "opportunity_id", "id", "category_id", "amount", "currency", "on_date", "description", "user_id", "status",
			"submitted_by", "submitted", "decided_by", "decided", "reason", "settled_by", "settled", "reference", "created", "created_by"},
		key: []string{"tenant", "opportunity_id", "id"},
	}
	cycleTable = table{
		name: "pursuit_opportunity_cycle",
		cols: []string{"tenant", "opportunity_id", "number", "outcome", "closed_at", "cycle_days", "reason", "reopened_at", "reopened_by"},
		key:  []string{"tenant", "opportunity_id", "number"},
	}
	documentTable = table{
		name: "pursuit_opportunity_document",
		cols: []string{"tenant", "opportunity_id", "id", "name", "kind_id", "kind_code", "media_type", "size", "hash", "stored", "location", "note", "added", "by_user"},
		key:  []string{"tenant", "opportunity_id", "id"},
	}
	evaluationTable = table{
		name: "pursuit_opportunity_evaluation",
		cols: []string{"tenant", "opportunity_id", "id", "scorecard_id", "code", "version", "evaluator", "status", "answers", "note", "score", "number", "started", "submitted"},
		key:  []string{"tenant", "opportunity_id", "id"},
	}
)

// Sorts of choices.
const (
	competitorChoice = "competitor"
	reasonChoice     = "reason"
	winnerChoice     = "winner"
)

// parts are all sorts, those first that are best read together with the root.
var parts = [...]part{
	{opportunity.PartMembers, memberTable.name, memberTable.cols[2:], "", "user_id", func(r *row, s *opportunity.Snapshot) {
		s.Members = append(s.Members, readMember(r))
	}},
	{opportunity.PartContacts, dealContactTable.name, dealContactTable.cols[2:], "", "contact_id, p.role", func(r *row, s *opportunity.Snapshot) {
		s.Contacts = append(s.Contacts, readDealContact(r))
	}},
	{opportunity.PartCompetitors, choiceTable.name, []string{"entry_id", "strengths", "weaknesses", "price", "currency", "added"}, "p.sort = 'competitor'", "entry_id", func(r *row, s *opportunity.Snapshot) {
		c := opportunity.DealCompetitor{Competitor: r.id(), Strengths: r.text(), Weaknesses: r.text()}
		priced := !r.isNull()
		if minor, cur := r.numOr0(), r.currency(); priced {
			p := money.FromMinor(minor, cur)
			c.Price = &p
		}
		c.Added = r.timeOr0()
		s.Competitors = append(s.Competitors, c)
	}},
	{opportunity.PartCycles, cycleTable.name, cycleTable.cols[2:], "", "number", func(r *row, s *opportunity.Snapshot) {
		c := opportunity.Cycle{Number: r.int()}
		r.json(&c.Outcome)
		c.ClosedAt, c.CycleDays, c.Reason, c.ReopenedAt, c.ReopenedBy = r.timeOr0(), r.intOrNil(), r.text(), r.time(), r.text()
		s.Cycles = append(s.Cycles, c)
	}},
	{opportunity.PartActivities, activityTable.name, activityTable.cols[2:], "", "id", func(r *row, s *opportunity.Snapshot) {
		s.Activities = append(s.Activities, readActivity(r))
	}},
	{opportunity.PartExpenses, expenseTable.name, expenseTable.cols[2:], "", "id", func(r *row, s *opportunity.Snapshot) {
		s.Expenses = append(s.Expenses, readExpense(r))
	}},
	{opportunity.PartDocuments, documentTable.name, documentTable.cols[2:], "", "id", func(r *row, s *opportunity.Snapshot) {
		s.Documents = append(s.Documents, opportunity.Document{
			ID: r.id(), Name: r.text(), Kind: r.idOrNil(), KindCode: r.text(), MediaType: r.text(), Size: r.num(), SHA256: r.text(),
			Stored: r.flag(), Location: r.text(), Note: r.text(), Added: r.time(), By: r.text(),
		})
	}},
	{opportunity.PartEvaluations, evaluationTable.name, evaluationTable.cols[2:], "", "id", func(r *row, s *opportunity.Snapshot) {
		e := opportunity.Evaluation{ID: r.id(), Scorecard: r.id(), Code: r.text(), Version: r.int(), Evaluator: r.text(), Status: opportunity.EvaluationStatus(r.text())}
		r.json(&e.Values)
		e.Note, e.Score, e.Number, e.Started, e.Submitted = r.text(), r.int(), r.int(), r.time(), r.timeOr0()
		s.Evaluations = append(s.Evaluations, e)
	}},
	{opportunity.PartLines, lineTable.name, lineTable.cols[2:], "", "number", func(r *row, s *opportunity.Snapshot) {
		l := opportunity.Line{Number: r.int(), Product: r.text(), Description: r.text(), Quantity: r.decimal(), Unit: r.text(),
			Price: r.decimal(), Discount: r.decimal(), Tax: r.decimalOrNil()}
		minor := r.num()
		l.Amount = money.FromMinor(minor, r.currency())
		s.Lines = append(s.Lines, l)
	}},
}

func readMember(r *row) opportunity.Member {
	return opportunity.Member{User: r.text(), Role: opportunity.MemberRole(r.text()), Access: opportunity.Access(r.text()),
		Split: r.int(), Overlay: r.int(), Joined: r.time()}
}

// alone reads the parts of one opportunity.
func (p *part) alone(d *Dialect) string {
	q := "SELECT " + d.aliased("p", p.cols) + " FROM " + p.table + " p WHERE p.tenant = ? AND p.opportunity_id = ?"
	if p.cond != "" {
		q += " AND " + p.cond
	}
	return q + " ORDER BY p." + p.order
}

// joined adds the parts to the root's statement.
func (p *part) joined() string {
	q := " LEFT JOIN " + p.table + " p ON p.tenant = o.tenant AND p.opportunity_id = o.id"
	if p.cond != "" {
		q += " AND " + p.cond
	}
	return q
}

func readDealContact(r *row) opportunity.DealContact {
	return opportunity.DealContact{
		ContactKey: opportunity.ContactKey{Contact: r.id(), Role: opportunity.ContactRole(r.text())},
		External:   r.flag(), Note: r.text(), Added: r.time(),
	}
}
