package lifecycle

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
)

// The rules of the process as somebody writes them who needs no others than
// these, on rows. Events' payloads are those that the library journals.

const openEnd = math.MaxInt64

var (
	errNotAllowed = errors.New("not allowed")
	errChanged    = errors.New("changed by somebody else")
)

// entry makes the journal's entry of an event and moves the chain's head.
func (d *deal) entry(seq *int64, hash *digest, kind journal.Kind, aggregate ident, version int64, typ string, payload any, now int64) (journalRow, error) {
	h := journal.Head{Seq: *seq, Hash: journal.Hash(*hash)}
	at := time.UnixMicro(now).UTC()
	e, err := h.Append(tenant, kind, uuid.UUID(aggregate), d.newID(), version, journal.Event{Type: typ, Payload: payload},
		journal.Moment{Effective: at, Recorded: at, By: user})
	*seq, *hash = h.Seq, digest(h.Hash)
	return journalRow{Tenant: tenant, Kind: string(kind), AggregateID: aggregate, Seq: e.Seq, ID: ident(e.ID), Version: version, Type: typ,
		Payload: string(e.Payload), Effective: now, Recorded: now, ByUser: user, PrevHash: digest(e.Prev), Hash: digest(e.Hash)}, err
}

func (d *deal) moment() int64 { return d.now().UTC().UnixMicro() }

// newCustomer makes the rows of the first command.
func (d *deal) newCustomer() (customerRow, contactRow, []journalRow, error) {
	now := d.moment()
	at := time.UnixMicro(now).UTC()
	d.customer, d.contact = d.newID(), d.newID()
	c := customerRow{Tenant: tenant, ID: ident(d.customer), Name: d.customerName, Kind: string(customer.Organisation), Status: string(customer.Active),
		Owner: user, Department: department, NameKey: strings.ToLower(d.customerName), Created: now, Updated: now, Version: 1}
	k := contactRow{Tenant: tenant, ID: ident(d.contact), CustomerID: c.ID, Name: d.contactName, IsPrimary: 1, Active: 1,
		NameKey: strings.ToLower(d.contactName), Created: now, Updated: now}
	e1, err := d.entry(&c.JournalSeq, &c.JournalHash, journal.KindCustomer, c.ID, 1, customer.EventCreated, customer.CreatedPayload{Customer: customer.Customer{
		ID: d.customer, Tenant: tenant, Name: c.Name, Kind: customer.Organisation, Status: customer.Active, Owner: user, Department: department, Created: at}}, now)
	if err != nil {
		return c, k, nil, err
	}
	e2, err := d.entry(&c.JournalSeq, &c.JournalHash, journal.KindCustomer, c.ID, 1, customer.EventContactAdded, customer.ContactAddedPayload{Contact: customer.Contact{
		ID: d.contact, Customer: d.customer, Name: k.Name, Primary: true, Active: true, Created: at, Updated: at}}, now)
	return c, k, []journalRow{e1, e2}, err
}

