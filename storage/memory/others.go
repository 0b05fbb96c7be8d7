package memory

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/opportunity/pipeline"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

func conflict(code string) error {
	return fault.New(fault.ErrConflict, code, "was changed by somebody else")
}
func duplicate(code string) error { return fault.New(fault.ErrDuplicate, code, "is taken") }

// contact finds a contact.
func (t *tx) contact(tenant string, id uuid.UUID) *customer.Contact {
	rec := t.s.customers[key{tenant, t.s.contacts[key{tenant, id}]}]
	if rec == nil {
		return nil
	}
	for i := range rec.Contacts {
		if rec.Contacts[i].ID == id {
			return &rec.Contacts[i]
		}
	}
	return nil
}

type customers struct{ t *tx }

func (r customers) Get(ctx context.Context, tenant string, id uuid.UUID, contacts bool) (customer.Record, error) {
	if err := r.t.can(ctx, false); err != nil {
		return customer.Record{}, err
	}
	rec := r.t.s.customers[key{tenant, id}]
	if rec == nil {
		return customer.Record{}, fault.NotFound("customer.not_found")
	}
	out := customer.Record{Customer: rec.Customer.Clone(), Head: rec.Head}
	if contacts {
		for _, c := range rec.Contacts {
			out.Contacts = append(out.Contacts, c.Clone())
		}
	}
	return out, nil
}

func (r customers) ByCode(ctx context.Context, tenant, code string) (customer.Record, error) {
	id, ok := r.t.s.codes[name{tenant, "customer/" + code}]
	if !ok {
		return customer.Record{}, fault.NotFound("customer.not_found")
	}
	return r.Get(ctx, tenant, id, false)
}

func (r customers) Named(ctx context.Context, tenant string, ids []uuid.UUID) ([]customer.Customer, error) {
	if err := r.t.can(ctx, false); err != nil {
		return nil, err
	}
	var out []customer.Customer
	for _, id := range ids {
		if c := r.t.s.customers[key{tenant, id}]; c != nil {
			out = append(out, c.Customer.Clone())
		}
	}
	return out, nil
}

func (r customers) ContactsNamed(ctx context.Context, tenant string, ids []uuid.UUID) ([]customer.Contact, error) {
	if err := r.t.can(ctx, false); err != nil {
		return nil, err
	}
	var out []customer.Contact
	for _, id := range ids {
		if c := r.t.contact(tenant, id); c != nil {
			out = append(out, c.Clone())
		}
	}
	return out, nil
}

func (r customers) List(ctx context.Context, tenant string, q customer.Query) ([]customer.Customer, error) {
	if err := r.t.can(ctx, false); err != nil {
		return nil, err
	}
	compare := func(ak string, a uuid.UUID, bk string, b uuid.UUID) int {
		return cmp.Or(strings.Compare(ak, bk), compareIDs(a, b))
	}
	var out []customer.Customer
	for k, rec := range r.t.s.customers {
		c := &rec.Customer
		nk := customer.KeysOf(*c).Name
		if k.tenant == tenant && q.Scope.Sees(c.Department, c.Owner, false) &&
			(q.Status == "" || q.Status == c.Status) && (q.Kind == "" || q.Kind == c.Kind) && (q.Owner == "" || q.Owner == c.Owner) &&
			(q.Parent == uuid.Nil || q.Parent == c.Parent) && (q.Search == "" || strings.Contains(nk, text.Fold(q.Search))) &&
			(q.AfterID == uuid.Nil || compare(nk, c.ID, q.AfterKey, q.AfterID) > 0) {
			out = append(out, c.Clone())
		}
	}
	slices.SortFunc(out, func(a, b customer.Customer) int {
		return compare(customer.KeysOf(a).Name, a.ID, customer.KeysOf(b).Name, b.ID)
	})
	return out[:min(q.Limit, len(out))], nil
}

