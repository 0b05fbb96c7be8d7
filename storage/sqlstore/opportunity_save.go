package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/opportunity"
)

func (t opportunities) Save(ctx context.Context, c opportunity.Change) error {
	return t.together(ctx, func() error {
		if err := t.saveRoot(ctx, &c); err != nil {
			return err
		}
		if !c.Delete { // the parts went with the root
			if err := t.saveParts(ctx, &c); err != nil {
				return err
			}
		}
		if err := t.saveLedger(ctx, &c); err != nil {
			return err
		}
		return t.log(ctx, c.Entries)
	})
}

func (t opportunities) saveRoot(ctx context.Context, c *opportunity.Change) error {
	const changed, number = "opportunity.changed", "opportunity.number.taken"
	o := &c.Root
	switch {
	case c.Expected == 0:
		return t.create(ctx, &opportunityTable, o.Tenant, o.ID, changed, number, func(a *args, _ int) {
			opportunityValues(a.text(o.Tenant).id(o.ID).text(o.Number), o)
		})
	case c.Delete:
		return t.remove(ctx, &opportunityTable, o.Tenant, o.ID, c.Expected, changed, number)
	}
	a := t.changes(o, c.Expected)
	opportunityValues(a, o)
	return t.guarded(ctx, t.s.opportunityUpdate(a.changed()), changed, number, a.text(o.Tenant).id(o.ID).num(c.Expected))
}

func (t opportunities) saveParts(ctx context.Context, c *opportunity.Change) error {
	if err := t.removeParts(ctx, c); err != nil {
		return err
	}
	tenant, id := c.Root.Tenant, c.Root.ID
	err := t.putThen(ctx, &memberTable, setting(c.Expected), len(c.Members), func(a *args, i int) {
		m := &c.Members[i]
		a.text(tenant).id(id).text(m.User, string(m.Role), string(m.Access)).int(m.Split).int(m.Overlay).time(m.Joined)
	}, nil)
	if err != nil {
		return err
	}
	err = t.putThen(ctx, &lineTable, setting(c.Expected), len(c.Lines), func(a *args, i int) {
		l := &c.Lines[i]
		a.text(tenant).id(id).int(l.Number).text(l.Product, l.Description).decimal(l.Quantity).text(l.Unit).decimal(l.Price).decimal(l.Discount).
			decimalOrNull(l.Tax).num(l.Amount.Minor()).text(string(l.Amount.Currency()))
	}, nil)
	if err != nil {
		return err
	}
	deal := func(list []opportunity.DealContact) func(a *args, i int) {
		return func(a *args, i int) {
			x := &list[i]
			a.text(tenant).id(id).id(x.Contact).text(string(x.Role)).flag(x.External).text(x.Note).time(x.Added)
		}
	}
	if err := t.putThen(ctx, &dealContactTable, setting(c.Expected), len(c.Contacts), deal(c.Contacts), nil); err != nil {
		return err
	}
	err = t.putThen(ctx, &dealContactTable, nothing, len(c.AddedContacts), deal(c.AddedContacts), every("opportunity.contact.exists"))
	if err != nil {
		return err
	}
	if err := t.saveFollowUps(ctx, c); err != nil {
		return err
	}
	if x := c.Cycle; x != nil {
		err := t.putThen(ctx, &cycleTable, plain, 1, func(a *args, _ int) {
			a.text(tenant).id(id).int(x.Number).json(&x.Outcome, false).timeOrNull(x.ClosedAt).intOrNull(x.CycleDays).text(x.Reason).
				time(x.ReopenedAt).text(x.ReopenedBy)
		}, nil)
		if err != nil {
			return err
		}
	}
	if err := t.saveFollowUp(ctx, c); err != nil {
		return err
	}
	return t.saveChoices(ctx, c)
}

