package sqlstore

import (
	"context"
	"strings"

	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// A timeline is rows of three tables in columns that they share. Of each table
// its newest rows are enough, and those of journal and ledger stand at the end of
// their keys (O12). The column sort says which table; what a table lacks is
// filled up with something of the column's type.
const (
	timelineColumns = 15

	timelineEvents = "SELECT 0 AS sort, x.effective AS moment, x.seq AS entry, x.aggregate_id AS id, x.recorded AS recorded, x.by_user AS who, x.type AS a," +
		" '' AS b, '' AS c, '' AS d, '' AS e, '' AS f, '' AS g, 0 AS due, 0 AS done FROM" +
		" (SELECT j.effective, j.seq, j.aggregate_id, j.recorded, j.by_user, j.type FROM pursuit_journal j"
	timelineProgress = "SELECT 1 AS sort, y.effective_from AS moment, y.entry AS entry, y.opportunity_id AS id, y.recorded_from AS recorded, y.by_user AS who, y.event AS a," +
		" y.progress AS b, y.from_stage AS c, y.stage AS d, y.summary AS e, '' AS f, '' AS g, 0 AS due, 0 AS done FROM" +
		" (SELECT l.effective_from, l.entry, l.opportunity_id, l.recorded_from, l.by_user, l.event, l.progress, l.from_stage, l.stage, l.summary" +
		" FROM pursuit_opportunity_ledger l"
	timelineActivities = "SELECT 2 AS sort, z.takes_place AS moment, 0 AS entry, z.id AS id, z.created AS recorded, z.created_by AS who, z.kind AS a," +
		" z.status AS b, z.assignee AS c, z.subject AS d, z.note AS e, z.result AS f, z.reason AS g, z.due AS due, z.done AS done FROM" +
		" (SELECT p.takes_place, p.id, p.created, p.created_by, p.kind, p.status, p.assignee, p.subject, p.note, p.result, p.reason, p.due, p.done" +
		" FROM pursuit_opportunity_activity p"
)

func (t followUps) Timeline(ctx context.Context, tenant string, q opportunity.TimelineQuery) ([]opportunity.TimelineItem, error) {
	after := q.After
	var text strings.Builder
	a := t.args(24)
	// newest ends a table's part, which is known by a name.
	newest := func(part string, conds []string, order, name string) {
		text.WriteString(part + " WHERE " + strings.Join(conds, " AND ") + " ORDER BY " + order + " LIMIT ?) " + name)
		a.int(q.Limit)
	}

	elsewhere := opportunity.ShownElsewhere()
	a.text(tenant, string(journal.KindOpportunity)).id(q.Opportunity).text(elsewhere...)
	conds := []string{"j.tenant = ?", "j.kind = ?", "j.aggregate_id = ?", "j.type NOT IN " + places(len(elsewhere))}
	if after != nil && after.Entry > 0 {
		below := after.Entry
		if after.Progress { // the event of its number comes next
			below++
		}
		conds = append(conds, "j.seq < ?")
		a.num(below)
	} else if after != nil {
		conds = append(conds, "j.effective < ?")
		a.time(after.At)
	}
	newest(timelineEvents, conds, "j.seq DESC", "x")

	a.text(tenant).id(q.Opportunity)
	conds = []string{"l.tenant = ?", "l.opportunity_id = ?", "l.progress <> ''"}
	if after != nil && after.Entry > 0 {
		conds = append(conds, "l.entry < ?")
		a.num(after.Entry)
	} else if after != nil {
		conds = append(conds, "l.effective_from < ?")
		a.time(after.At)
	}
	newest(" UNION ALL "+timelineProgress, conds, "l.seq DESC", "y")

	a.text(tenant).id(q.Opportunity)
	conds = []string{"p.tenant = ?", "p.opportunity_id = ?"}
	if after != nil {
		conds = append(conds, "p.takes_place <= ?")
		if a.time(after.At); after.Entry == 0 {
			conds = append(conds, "(p.takes_place < ? OR p.id < ?)")
			a.time(after.At).id(after.Activity)
		}
	}
	// + 0 keeps databases from walking the index of all the tenant's activities by time.
	newest(" UNION ALL "+timelineActivities, conds, "p.takes_place + 0 DESC, p.id DESC", "z")

	var out []opportunity.TimelineItem
	err := t.query(ctx, text.String()+" ORDER BY moment DESC, entry DESC, sort DESC, id DESC LIMIT ?", timelineColumns, a.int(q.Limit), func(r *row) {
		out = append(out, readTimeline(r))
	})
	return out, err
}

func readTimeline(r *row) opportunity.TimelineItem {
	sort, moment, entry, id := r.num(), r.time(), r.num(), r.id()
	recorded, by := r.time(), r.text()
	var s [7]string
	for i := range s {
		s[i] = r.text()
	}
	switch sort {
	case 0:
		return opportunity.TimelineItem{At: moment, Kind: opportunity.TimelineEvent, Recorded: recorded, By: by, Entry: entry, Event: s[0]}
	case 1:
		return opportunity.TimelineItem{At: moment, Kind: opportunity.TimelineProgress, Recorded: recorded, By: by, Entry: entry, Event: s[0],
			Progress: opportunity.Progress(s[1]), FromStage: s[2], ToStage: s[3], Summary: s[4]}
	}
	return opportunity.TimelineOfActivity(opportunity.Activity{ID: id, Kind: opportunity.ActivityKind(s[0]), Status: opportunity.ActivityStatus(s[1]),
		Assignee: s[2], Subject: s[3], Note: s[4], Result: s[5], Reason: s[6], Due: r.timeOr0(), Done: r.timeOr0(), Created: recorded, CreatedBy: by})
}