func (r customers) Save(ctx context.Context, c customer.Change) error {
	if err := r.t.can(ctx, true); err != nil {
		return err
	}
	t, st := r.t, r.t.s
	k := key{c.Customer.Tenant, c.Customer.ID}
	old := st.customers[k]
	if (c.Expected == 0) != (old == nil) || (old != nil && old.Customer.Version != c.Expected) {
		return t.fail(conflict("customer.changed"))
	}
	if old != nil && old.Customer.Code != "" {
		del(t, st.codes, name{k.tenant, "customer/" + old.Customer.Code})
	}
	rec := customer.Record{Customer: c.Customer.Clone(), Head: c.Head}
	if old != nil {
		rec.Contacts = old.Contacts
	}
	if c.Delete {
		for _, x := range rec.Contacts {
			del(t, st.contacts, key{k.tenant, x.ID})
		}
		del(t, st.customers, k)
		t.log(c.Entries)
		return nil
	}
	if code := c.Customer.Code; code != "" {
		if _, taken := st.codes[name{k.tenant, "customer/" + code}]; taken {
			return t.fail(duplicate("customer.code.taken"))
		}
		set(t, st.codes, name{k.tenant, "customer/" + code}, k.id)
	}
	var changed []customer.Contact
	for _, x := range c.Contacts {
		changed = append(changed, x.Clone())
		set(t, st.contacts, key{k.tenant, x.ID}, k.id)
	}
	for _, id := range c.Removed {
		del(t, st.contacts, key{k.tenant, id})
	}
	rec.Contacts = merge(rec.Contacts, changed, func(x customer.Contact) uuid.UUID { return x.ID }, compareIDs, c.Removed)
	set(t, st.customers, k, &rec)
	t.log(c.Entries)
	return nil
}

func (r customers) Used(ctx context.Context, tenant string, id, contact uuid.UUID) (bool, error) {
	if err := r.t.can(ctx, false); err != nil {
		return false, err
	}
	for k, s := range r.t.s.opportunities {
		if k.tenant != tenant {
			continue
		}
		if contact != uuid.Nil {
			if slices.ContainsFunc(s.Contacts, func(c opportunity.DealContact) bool { return c.Contact == contact }) {
				return true, nil
			}
			continue
		}
		if s.Customer == id || s.BillTo == id || s.EndUser == id || slices.ContainsFunc(s.Contacts, func(c opportunity.DealContact) bool {
			return r.t.s.contacts[key{tenant, c.Contact}] == id
		}) {
			return true, nil
		}
	}
	if contact != uuid.Nil {
		return false, nil
	}
	for k, o := range r.t.s.orders {
		if k.tenant == tenant && (o.Customer == id || o.BillTo == id || o.EndUser == id) {
			return true, nil
		}
	}
	for k, c := range r.t.s.customers {
		if k.tenant == tenant && c.Customer.Parent == id {
			return true, nil
		}
	}
	return false, nil
}

type archives struct{ t *tx }

func (r archives) Get(ctx context.Context, tenant string, id uuid.UUID) (archive.Record, error) {
	if err := r.t.can(ctx, false); err != nil {
		return archive.Record{}, err
	}
	rec := r.t.s.archives[key{tenant, id}]
	if rec == nil {
		return archive.Record{}, fault.NotFound("archive.not_found")
	}
	return archive.Record{Entry: rec.Entry.Clone(), Head: rec.Head}, nil
}

func (r archives) Named(ctx context.Context, tenant string, ids []uuid.UUID) ([]archive.Entry, error) {
	if err := r.t.can(ctx, false); err != nil {
		return nil, err
	}
	var out []archive.Entry
	for _, id := range ids {
		if rec := r.t.s.archives[key{tenant, id}]; rec != nil {
			out = append(out, rec.Entry.Clone())
		}
	}
	return out, nil
}