// newOpportunity makes the rows of the second command, for a customer that was
// found to be active.
func (d *deal) newOpportunity(number string) (opportunityRow, ledgerRow, journalRow, error) {
	now := d.moment()
	at := time.UnixMicro(now).UTC()
	d.opportunity = d.newID()
	o := opportunityRow{Tenant: tenant, ID: ident(d.opportunity), Number: number, Created: now, Name: d.name, NameKey: strings.ToLower(d.name),
		CustomerID: ident(d.customer), Department: department, Owner: user, ProcessID: ident(d.process), ProcessVersionID: ident(d.version),
		Stage: stages[0].id, Status: "open", Cycle: 1, Currency: string(currency), Probability: int64(stages[0].probability), Category: stages[0].category,
		ExpectedClose: d.close.String(), Updated: now, Effective: now, StageEntered: now, Version: 1, LedgerSeq: 1, LedgerEffective: now, LedgerRecorded: now}
	members := []opportunity.Member{{User: user, Role: opportunity.RoleOwner, Access: opportunity.Write, Joined: at}}
	for _, m := range d.members {
		members = append(members, opportunity.Member{User: m.User, Role: m.Role, Access: m.Access, Joined: at})
	}
	for _, m := range members {
		o.Members = append(o.Members, memberRow{Tenant: tenant, OpportunityID: o.ID, UserID: m.User, Role: string(m.Role), Access: string(m.Access), Joined: now})
	}
	var lines []opportunity.Line
	for i, l := range d.lines {
		amount, err := money.LineAmount(l.Quantity, l.Price, l.Discount, currency, money.HalfUp)
		if err != nil {
			return o, ledgerRow{}, journalRow{}, err
		}
		x := opportunity.Line{Number: i + 1, Product: l.Product, Quantity: l.Quantity, Unit: l.Unit, Price: l.Price, Discount: l.Discount, Amount: amount}
		lines = append(lines, x)
		o.Lines = append(o.Lines, lineRow{Tenant: tenant, OpportunityID: o.ID, Number: int64(x.Number), Product: x.Product, Quantity: x.Quantity.String(),
			Unit: x.Unit, Price: x.Price.String(), Discount: x.Discount.String(), Amount: amount.Minor(), Currency: o.Currency})
		o.LineTotal += amount.Minor()
	}
	o.Amount = o.LineTotal
	counts, err := json.Marshal(opportunity.Counts{Members: len(members), Lines: len(lines), LineSeq: len(lines)})
	if err != nil {
		return o, ledgerRow{}, journalRow{}, err
	}
	o.Counts = string(counts)
	zero := money.Zero(currency)
	e, err := d.entry(&o.JournalSeq, &o.JournalHash, journal.KindOpportunity, o.ID, 1, opportunity.EventRecorded, struct {
		Root    opportunity.Root     `json:"root"`
		Members []opportunity.Member `json:"members"`
		Lines   []opportunity.Line   `json:"lines,omitempty"`
	}{opportunity.Root{
		ID: d.opportunity, Tenant: tenant, Number: number, Name: o.Name, Customer: d.customer, Department: department, Owner: user,
		Process: d.process, ProcessVersion: d.version, Stage: o.Stage, Status: opportunity.Open, Cycle: 1, Currency: currency,
		Estimated: zero, LineTotal: money.FromMinor(o.LineTotal, currency), Quoted: zero, Ordered: zero,
		Probability: stages[0].probability, Category: stage.Category(o.Category), ExpectedClose: d.close,
	}, members, lines}, now)
	return o, o.ledger(opportunity.EventRecorded), e, err
}

// ledger is the ledger's new row after a command.
func (o *opportunityRow) ledger(event string) ledgerRow {
	return ledgerRow{Tenant: o.Tenant, OpportunityID: o.ID, Seq: o.LedgerSeq, EffectiveFrom: o.LedgerEffective, EffectiveTo: openEnd,
		RecordedFrom: o.LedgerRecorded, RecordedTo: openEnd, Status: o.Status, Stage: o.Stage, Owner: o.Owner, Department: o.Department,
		CustomerID: o.CustomerID, SourceID: o.SourceID, ProcessID: o.ProcessID, Currency: o.Currency, Amount: o.Amount, Probability: o.Probability,
		Category: o.Category, ExpectedClose: o.ExpectedClose, CycleDays: o.CycleDays, Cycle: o.Cycle, Event: event, Entry: o.JournalSeq, ByUser: user}
}

// step begins a command on an opportunity: only its owner may, and only in a
// status. It moves version and, unless told otherwise, the ledger's mark.
func (o *opportunityRow) step(d *deal, status string, booked bool) (now int64, err error) {
	if o.Owner != user || o.Status != status {
		return 0, errNotAllowed
	}
	now = max(d.moment(), o.LedgerEffective, o.LedgerRecorded)
	o.Updated, o.Effective = now, now
	o.Version++
	if booked {
		o.LedgerSeq++
		o.LedgerEffective, o.LedgerRecorded = now, now
	}
	return now, nil
}

