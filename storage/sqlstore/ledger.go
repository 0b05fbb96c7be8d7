package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

var ledgerTable = table{
	name: "pursuit_opportunity_ledger",
	cols: []string{"tenant", "opportunity_id", "seq", "effective_from", "recorded_from", "effective_to", "recorded_to",
		"status", "stage", "owner", "department", "customer_id", "source_id", "process_id", "currency", "amount", "probability", "category",
		"expected_close", "cycle_days", "cycle", "event", "entry", "by_user", "progress", "from_stage", "summary"},
	key: []string{"tenant", "opportunity_id", "seq"},
}

func ledgerValues(a *args, tenant string, l *opportunity.LedgerRow) {
	a.text(tenant).id(l.Opportunity).num(l.Seq).time(l.EffectiveFrom).time(l.RecordedFrom).end(l.EffectiveTo).end(l.RecordedTo).
		text(l.Status.String(), l.Stage, l.Owner, l.Department).id(l.Customer).idOrNull(l.Source).id(l.Process).
		text(string(l.Amount.Currency())).num(l.Amount.Minor()).int(l.Probability).text(string(l.Category)).date(l.ExpectedClose).
		intOrNull(l.CycleDays).int(l.Cycle).text(l.Event).num(l.Entry).text(l.By, string(l.Progress), l.FromStage, l.Summary)
}

func readLedger(r *row) (l opportunity.LedgerRow) {
	r.skip(1)
	l.Opportunity, l.Seq, l.EffectiveFrom, l.RecordedFrom, l.EffectiveTo, l.RecordedTo = r.id(), r.num(), r.time(), r.time(), r.end(), r.end()
	l.Status, l.Stage, l.Owner, l.Department = readStatus(r), r.text(), r.text(), r.text()
	l.Customer, l.Source, l.Process = r.id(), r.idOrNil(), r.id()
	c := r.currency()
	l.Amount, l.Probability, l.Category = money.FromMinor(r.num(), c), r.int(), stage.Category(r.text())
	l.ExpectedClose, l.CycleDays, l.Cycle = r.date(), r.intOrNil(), r.int()
	l.Event, l.Entry, l.By, l.Progress, l.FromStage, l.Summary = r.text(), r.num(), r.text(), opportunity.Progress(r.text()), r.text(), r.text()
	return l
}

// saveLedger ends the open row and begins the next one, in one statement: the row
// that ends is there, so that only its ends are set.
func (t opportunities) saveLedger(ctx context.Context, c *opportunity.Change) error {
	prior, next := c.Prior, c.Next
	if prior != nil && next == nil {
		const ending = "UPDATE pursuit_opportunity_ledger SET effective_to = ?, recorded_to = ? WHERE tenant = ? AND opportunity_id = ? AND seq = ?"
		a := t.args(5).end(prior.EffectiveTo).end(prior.RecordedTo).text(c.Root.Tenant).id(c.Root.ID).num(prior.Seq)
		return t.execThen(ctx, t.s.text(ending), "", a, 1, func() error {
			return fault.New(fault.ErrCorrupt, "ledger.missing", "the ledger lacks its open row")
		})
	}
	if next == nil {
		return nil
	}
	if prior == nil {
		return t.putThen(ctx, &ledgerTable, plain, 1, func(a *args, _ int) { ledgerValues(a, c.Root.Tenant, next) }, nil)
	}
	rows := [2]*opportunity.LedgerRow{prior, next}
	return t.putThen(ctx, &ledgerTable, ends, len(rows), func(a *args, i int) { ledgerValues(a, c.Root.Tenant, rows[i]) }, nil)
}

func (t opportunities) Ledger(ctx context.Context, tenant string, id uuid.UUID) ([]opportunity.LedgerRow, error) {
	var out []opportunity.LedgerRow
	err := t.query(ctx, "SELECT "+t.s.d.aliased("l", ledgerTable.cols)+" FROM pursuit_opportunity_ledger l WHERE l.tenant = ? AND l.opportunity_id = ? ORDER BY l.seq",
		len(ledgerTable.cols), t.args(2).text(tenant).id(id), func(r *row) { out = append(out, readLedger(r)) })
	return out, err
}