func (r archives) List(ctx context.Context, tenant string, q archive.Query) ([]archive.Entry, error) {
	if err := r.t.can(ctx, false); err != nil {
		return nil, err
	}
	compare := func(ak archive.Kind, a string, bk archive.Kind, b string) int {
		return cmp.Or(cmp.Compare(ak, bk), strings.Compare(a, b))
	}
	var out []archive.Entry
	for k, rec := range r.t.s.archives {
		e := &rec.Entry
		if k.tenant == tenant && (q.Kind == "" || q.Kind == e.Kind) && (q.Status == "" || q.Status == e.Status) &&
			(q.AfterCode == "" || compare(e.Kind, e.Code, q.AfterKind, q.AfterCode) > 0) {
			out = append(out, e.Clone())
		}
	}
	slices.SortFunc(out, func(a, b archive.Entry) int { return compare(a.Kind, a.Code, b.Kind, b.Code) })
	return out[:min(q.Limit, len(out))], nil
}

func (r archives) Save(ctx context.Context, c archive.Change) error {
	if err := r.t.can(ctx, true); err != nil {
		return err
	}
	t, st := r.t, r.t.s
	k := key{c.Entry.Tenant, c.Entry.ID}
	code := name{k.tenant, "archive/" + string(c.Entry.Kind) + "/" + c.Entry.Code}
	old := st.archives[k]
	if (c.Expected == 0) != (old == nil) || (old != nil && old.Entry.Version != c.Expected) {
		return t.fail(conflict("archive.changed"))
	}
	switch {
	case c.Delete:
		del(t, st.codes, code)
		del(t, st.archives, k)
	default:
		if id, taken := st.codes[code]; taken && id != k.id {
			return t.fail(duplicate("archive.code.taken"))
		}
		set(t, st.codes, code, k.id)
		set(t, st.archives, k, &archive.Record{Entry: c.Entry.Clone(), Head: c.Head})
	}
	t.log(c.Entries)
	return nil
}

func (r archives) Used(ctx context.Context, tenant string, id uuid.UUID) (bool, error) {
	if err := r.t.can(ctx, false); err != nil {
		return false, err
	}
	in := func(o *opportunity.Outcome) bool {
		return o != nil && (o.Competitor == id || slices.ContainsFunc(o.Reasons, func(c opportunity.Choice) bool { return c.Reason == id }))
	}
	for k, s := range r.t.s.opportunities {
		if k.tenant != tenant {
			continue
		}
		if s.Source == id || in(s.Outcome) ||
			slices.ContainsFunc(s.Competitors, func(c opportunity.DealCompetitor) bool { return c.Competitor == id }) ||
			slices.ContainsFunc(s.Cycles, func(c opportunity.Cycle) bool { return in(&c.Outcome) }) {
			return true, nil
		}
	}
	return false, nil
}

type processes struct{ t *tx }

func (r processes) Get(ctx context.Context, tenant string, id uuid.UUID) (stage.Record, error) {
	if err := r.t.can(ctx, false); err != nil {
		return stage.Record{}, err
	}
	p := r.t.s.processes[key{tenant, id}]
	if p == nil {
		return stage.Record{}, fault.NotFound("process.not_found")
	}
	return *p, nil
}

func (r processes) ByCode(ctx context.Context, tenant, code string) (stage.Record, error) {
	id, ok := r.t.s.codes[name{tenant, "process/" + code}]
	if !ok {
		return stage.Record{}, fault.NotFound("process.not_found")
	}
	return r.Get(ctx, tenant, id)
}

func (r processes) List(ctx context.Context, tenant string) ([]stage.Record, error) {
	if err := r.t.can(ctx, false); err != nil {
		return nil, err
	}
	var out []stage.Record
	for k, p := range r.t.s.processes {
		if k.tenant == tenant {
			out = append(out, *p)
		}
	}
	slices.SortFunc(out, func(a, b stage.Record) int { return strings.Compare(a.Code, b.Code) })
	return out, nil
}