// advance changes the row, and gives the ledger's and the journal's new ones.
func (o *opportunityRow) advance(d *deal, to string) (ledgerRow, journalRow, error) {
	from, next := -1, -1
	for i, s := range stages {
		if s.id == o.Stage {
			from = i
		}
		if s.id == to {
			next = i
		}
	}
	if next < 0 || next != from+1 || d.summary == "" {
		return ledgerRow{}, journalRow{}, errNotAllowed
	}
	now, err := o.step(d, "open", true)
	if err != nil {
		return ledgerRow{}, journalRow{}, err
	}
	was, before := o.Stage, *o
	o.Stage, o.StageEntered, o.Probability, o.Category = to, now, int64(stages[next].probability), stages[next].category
	e, err := d.entry(&o.JournalSeq, &o.JournalHash, journal.KindOpportunity, o.ID, o.Version, opportunity.EventMoved, opportunity.MovedPayload{
		From: was, To: to, Probability: int(o.Probability), Category: stage.Category(o.Category), Summary: d.summary, Effect: changed(&before, o)}, now)
	l := o.ledger(opportunity.EventMoved)
	l.Progress, l.FromStage, l.Summary = "advance", was, d.summary
	return l, e, err
}

// win changes the row, for a reason that was found to be usable.
func (o *opportunityRow) win(d *deal) (ledgerRow, journalRow, choiceRow, error) {
	now, err := o.step(d, "open", true)
	if err != nil {
		return ledgerRow{}, journalRow{}, choiceRow{}, err
	}
	at := time.UnixMicro(now).UTC()
	days := calendar.Of(at, time.UTC).Sub(calendar.Of(time.UnixMicro(o.Created), time.UTC))
	out := opportunity.Outcome{Status: opportunity.Won, Reasons: []opportunity.Choice{{Reason: d.reason}}, Amount: money.FromMinor(o.Amount, currency),
		Stage: o.Stage, Summary: d.summary, At: at, By: user}
	doc, err := json.Marshal(out)
	if err != nil {
		return ledgerRow{}, journalRow{}, choiceRow{}, err
	}
	before := *o
	o.Status, o.Probability, o.Category, o.WonAt, o.CycleDays, o.Outcome = "won", 10000, "closed", ref(now), ref(int64(days)), ref(string(doc))
	e, err := d.entry(&o.JournalSeq, &o.JournalHash, journal.KindOpportunity, o.ID, o.Version, opportunity.EventWon,
		opportunity.WonPayload{Decision: opportunity.Decision{Outcome: out, CycleDays: &days, Effect: changed(&before, o)}}, now)
	l := o.ledger(opportunity.EventWon)
	l.Progress, l.FromStage, l.Summary = "won", o.Stage, d.summary
	return l, e, choiceRow{Tenant: tenant, OpportunityID: o.ID, Sort: "reason", Cycle: o.Cycle, EntryID: ident(d.reason)}, err
}

// settings are what an order needs of those of the sales system.
type settings struct{ over, tax string }

