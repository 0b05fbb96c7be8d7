package lifecycle

// The statements that somebody writes who knows what each command changes: it
// reads what it needs, sets the columns that change, guards the version, and
// inserts rows of a kind together.
const (
	customerColumns = "tenant, id, code, name, kind, status, parent_id, sector, tax_id, email, phone, url, address, country, owner, department, description, attributes, " +
		"name_key, email_key, email_domain, phone_key, url_key, tax_key, created, updated, version, journal_seq, journal_hash"
	contactColumns = "tenant, id, customer_id, name, title, email, phone, is_primary, active, note, attributes, name_key, email_key, email_domain, phone_key, created, updated"
	// What is NULL at the beginning is left out.
	opportunityColumns = "tenant, id, number, created, name, name_key, description, customer_id, department, owner, process_id, process_version_id, stage, status, cycle, " +
		"currency, amount, estimated, line_total, quoted, ordered, probability, probability_by_hand, category, category_by_hand, expected_close, rating, " +
		"updated, effective, stage_entered, resume_on, hold_reason, primary_contact_role, order_cancelled, counts, " +
		"ledger_seq, ledger_effective, ledger_recorded, version, journal_seq, journal_hash"
	memberColumns = "tenant, opportunity_id, user_id, role, access, split, overlay, joined"
	lineColumns   = "tenant, opportunity_id, number, product, description, quantity, unit, price, discount, tax, amount, currency"
	choiceColumns = "tenant, opportunity_id, sort, cycle, position, entry_id, explanation, strengths, weaknesses, currency"
	ledgerColumns = "tenant, opportunity_id, seq, effective_from, effective_to, recorded_from, recorded_to, status, stage, owner, department, customer_id, source_id, process_id, " +
		"currency, amount, probability, category, expected_close, cycle_days, cycle, event, entry, by_user, progress, from_stage, summary"
	orderColumns = "tenant, id, number, opportunity_id, customer_id, bill_to_id, end_user_id, department, owner, currency, status, reference, total, tax_treatment, gross, over_delivery, " +
		"delivered, invoiced, received, created, updated, effective, reason, line_count, version, journal_seq, journal_hash"
	orderLineColumns = "tenant, order_id, number, product, description, quantity, unit, price, discount, tax, amount, currency, due"
	journalColumns   = "tenant, kind, aggregate_id, seq, id, version, type, payload, effective, recorded, by_user, prev_hash, hash, relayed"

	selectOpportunity = "SELECT created, customer_id, bill_to_id, end_user_id, source_id, department, owner, process_id, stage, status, cycle, currency, amount, ordered, " +
		"probability, category, expected_close, cycle_days, counts, ledger_seq, ledger_effective, ledger_recorded, version, journal_seq, journal_hash " +
		"FROM pursuit_opportunity WHERE tenant = ? AND id = ?"
	selectCustomer = "SELECT status FROM pursuit_customer WHERE tenant = ? AND id = ?"
	selectReason   = "SELECT kind, status FROM pursuit_archive_entry WHERE tenant = ? AND id = ?"
	selectSettings = "SELECT enabled, initialised, number_prefix, over_delivery, tax_treatment FROM pursuit_sales_settings WHERE tenant = ?"
	selectLines    = "SELECT number, product, description, quantity, unit, price, discount, tax, amount, currency FROM pursuit_opportunity_line " +
		"WHERE tenant = ? AND opportunity_id = ? ORDER BY number"

	guarded       = ", updated = ?, effective = ?, version = ?, journal_seq = ?, journal_hash = ? WHERE tenant = ? AND id = ? AND version = ?"
	booked        = ", ledger_seq = ?, ledger_effective = ?, ledger_recorded = ?"
	updateAdvance = "UPDATE pursuit_opportunity SET stage = ?, stage_entered = ?, probability = ?, category = ?" + booked + guarded
	updateWin     = "UPDATE pursuit_opportunity SET status = ?, probability = ?, category = ?, won_at = ?, cycle_days = ?, outcome = ?" + booked + guarded
	updateOrdered = "UPDATE pursuit_opportunity SET ordered = ?, counts = ?" + guarded
	updateClose   = "UPDATE pursuit_opportunity SET status = ?, closed_at = ?" + booked + guarded
	updateLedger  = "UPDATE pursuit_opportunity_ledger SET effective_to = ?, recorded_to = ? WHERE tenant = ? AND opportunity_id = ? AND seq = ?"
)

