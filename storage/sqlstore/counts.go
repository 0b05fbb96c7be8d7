package sqlstore

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/pursuit-crm/pursuit/opportunity"
)

// countNames are the keys of counts, in the order in which encoding/json writes
// them. Each command reads and writes that document, so it is done without
// reflection.
var countNames = [...]string{
	"members", "lines", "line_seq", "contacts", "competitors", "activities", "open_activities", "expenses", "unsettled_expenses",
	"documents", "evaluations", "quotes", "open_quotes", "accepted_quotes", "orders", "live_orders", "done_orders",
}

func countFields(c *opportunity.Counts) [len(countNames)]*int {
	return [...]*int{
		&c.Members, &c.Lines, &c.LineSeq, &c.Contacts, &c.Competitors, &c.Activities, &c.OpenActivities, &c.Expenses, &c.UnsettledExpenses,
		&c.Documents, &c.Evaluations, &c.Quotes, &c.OpenQuotes, &c.AcceptedQuotes, &c.Orders, &c.LiveOrders, &c.DoneOrders,
	}
}

// onlyNumbers says whether the numbers are all that there is.
func onlyNumbers(c *opportunity.Counts) bool {
	return c.DoneActivities == opportunity.ActivityCounts{} && c.Submitted == 0 && len(c.Scores) == 0 && len(c.DocumentKinds) == 0
}

func (a *args) counts(c *opportunity.Counts) *args {
	if !onlyNumbers(c) {
		return a.json(c, false)
	}
	var stack [320]byte
	b := stack[:0]
	for i, n := range countFields(c) {
		b = append(b, `,"`...)
		b = append(b, countNames[i]...)
		b = append(b, `":`...)
		b = strconv.AppendInt(b, int64(*n), 10)
	}
	b[0] = '{'
	b = append(b, '}')
	if old := a.stored(); old != nil && old.kind == words && old.s == string(b) {
		return a
	}
	return a.put(string(b))
}

func (r *row) counts(c *opportunity.Counts) {
	s := r.next().s
	if readCounts(s, c) {
		return
	}
	*c = opportunity.Counts{} // somebody else wrote it
	r.bad(json.Unmarshal([]byte(s), c))
}

// readCounts reads what counts writes; false for anything else.
func readCounts(s string, c *opportunity.Counts) bool {
	sep := byte('{')
	for i, n := range countFields(c) {
		name := countNames[i]
		if len(s) < len(name)+4 || s[0] != sep || s[1] != '"' || s[2:2+len(name)] != name || s[2+len(name):4+len(name)] != `":` {
			return false
		}
		s = s[4+len(name):]
		end := strings.IndexAny(s, ",}")
		if end < 0 {
			return false
		}
		v, err := strconv.Atoi(s[:end])
		if err != nil {
			return false
		}
		*n, s, sep = v, s[end:], ','
	}
	return s == "}"
}