// newOrder makes an order of the row's lines, and notes it on the row. The
// customer was found to be active, the sales system to be ready.
func (o *opportunityRow) newOrder(d *deal, number string, st settings) (orderRow, []orderLineRow, []journalRow, error) {
	var counts opportunity.Counts
	if err := json.Unmarshal([]byte(o.Counts), &counts); err != nil {
		return orderRow{}, nil, nil, err
	}
	if counts.LiveOrders+counts.DoneOrders > 0 || len(o.Lines) == 0 {
		return orderRow{}, nil, nil, errNotAllowed
	}
	now, err := o.step(d, "won", false)
	if err != nil {
		return orderRow{}, nil, nil, err
	}
	at := time.UnixMicro(now).UTC()
	d.order = d.newID()
	s := orderRow{Tenant: tenant, ID: ident(d.order), Number: number, OpportunityID: o.ID, CustomerID: o.CustomerID, BillToID: o.BillToID, EndUserID: o.EndUserID,
		Department: o.Department, Owner: o.Owner, Currency: o.Currency, Status: "draft", OverDelivery: st.over, TaxTreatment: st.tax, Created: now, Updated: now, Effective: now,
		LineCount: int64(len(o.Lines)), Version: 1}
	var rows []orderLineRow
	var lines []order.Line
	for _, l := range o.Lines {
		rows = append(rows, orderLineRow{Tenant: tenant, OrderID: s.ID, Number: l.Number, Product: l.Product, Description: l.Description, Quantity: l.Quantity,
			Unit: l.Unit, Price: l.Price, Discount: l.Discount, Tax: l.Tax, Amount: l.Amount, Currency: l.Currency})
		x := order.Line{Number: int(l.Number), Product: l.Product, Description: l.Description, Unit: l.Unit, Amount: money.FromMinor(l.Amount, currency)}
		for _, v := range []struct {
			to   *decimal.Decimal
			text string
		}{{&x.Quantity, l.Quantity}, {&x.Price, l.Price}, {&x.Discount, l.Discount}} {
			if *v.to, err = decimal.NewFromString(v.text); err != nil {
				return s, nil, nil, err
			}
		}
		lines = append(lines, x)
		s.Total += l.Amount
		s.Gross += l.Amount // no line is taxed
	}
	counts.Orders++
	counts.LiveOrders++
	doc, err := json.Marshal(counts)
	if err != nil {
		return s, nil, nil, err
	}
	o.Counts = string(doc)
	before := *o
	o.Ordered += s.Total
	total, zero := money.FromMinor(s.Total, currency), money.Zero(currency)
	made, err := d.entry(&o.JournalSeq, &o.JournalHash, journal.KindOpportunity, o.ID, o.Version, opportunity.EventOrderMade,
		opportunity.OrderMadePayload{Order: d.order, Total: money.FromMinor(o.Ordered, currency), Effect: changed(&before, o)}, now)
	if err != nil {
		return s, nil, nil, err
	}
	over, err := decimal.NewFromString(st.over)
	if err != nil {
		return s, nil, nil, err
	}
	e, err := d.entry(&s.JournalSeq, &s.JournalHash, journal.KindOrder, s.ID, 1, order.EventCreated, struct {
		Root  order.Root   `json:"root"`
		Lines []order.Line `json:"lines"`
	}{order.Root{ID: d.order, Tenant: tenant, Number: number, Opportunity: uuid.UUID(o.ID), Customer: uuid.UUID(o.CustomerID), Department: o.Department, Owner: o.Owner,
		Currency: currency, Status: order.Draft, TaxTreatment: money.TaxTreatment(st.tax), Total: total, Gross: total, OverDelivery: over, Delivered: zero, Invoiced: zero, Received: zero,
		Created: at, Lines: len(lines)}, lines}, now)
	return s, rows, []journalRow{made, e}, err
}

// closeDeal changes the row.
func (o *opportunityRow) closeDeal(d *deal) (ledgerRow, journalRow, error) {
	now, err := o.step(d, "won", true)
	if err != nil {
		return ledgerRow{}, journalRow{}, err
	}
	before := *o
	o.Status, o.ClosedAt = "closed", ref(now)
	e, err := d.entry(&o.JournalSeq, &o.JournalHash, journal.KindOpportunity, o.ID, o.Version, opportunity.EventClosed,
		opportunity.ClosedPayload{Override: closing, Effect: changed(&before, o)}, now)
	return o.ledger(opportunity.EventClosed), e, err
}

// changed is what an event says that it changed.
func changed(before, o *opportunityRow) (e opportunity.Effect) {
	status := func(r *opportunityRow) opportunity.Status { s, _ := opportunity.ParseStatus(r.Status); return s }
	e.Changes.Status.Set(status(before), status(o))
	e.Changes.Stage.Set(before.Stage, o.Stage)
	e.Changes.Probability.Set(int(before.Probability), int(o.Probability))
	e.Changes.Category.Set(stage.Category(before.Category), stage.Category(o.Category))
	if before.Ordered != o.Ordered {
		e.Changes.Ordered = opportunity.AmountFromTo{From: money.FromMinor(before.Ordered, currency), To: money.FromMinor(o.Ordered, currency)}
	}
	return e
}
