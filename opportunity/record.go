package opportunity

import (
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/stage"
)

// RecordInput is what a new opportunity is made of (S1). Zero fields take the default
// that their comment names.
type RecordInput struct {
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	Customer    uuid.UUID `json:"customer"`
	BillTo      uuid.UUID `json:"bill_to,omitzero"`
	EndUser     uuid.UUID `json:"end_user,omitzero"`
	Source      uuid.UUID `json:"source,omitzero"`
	Department  string    `json:"department,omitempty"`
	Owner       string    `json:"owner"`
	// Process is Nil for the tenant's default.
	Process uuid.UUID `json:"process,omitzero"`
	// Stage is the first one, or another one where opportunities may start.
	Stage    string         `json:"stage,omitempty"`
	Currency money.Currency `json:"currency"`
	// Estimated is zero if nothing is known.
	Estimated     money.Money       `json:"estimated,omitzero"`
	Override      *money.Money      `json:"override,omitempty"`
	Probability   *int              `json:"probability,omitempty"`
	Category      stage.Category    `json:"category,omitempty"`
	ExpectedClose calendar.Date     `json:"expected_close,omitzero"`
	Rating        int               `json:"rating,omitempty"`
	Attributes    map[string]string `json:"attributes,omitempty"`
	// Members are those beside the owner.
	Members     []MemberInput     `json:"members,omitempty"`
	Lines       []LineInput       `json:"lines,omitempty"`
	Contacts    []ContactInput    `json:"contacts,omitempty"`
	Competitors []CompetitorInput `json:"competitors,omitempty"`
}