func (r processes) Version(ctx context.Context, tenant string, version uuid.UUID) (stage.Process, error) {
	if err := r.t.can(ctx, false); err != nil {
		return stage.Process{}, err
	}
	p := r.t.s.versions[key{tenant, version}]
	if p == nil {
		return stage.Process{}, fault.NotFound("process.not_found")
	}
	return p.Clone(), nil
}

func (r processes) Versions(ctx context.Context, tenant string, process uuid.UUID) ([]stage.Process, error) {
	if err := r.t.can(ctx, false); err != nil {
		return nil, err
	}
	var out []stage.Process
	for k, p := range r.t.s.versions {
		if k.tenant == tenant && p.ID == process {
			out = append(out, p.Clone())
		}
	}
	slices.SortFunc(out, func(a, b stage.Process) int { return a.Version - b.Version })
	return out, nil
}

func (r processes) Save(ctx context.Context, c stage.Change) error {
	if err := r.t.can(ctx, true); err != nil {
		return err
	}
	t, st := r.t, r.t.s
	k := key{c.Record.Tenant, c.Record.ID}
	code := name{k.tenant, "process/" + c.Record.Code}
	old := st.processes[k]
	if (c.Expected == 0) != (old == nil) || (old != nil && old.Version != c.Expected) {
		return t.fail(conflict("process.changed"))
	}
	t.log(c.Entries)
	if c.Delete {
		del(t, st.codes, code)
		del(t, st.processes, k)
		for vk, p := range st.versions {
			if vk.tenant == k.tenant && p.ID == k.id {
				del(t, st.versions, vk)
			}
		}
		return nil
	}
	if id, taken := st.codes[code]; taken && id != k.id {
		return t.fail(duplicate("process.code.taken"))
	}
	if c.Record.Default {
		for ok, p := range st.processes {
			if ok.tenant == k.tenant && ok != k && p.Default {
				other := *p
				other.Default = false
				set(t, st.processes, ok, &other)
			}
		}
	}
	rec := c.Record
	set(t, st.codes, code, k.id)
	set(t, st.processes, k, &rec)
	if c.Publish != nil {
		p := c.Publish.Clone()
		set(t, st.versions, key{k.tenant, p.VersionID}, &p)
	}
	return nil
}

func (r processes) InUse(ctx context.Context, tenant string, version uuid.UUID) (map[string]int64, error) {
	if err := r.t.can(ctx, false); err != nil {
		return nil, err
	}
	out := map[string]int64{}
	for k, s := range r.t.s.opportunities {
		if k.tenant == tenant && s.ProcessVersion == version && s.Status != opportunity.Closed && s.Status != opportunity.Void {
			out[s.Stage]++
		}
	}
	return out, nil
}

func (r processes) Used(ctx context.Context, tenant string, process uuid.UUID) (bool, error) {
	if err := r.t.can(ctx, false); err != nil {
		return false, err
	}
	for k, s := range r.t.s.opportunities {
		if k.tenant == tenant && s.Process == process {
			return true, nil
		}
	}
	return false, nil
}

type orders struct{ t *tx }

func (r orders) Get(ctx context.Context, tenant string, id uuid.UUID, events bool, viewer string) (order.Snapshot, access.Relation, error) {
	if err := r.t.can(ctx, false); err != nil {
		return order.Snapshot{}, "", err
	}
	o := r.t.s.orders[key{tenant, id}]
	if o == nil {
		return order.Snapshot{}, "", fault.NotFound("order.not_found")
	}
	out := *o
	out.EventsLoaded = events
	if !events {
		out.Events = nil
	}
	rel := access.Stranger
	if s := r.t.s.opportunities[key{tenant, o.Opportunity}]; s != nil {
		for _, m := range s.Members {
			if m.User == viewer && viewer != "" {
				rel = access.Relation(m.Access)
				if m.Role == opportunity.RoleOwner {
					rel = access.Owner
				}
			}
		}
	}
	return copyOf(out), rel, nil
}