func (t opportunities) removeParts(ctx context.Context, c *opportunity.Change) error {
	tenant, id := c.Root.Tenant, c.Root.ID
	if n := len(c.RemovedMembers); n > 0 {
		a := t.args(2 + n).text(tenant).id(id)
		for i := range padded(n) {
			a.text(c.RemovedMembers[min(i, n-1)])
		}
		if err := t.later(ctx, "DELETE FROM pursuit_opportunity_member WHERE tenant = ? AND opportunity_id = ? AND user_id"+list(n), a); err != nil {
			return err
		}
	}
	if n := len(c.RemovedLines); n > 0 {
		a := t.args(2 + n).text(tenant).id(id)
		for i := range padded(n) {
			a.int(c.RemovedLines[min(i, n-1)])
		}
		if err := t.later(ctx, "DELETE FROM pursuit_opportunity_line WHERE tenant = ? AND opportunity_id = ? AND number"+list(n), a); err != nil {
			return err
		}
	}
	for _, k := range c.RemovedContacts {
		err := t.later(ctx, "DELETE FROM pursuit_opportunity_contact WHERE tenant = ? AND opportunity_id = ? AND contact_id = ? AND role = ?",
			t.args(4).text(tenant).id(id).id(k.Contact).text(string(k.Role)))
		if err != nil {
			return err
		}
	}
	if err := t.removeFollowUps(ctx, c); err != nil {
		return err
	}
	if n := len(c.RemovedCompetitors); n > 0 {
		err := t.later(ctx, "DELETE FROM pursuit_opportunity_choice WHERE tenant = ? AND opportunity_id = ? AND sort = 'competitor' AND entry_id"+list(n),
			t.args(2+n).text(tenant).id(id).ids(c.RemovedCompetitors))
		if err != nil {
			return err
		}
	}
	return t.removeFollowUp(ctx, c)
}

// choice is a row of pursuit_opportunity_choice: a competitor, or what an
// outcome names.
type choice struct {
	sort            string
	cycle, position int
	entry           uuid.UUID
	explanation     string
	competitor      *opportunity.DealCompetitor
}

// named lists what an outcome names.
func named(out []choice, o *opportunity.Outcome, cycle int) []choice {
	for i, x := range o.Reasons {
		out = append(out, choice{sort: reasonChoice, cycle: cycle, position: i, entry: x.Reason, explanation: x.Explanation})
	}
	if o.Competitor != uuid.Nil {
		out = append(out, choice{sort: winnerChoice, cycle: cycle, entry: o.Competitor})
	}
	return out
}

func (t opportunities) saveChoices(ctx context.Context, c *opportunity.Change) error {
	var changed, added []choice
	for i := range c.Competitors {
		changed = append(changed, choice{sort: competitorChoice, entry: c.Competitors[i].Competitor, competitor: &c.Competitors[i]})
	}
	for i := range c.AddedCompetitors {
		added = append(added, choice{sort: competitorChoice, entry: c.AddedCompetitors[i].Competitor, competitor: &c.AddedCompetitors[i]})
	}
	if c.Cycle != nil { // it stands there already, unless it comes from elsewhere
		changed = named(changed, &c.Cycle.Outcome, c.Cycle.Number)
	}
	if o := c.Root.Outcome; o != nil {
		switch c.Outcome {
		case opportunity.OutcomeRevised:
			err := t.later(ctx, "DELETE FROM pursuit_opportunity_choice WHERE tenant = ? AND opportunity_id = ? AND sort <> 'competitor' AND cycle = ?",
				t.args(3).text(c.Root.Tenant).id(c.Root.ID).int(c.Root.Cycle))
			if err != nil {
				return err
			}
			added = named(added, o, c.Root.Cycle)
		case opportunity.OutcomeFresh:
			added = named(added, o, c.Root.Cycle)
		}
	}
	if err := t.putChoices(ctx, c, upsert, changed); err != nil {
		return err
	}
	return t.putChoices(ctx, c, nothing, added)
}

func (t opportunities) putChoices(ctx context.Context, c *opportunity.Change, m mode, list []choice) error {
	var miss func() error
	if m == nothing {
		miss = every("opportunity.competitor.exists")
	}
	return t.putThen(ctx, &choiceTable, m, len(list), func(a *args, i int) {
		x := &list[i]
		a.text(c.Root.Tenant).id(c.Root.ID).text(x.sort).int(x.cycle).int(x.position).id(x.entry).text(x.explanation)
		d := x.competitor
		switch {
		case d == nil:
			a.text("", "").add(nil).text("").add(nil)
		case d.Price == nil:
			a.text(d.Strengths, d.Weaknesses).add(nil).text("").time(d.Added)
		default:
			a.text(d.Strengths, d.Weaknesses).num(d.Price.Minor()).text(string(d.Price.Currency())).time(d.Added)
		}
	}, miss)
}