func (c *customerRow) values() []any {
	return []any{c.Tenant, c.ID, c.Code, c.Name, c.Kind, c.Status, c.ParentID, c.Sector, c.TaxID, c.Email, c.Phone, c.URL, c.Address, c.Country, c.Owner, c.Department,
		c.Description, c.Attributes, c.NameKey, c.EmailKey, c.EmailDomain, c.PhoneKey, c.URLKey, c.TaxKey, c.Created, c.Updated, c.Version, c.JournalSeq, c.JournalHash}
}

func (k *contactRow) values() []any {
	return []any{k.Tenant, k.ID, k.CustomerID, k.Name, k.Title, k.Email, k.Phone, k.IsPrimary, k.Active, k.Note, k.Attributes, k.NameKey, k.EmailKey, k.EmailDomain,
		k.PhoneKey, k.Created, k.Updated}
}

func (o *opportunityRow) values() []any {
	return []any{o.Tenant, o.ID, o.Number, o.Created, o.Name, o.NameKey, o.Description, o.CustomerID, o.Department, o.Owner, o.ProcessID, o.ProcessVersionID,
		o.Stage, o.Status, o.Cycle, o.Currency, o.Amount, o.Estimated, o.LineTotal, o.Quoted, o.Ordered, o.Probability, o.ProbabilityByHand, o.Category, o.CategoryByHand,
		o.ExpectedClose, o.Rating, o.Updated, o.Effective, o.StageEntered, o.ResumeOn, o.HoldReason, o.PrimaryContactRole, o.OrderCancelled, o.Counts,
		o.LedgerSeq, o.LedgerEffective, o.LedgerRecorded, o.Version, o.JournalSeq, o.JournalHash}
}

// dest is where selectOpportunity's columns go.
func (o *opportunityRow) dest() []any {
	return []any{&o.Created, &o.CustomerID, &o.BillToID, &o.EndUserID, &o.SourceID, &o.Department, &o.Owner, &o.ProcessID, &o.Stage, &o.Status, &o.Cycle, &o.Currency,
		&o.Amount, &o.Ordered, &o.Probability, &o.Category, &o.ExpectedClose, &o.CycleDays, &o.Counts, &o.LedgerSeq, &o.LedgerEffective, &o.LedgerRecorded,
		&o.Version, &o.JournalSeq, &o.JournalHash}
}

func (m *memberRow) values() []any {
	return []any{m.Tenant, m.OpportunityID, m.UserID, m.Role, m.Access, m.Split, m.Overlay, m.Joined}
}

func (l *lineRow) values() []any {
	return []any{l.Tenant, l.OpportunityID, l.Number, l.Product, l.Description, l.Quantity, l.Unit, l.Price, l.Discount, l.Tax, l.Amount, l.Currency}
}

func (c *choiceRow) values() []any {
	return []any{c.Tenant, c.OpportunityID, c.Sort, c.Cycle, c.Position, c.EntryID, c.Explanation, c.Strengths, c.Weaknesses, c.Currency}
}

func (l *ledgerRow) values() []any {
	return []any{l.Tenant, l.OpportunityID, l.Seq, l.EffectiveFrom, l.EffectiveTo, l.RecordedFrom, l.RecordedTo, l.Status, l.Stage, l.Owner, l.Department, l.CustomerID,
		l.SourceID, l.ProcessID, l.Currency, l.Amount, l.Probability, l.Category, l.ExpectedClose, l.CycleDays, l.Cycle, l.Event, l.Entry, l.ByUser, l.Progress, l.FromStage, l.Summary}
}

func (s *orderRow) values() []any {
	return []any{s.Tenant, s.ID, s.Number, s.OpportunityID, s.CustomerID, s.BillToID, s.EndUserID, s.Department, s.Owner, s.Currency, s.Status, s.Reference, s.Total,
		s.TaxTreatment, s.Gross, s.OverDelivery, s.Delivered, s.Invoiced, s.Received, s.Created, s.Updated, s.Effective, s.Reason, s.LineCount, s.Version, s.JournalSeq, s.JournalHash}
}

func (l *orderLineRow) values() []any {
	return []any{l.Tenant, l.OrderID, l.Number, l.Product, l.Description, l.Quantity, l.Unit, l.Price, l.Discount, l.Tax, l.Amount, l.Currency, l.Due}
}

func (e *journalRow) values() []any {
	return []any{e.Tenant, e.Kind, e.AggregateID, e.Seq, e.ID, e.Version, e.Type, e.Payload, e.Effective, e.Recorded, e.ByUser, e.PrevHash, e.Hash, e.Relayed}
}

// valuesOf joins the values of several rows.
func valuesOf[T any, P interface {
	*T
	values() []any
}](rows []T) []any {
	var out []any
	for i := range rows {
		out = append(out, P(&rows[i]).values()...)
	}
	return out
}