func (r orders) List(ctx context.Context, tenant string, q order.Query) ([]order.Root, error) {
	if err := r.t.can(ctx, false); err != nil {
		return nil, err
	}
	var out []order.Root
	for k, o := range r.t.s.orders {
		s := r.t.s.opportunities[key{tenant, o.Opportunity}]
		if k.tenant != tenant || s == nil {
			continue
		}
		member := slices.ContainsFunc(s.Members, func(m opportunity.Member) bool { return m.User == q.Scope.User })
		if q.Scope.Sees(s.Department, s.Owner, member) && (len(q.Statuses) == 0 || slices.Contains(q.Statuses, o.Status)) &&
			(q.Opportunity == uuid.Nil || q.Opportunity == o.Opportunity) && (q.Customer == uuid.Nil || q.Customer == o.Customer) &&
			(q.AfterNumber == "" || o.Number > q.AfterNumber) {
			out = append(out, o.Root)
		}
	}
	slices.SortFunc(out, func(a, b order.Root) int { return strings.Compare(a.Number, b.Number) })
	return out[:min(q.Limit, len(out))], nil
}

func (r orders) Save(ctx context.Context, c order.Change) error {
	if err := r.t.can(ctx, true); err != nil {
		return err
	}
	t, st := r.t, r.t.s
	k := key{c.Root.Tenant, c.Root.ID}
	old := st.orders[k]
	if (c.Expected == 0) != (old == nil) || (old != nil && old.Version != c.Expected) {
		return t.fail(conflict("order.changed"))
	}
	var s order.Snapshot
	if old != nil {
		s = *old
	} else {
		n := name{k.tenant, "order/" + c.Root.Number}
		if _, taken := st.numbers[n]; taken {
			return t.fail(duplicate("order.number.taken"))
		}
		set(t, st.numbers, n, k.id)
	}
	s.Root = c.Root
	s.Items = merge(s.Items, c.Lines, func(l order.Line) int { return l.Number }, cmp.Compare[int], c.RemovedLines)
	for _, e := range c.Events {
		if slices.ContainsFunc(s.Events, func(x order.ExecutionEvent) bool { return x.External == e.External && x.Line == e.Line }) {
			return t.fail(duplicate("order.event.exists"))
		}
	}
	s.Events = append(slices.Clone(s.Events), c.Events...)
	slices.SortFunc(s.Events, func(a, b order.ExecutionEvent) int {
		return cmp.Or(a.Recorded.Compare(b.Recorded), strings.Compare(a.External, b.External), cmp.Compare(a.Line, b.Line))
	})
	s = copyOf(s)
	set(t, st.orders, k, &s)
	t.log(c.Entries)
	return nil
}

func (r orders) Settings(ctx context.Context, tenant string) (order.Settings, error) {
	if err := r.t.can(ctx, false); err != nil {
		return order.Settings{}, err
	}
	if s := r.t.s.settings[tenant]; s != nil {
		return *s, nil
	}
	return order.Settings{Tenant: tenant}, nil
}

func (r orders) SaveSettings(ctx context.Context, c order.SettingsChange) error {
	if err := r.t.can(ctx, true); err != nil {
		return err
	}
	var version int64
	if old := r.t.s.settings[c.Settings.Tenant]; old != nil {
		version = old.Version
	}
	if version != c.Expected {
		return r.t.fail(conflict("sales_system.changed"))
	}
	s := c.Settings
	set(r.t, r.t.s.settings, s.Tenant, &s)
	r.t.log(c.Entries)
	return nil
}

type journals struct{ t *tx }

func (r journals) Entries(ctx context.Context, tenant string, kind journal.Kind, id uuid.UUID, after int64, limit int) ([]journal.Entry, error) {
	if err := r.t.can(ctx, false); err != nil {
		return nil, err
	}
	var out []journal.Entry
	for _, e := range r.t.s.journal[chain{tenant, kind, id}] {
		if e.Seq > after && len(out) < limit {
			e.Payload = bytes.Clone(e.Payload)
			out = append(out, e)
		}
	}
	return out, nil
}