// New records an opportunity (S1; O01). found is what its references were
// found to be. Errors: ErrInvalid with all fields at fault; ErrNotAllowed for a
// retired process (P06), an inactive customer (C04) and unmet entry gates (P08).
func New(id uuid.UUID, tenant, number string, in RecordInput, found Found, rules Rules, at journal.Moment) (*Opportunity, error) {
	o := &Opportunity{rules: rules, fresh: true}
	for _, e := range found.Archive {
		o.known = append(o.known, Named{Entry: e})
	}
	if at.Effective.After(at.Recorded) {
		return nil, fault.Invalid("opportunity.moment.future", fault.Field{Path: "/at", Code: "future", Message: "must not be in the future"})
	}
	var f, refused fault.Fields
	r := Root{
		ID: id, Tenant: tenant, Number: number, Name: in.Name, Description: in.Description, Customer: in.Customer,
		BillTo: in.BillTo, EndUser: in.EndUser, Source: in.Source, Department: in.Department, Owner: in.Owner,
		Status: Open, Cycle: 1, Currency: in.Currency, ExpectedClose: in.ExpectedClose, Rating: in.Rating,
		Attributes: cloneMap(in.Attributes),
	}
	checkDetails(&f, &r)
	text.Key(&f, "/number", number, 1, text.MaxCode)
	text.Key(&f, "/owner", in.Owner, 1, text.MaxKey)
	if in.Customer == uuid.Nil {
		f.Add("/customer", "required", "is required")
	}
	checkCustomers(&f, &refused, &r, found.Customers)
	if in.Source != uuid.Nil {
		o.usable(&f, "/source", in.Source, archive.Source)
	}
	if !in.Currency.Valid() {
		f.Add("/currency", "unknown", "must be an active ISO 4217 currency")
		return nil, f.Invalid("opportunity.invalid")
	}
	r.Estimated, r.LineTotal, r.Quoted, r.Ordered = in.Estimated, money.Zero(in.Currency), money.Zero(in.Currency), money.Zero(in.Currency)
	if in.Estimated == (money.Money{}) {
		r.Estimated = money.Zero(in.Currency)
	}
	checkAmount(&f, "/estimated", r.Estimated, in.Currency)
	if in.Override != nil {
		v := *in.Override
		checkAmount(&f, "/override", v, in.Currency)
		r.Override = &v
	}
	if found.Process == nil || rules.Version == nil {
		f.Add("/process", "not_found", "there is no such process, or no default one")
		return nil, f.Invalid("opportunity.invalid")
	}
	if found.Process.State != stage.ActiveProcess {
		refused.Add("/process", "retired", "the process takes no new opportunities")
	}
	r.Process, r.ProcessVersion = found.Process.ID, found.Process.Current
	r.Stage = in.Stage
	if r.Stage == "" {
		r.Stage = rules.Version.First().ID
	}
	st, ok := rules.Version.Stage(r.Stage)
	if !ok || !slices.Contains(rules.Version.Starts(), r.Stage) {
		f.Add("/stage", "not_a_start", "isn't a stage where an opportunity may start")
	}
	r.Probability, r.Category = st.Probability, st.Category
	byHand(&f, &r, in.Probability, in.Category)

	ev := &recorded{Members: []Member{{User: in.Owner, Role: RoleOwner, Access: Write, Joined: at.Effective}}}
	for i, m := range in.Members {
		m.check(&f, fault.Index("/members", i))
		if slices.ContainsFunc(ev.Members, func(x Member) bool { return x.User == m.User }) {
			f.Add(fault.Index("/members", i)+"/user", "duplicate", "is in the team already")
			continue
		}
		ev.Members = put(ev.Members, m.member(at), compareMembers)
	}
	if len(ev.Members) > MaxMembers {
		f.Add("/members", "too_many", "has too many members")
	}
	checkSplits(&f, "/members", ev.Members)
	ev.Lines, r.LineTotal = makeLines(&f, in.Lines, 0, in.Currency)
	if len(in.Lines) > MaxLines {
		f.Add("/lines", "too_many", "has too many lines")
	}
	for i, c := range in.Contacts {
		path := fault.Index("/contacts", i)
		dc := c.contact(&f, path, &r, found.Contacts, at)
		if slices.ContainsFunc(ev.Contacts, func(x DealContact) bool { return x.ContactKey == dc.ContactKey }) {
			f.Add(path, "duplicate", "is there once per role")
			continue
		}
		ev.Contacts = put(ev.Contacts, dc, compareContacts)
		if c.Primary && r.PrimaryContact != nil {
			f.Add(path+"/primary", "duplicate", "at most one contact is primary")
		} else if c.Primary {
			key := dc.ContactKey
			r.PrimaryContact = &key
		}
	}
	if len(in.Contacts) > MaxContacts {
		f.Add("/contacts", "too_many", "has too many contacts")
	}
	for i, c := range in.Competitors {
		path := fault.Index("/competitors", i)
		o.usable(&f, path+"/competitor", c.Competitor, archive.Competitor)
		dc := c.competitor(&f, path, in.Currency, at)
		if slices.ContainsFunc(ev.Competitors, func(x DealCompetitor) bool { return x.Competitor == dc.Competitor }) {
			f.Add(path, "duplicate", "is on the opportunity already")
			continue
		}
		ev.Competitors = put(ev.Competitors, dc, compareCompetitors)
	}
	if len(in.Competitors) > MaxCompetitors {
		f.Add("/competitors", "too_many", "has too many competitors")
	}
	if err := f.Invalid("opportunity.invalid"); err != nil {
		return nil, err
	}
	if err := refused.NotAllowed("opportunity.record.refused", "the opportunity can't be recorded"); err != nil {
		return nil, err
	}
	ev.Root = r
	trial := *o
	ev.apply(&trial.s, at)
	if unmet, err := trial.unmet("", r.Stage, stage.NoEnd, at); err != nil {
		return nil, err
	} else if len(unmet) > 0 {
		return nil, fault.NotAllowed("opportunity.gates", "conditions of the stage aren't met", unmet...)
	}
	o.do(ev, at)
	o.dirty.Members, o.dirty.Lines = ev.Members, ev.Lines
	o.dirty.AddedContacts, o.dirty.AddedCompetitors = ev.Contacts, ev.Competitors
	return o, nil
}

