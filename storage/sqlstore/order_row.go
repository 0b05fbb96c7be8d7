package sqlstore

import (
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/order"
)

var (
	orderTable = table{
		name: "pursuit_sales_order",
		cols: []string{"tenant", "id", "number", "created", "opportunity_id", "customer_id", "bill_to_id", "end_user_id", "department", "owner",
			"currency", "status", "reference", "tax_treatment", "total", "gross", "over_delivery", "delivered", "invoiced", "received", "updated", "effective",
			"confirmed_at", "completed_at", "cancelled_at", "reason", "line_count", "version", "journal_seq", "journal_hash"},
		key: []string{"tenant", "id"},
	}
	orderLineTable = table{
		name: "pursuit_sales_order_line",
		cols: []string{"tenant", "order_id", "number", "product", "description", "quantity", "unit", "price", "discount", "tax", "amount", "currency", "due"},
		key:  []string{"tenant", "order_id", "number"},
	}
	orderEventTable = table{
		name: "pursuit_sales_order_event",
		cols: []string{"tenant", "order_id", "external_id", "line", "kind", "quantity", "amount", "currency", "on_date", "advance", "note", "recorded", "by_user"},
		key:  []string{"tenant", "order_id", "external_id", "line"},
	}
	settingsTable = table{
		name: "pursuit_sales_settings",
		cols: []string{"tenant", "enabled", "initialised", "base_currency", "number_prefix", "tax_treatment", "several_orders", "over_delivery",
			"version", "updated", "effective", "journal_seq", "journal_hash"},
		key: []string{"tenant"},
	}
)

// orderFixed is how many of the columns never change.
const orderFixed = 3

func orderValues(a *args, o *order.Root) {
	a.time(o.Created).id(o.Opportunity).id(o.Customer).idOrNull(o.BillTo).idOrNull(o.EndUser).text(o.Department, o.Owner, string(o.Currency), o.Status.String(), o.Reference, string(o.TaxTreatment)).
		num(o.Total.Minor()).num(o.Gross.Minor()).decimal(o.OverDelivery).num(o.Delivered.Minor()).num(o.Invoiced.Minor()).num(o.Received.Minor()).time(o.Updated).time(o.Effective).
		timeOrNull(o.ConfirmedAt).timeOrNull(o.CompletedAt).timeOrNull(o.CancelledAt).text(o.Reason).int(o.Lines).num(o.Version).head(o.Head)
}

func readOrder(r *row) (o order.Root) {
	o.Tenant, o.ID, o.Number, o.Created = r.text(), r.id(), r.text(), r.time()
	o.Opportunity, o.Customer, o.BillTo, o.EndUser = r.id(), r.id(), r.idOrNil(), r.idOrNil()
	o.Department, o.Owner, o.Currency = r.text(), r.text(), r.currency()
	r.bad(o.Status.UnmarshalText([]byte(r.text())))
	m := func() money.Money { return money.FromMinor(r.num(), o.Currency) }
	o.Reference, o.TaxTreatment, o.Total, o.Gross, o.OverDelivery = r.text(), money.TaxTreatment(r.text()), m(), m(), r.decimal()
	o.Delivered, o.Invoiced, o.Received, o.Updated, o.Effective = m(), m(), m(), r.time(), r.time()
	o.ConfirmedAt, o.CompletedAt, o.CancelledAt = r.timeOr0(), r.timeOr0(), r.timeOr0()
	o.Reason, o.Lines, o.Version, o.Head = r.text(), r.int(), r.num(), r.head()
	return o
}

func orderLineValues(a *args, l *order.Line) {
	a.int(l.Number).text(l.Product, l.Description).decimal(l.Quantity).text(l.Unit).decimal(l.Price).decimal(l.Discount).decimalOrNull(l.Tax).
		num(l.Amount.Minor()).text(string(l.Amount.Currency())).date(l.Due)
}

func readOrderLine(r *row) order.Line {
	l := order.Line{Number: r.int(), Product: r.text(), Description: r.text(), Quantity: r.decimal(), Unit: r.text(),
		Price: r.decimal(), Discount: r.decimal(), Tax: r.decimalOrNil()}
	minor := r.num()
	l.Amount, l.Due = money.FromMinor(minor, r.currency()), r.date()
	return l
}

func orderEventValues(a *args, e *order.ExecutionEvent) {
	a.text(e.External).int(e.Line).text(string(e.Kind)).decimal(e.Quantity).num(e.Amount.Minor()).text(string(e.Amount.Currency())).
		date(e.On).flag(e.Advance).text(e.Note).time(e.Recorded).text(e.By)
}

func readOrderEvent(r *row) order.ExecutionEvent {
	e := order.ExecutionEvent{External: r.text(), Line: r.int(), Kind: order.EventKind(r.text()), Quantity: r.decimal()}
	minor := r.num()
	e.Amount, e.On, e.Advance, e.Note, e.Recorded, e.By = money.FromMinor(minor, r.currency()), r.date(), r.flag(), r.text(), r.time(), r.text()
	return e
}

// settingsFixed is how many of the columns never change.
const settingsFixed = 1

func settingsValues(a *args, s *order.Settings) {
	a.flag(s.Enabled).flag(s.Initialised).text(string(s.BaseCurrency), s.NumberPrefix, string(s.TaxTreatment)).flag(s.SeveralOrders).
		decimal(s.OverDelivery).num(s.Version).time(s.Updated).time(s.Effective).head(s.Head)
}

func readSettings(r *row) order.Settings {
	return order.Settings{
		Tenant: r.text(), Enabled: r.flag(), Initialised: r.flag(), BaseCurrency: r.currency(), NumberPrefix: r.text(),
		TaxTreatment: money.TaxTreatment(r.text()), SeveralOrders: r.flag(), OverDelivery: r.decimal(),
		Version: r.num(), Updated: r.time(), Effective: r.time(), Head: r.head(),
	}
}