func (r journals) Unrelayed(ctx context.Context, tenant string, limit int) ([]journal.Entry, error) {
	if err := r.t.can(ctx, false); err != nil {
		return nil, err
	}
	var out []journal.Entry
	for c, list := range r.t.s.journal {
		for _, e := range list {
			if c.tenant == tenant && !r.t.s.relayed[key{tenant, e.ID}] {
				e.Payload = bytes.Clone(e.Payload)
				out = append(out, e)
			}
		}
	}
	slices.SortFunc(out, func(a, b journal.Entry) int { return compareIDs(a.ID, b.ID) })
	return out[:min(limit, len(out))], nil
}

func (r journals) MarkRelayed(ctx context.Context, tenant string, ids []uuid.UUID) error {
	if err := r.t.can(ctx, true); err != nil {
		return err
	}
	for _, id := range ids {
		set(r.t, r.t.s.relayed, key{tenant, id}, true)
	}
	return nil
}

type requests struct{ t *tx }

func (r requests) Find(ctx context.Context, tenant, text string) (storage.Request, error) {
	if err := r.t.can(ctx, false); err != nil {
		return storage.Request{}, err
	}
	q, ok := r.t.s.requests[name{tenant, text}]
	if !ok {
		return storage.Request{}, fault.NotFound("request.not_found")
	}
	q.Result = bytes.Clone(q.Result)
	return q, nil
}

func (r requests) Claim(ctx context.Context, q storage.Request) (bool, error) {
	if err := r.t.can(ctx, true); err != nil {
		return false, err
	}
	k := name{q.Tenant, q.Key}
	if _, taken := r.t.s.requests[k]; taken {
		return false, nil
	}
	q.Result = bytes.Clone(q.Result)
	set(r.t, r.t.s.requests, k, q)
	return true, nil
}

type series struct{ t *tx }

func (r series) Take(ctx context.Context, tenant, text string, n int64) (int64, error) {
	if err := r.t.can(ctx, true); err != nil {
		return 0, err
	}
	k := name{tenant, text}
	first := r.t.s.series[k] + 1
	set(r.t, r.t.s.series, k, first+n-1)
	return first, nil
}

type sums struct{ t *tx }

// view is what a sum looks at: a current row or one of the ledger.
type view struct {
	row opportunity.LedgerRow
	s   *opportunity.Snapshot
}

func (r sums) views(tenant string, q pipeline.Query) []view {
	var out []view
	if q.AsOf == nil {
		for k, s := range r.t.s.opportunities {
			if k.tenant == tenant && selects(s, q.Scope, &q.Filter) {
				out = append(out, view{opportunity.LedgerRow{Status: s.Status, Stage: s.Stage, Owner: s.Owner, Department: s.Department,
					Customer: s.Customer, Source: s.Source, Process: s.Process, Amount: s.Amount(), Probability: s.Probability,
					Category: s.Category, CycleDays: s.CycleDays}, s})
			}
		}
		return out
	}
	for k, rows := range r.t.s.ledger {
		if k.tenant != tenant {
			continue
		}
		s := r.t.s.opportunities[k]
		for _, x := range rows {
			if x.EffectiveFrom.After(q.AsOf.Effective) || x.RecordedFrom.After(q.AsOf.Known) {
				continue
			}
			if !x.EffectiveTo.IsZero() && !x.EffectiveTo.After(q.AsOf.Effective) && !x.RecordedTo.After(q.AsOf.Known) {
				continue
			}
			member := s != nil && slices.ContainsFunc(s.Members, func(m opportunity.Member) bool { return m.User == q.Scope.User })
			f := &q.Filter
			if q.Scope.Sees(x.Department, x.Owner, member) && common(x.Status, x.Process, x.Stage, x.Owner, x.Department, x.Customer, x.Source, f) &&
				(f.Currency == "" || f.Currency == x.Amount.Currency()) && within(x.Amount.Minor(), f) &&
				(f.ExpectedFrom.IsZero() || (!x.ExpectedClose.IsZero() && !x.ExpectedClose.Before(f.ExpectedFrom))) &&
				(f.ExpectedTo.IsZero() || (!x.ExpectedClose.IsZero() && !x.ExpectedClose.After(f.ExpectedTo))) {
				out = append(out, view{x, s})
			}
		}
	}
	return out
}

func idText(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}

// parts gives the groups that a deal counts under, with its amount in each.
func (r sums) parts(tenant string, by pipeline.Dimension, v view) map[string]int64 {
	x, group := v.row, ""
	switch by {
	case pipeline.ByStage:
		group = x.Stage
	case pipeline.ByOwner:
		group = x.Owner
	case pipeline.ByDepartment:
		group = x.Department
	case pipeline.ByCustomer:
		group = idText(x.Customer)
	case pipeline.BySource:
		group = idText(x.Source)
	case pipeline.ByProcess:
		group = idText(x.Process)
	case pipeline.ByCategory:
		group = string(x.Category)
	case pipeline.BySector:
		if c := r.t.s.customers[key{tenant, x.Customer}]; c != nil {
			group = c.Customer.Sector
		}
	case pipeline.ByProduct:
		out := map[string]int64{}
		for _, l := range v.s.Lines {
			out[l.Product] += l.Amount.Minor()
		}
		if len(out) == 0 {
			out[""] = x.Amount.Minor()
		}
		return out
	}
	return map[string]int64{group: x.Amount.Minor()}
}

func (r sums) Sums(ctx context.Context, tenant string, q pipeline.Query) ([]pipeline.Bucket, error) {
	if err := r.t.can(ctx, false); err != nil {
		return nil, err
	}
	found := map[pipeline.Bucket]*pipeline.Bucket{}
	for _, v := range r.views(tenant, q) {
		for group, minor := range r.parts(tenant, q.By, v) {
			k := pipeline.Bucket{Key: group, Status: v.row.Status, Currency: v.row.Amount.Currency(), Probability: v.row.Probability, Category: string(v.row.Category)}
			b := found[k]
			if b == nil {
				c := k
				b = &c
				found[k] = b
			}
			sum := b.Amount + minor
			if (sum > b.Amount) != (minor > 0) && minor != 0 {
				return nil, fault.New(fault.ErrLimit, "pipeline.overflow", "a sum is too large")
			}
			b.Amount = sum
			b.Count++
		}
	}
	var out []pipeline.Bucket
	for _, b := range found {
		out = append(out, *b)
	}
	slices.SortFunc(out, func(a, b pipeline.Bucket) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), cmp.Compare(a.Status, b.Status), cmp.Compare(a.Currency, b.Currency), cmp.Compare(a.Probability, b.Probability), strings.Compare(a.Category, b.Category))
	})
	return out, nil
}

func (r sums) CycleDays(ctx context.Context, tenant string, q pipeline.Query) ([]pipeline.Days, error) {
	if err := r.t.can(ctx, false); err != nil {
		return nil, err
	}
	found := map[pipeline.Days]int64{}
	for _, v := range r.views(tenant, q) {
		if v.row.CycleDays == nil || !v.row.Status.IsDecided() {
			continue
		}
		for group := range r.parts(tenant, q.By, v) {
			found[pipeline.Days{Key: group, Status: v.row.Status, Days: *v.row.CycleDays}]++
		}
	}
	var out []pipeline.Days
	for d, n := range found {
		d.Count = n
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b pipeline.Days) int {
		return cmp.Or(strings.Compare(a.Key, b.Key), cmp.Compare(a.Status, b.Status), cmp.Compare(a.Days, b.Days))
	})
	return out, nil
}
