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

// RecordInput is the input for a new opportunity (S1). Zero fields take the
// default named in their comment.
type RecordInput struct {
	// Number is for imports, and unique within the tenant. If it is empty, the
	// next number of the series is used.
	Number      string    `json:"number,omitempty"`
	Name        string    `json:"name"`
	Description string    `json:"description,omitempty"`
	Customer    uuid.UUID `json:"customer"`
	BillTo      uuid.UUID `json:"bill_to,omitzero"`
	EndUser     uuid.UUID `json:"end_user,omitzero"`
	// Source may be identified by its code.
	Source     uuid.UUID `json:"source,omitzero"`
	SourceCode string    `json:"source_code,omitempty"`
	Department string    `json:"department,omitempty" host:"department"`
	Owner      string    `json:"owner" host:"user"`
	// Process is Nil for the tenant's default.
	Process uuid.UUID `json:"process,omitzero"`
	// Stage is the first stage by default, or another in which opportunities may
	// start.
	Stage    string         `json:"stage,omitempty"`
	Currency money.Currency `json:"currency"`
	// Estimated is zero if unknown.
	Estimated     money.Money       `json:"estimated,omitzero"`
	Override      *money.Money      `json:"override,omitempty"`
	Probability   *int              `json:"probability,omitempty"`
	Category      stage.Category    `json:"category,omitempty"`
	ExpectedClose calendar.Date     `json:"expected_close,omitzero"`
	Rating        int               `json:"rating,omitempty"`
	Attributes    map[string]string `json:"attributes,omitempty"`
	// Members excludes the owner.
	Members     []MemberInput     `json:"members,omitempty"`
	Lines       []LineInput       `json:"lines,omitempty"`
	Contacts    []ContactInput    `json:"contacts,omitempty"`
	Competitors []CompetitorInput `json:"competitors,omitempty"`
}

// New records an opportunity (S1; O01). found holds the records it refers to.
// Errors: ErrInvalid with all fields at fault; ErrNotAllowed for a retired
// process (P06), an inactive customer (C04) and unmet entry gates (P08).
func New(id uuid.UUID, tenant, number string, in RecordInput, found Found, rules Rules, at journal.Moment) (*Opportunity, error) {
	if at.Effective.After(at.Recorded) {
		return nil, fault.Invalid("opportunity.moment.future", fault.Field{Path: "/at", Code: "future", Message: "must not be in the future"})
	}
	o := &Opportunity{rules: rules, pending: events.Pending(0)}
	for _, e := range found.Archive {
		o.known = append(o.known, Named{Entry: e})
	}
	var f, refused fault.Fields
	ev := &RecordedPayload{Root: Root{ID: id, Tenant: tenant, Number: number, Status: Open, Cycle: 1}}
	if id == uuid.Nil {
		f.Add("/id", "required", "is required")
	}
	text.AnyKey(&f, "/tenant", tenant, 1, text.MaxKey)
	text.Key(&f, "/number", number, 1, text.MaxCode)
	o.details(&f, &refused, &ev.Root, &in, found)
	o.place(&f, &refused, &ev.Root, &in, found.Process)
	in.amounts(&f, &ev.Root)
	in.team(&f, ev, at)
	ev.Lines, ev.Root.LineTotal = makeLines(&f, in.Lines, 0, money.Zero(in.Currency))
	in.contacts(&f, ev, found, at)
	o.rivals(&f, ev, &in, at)
	if err := f.Invalid("opportunity.invalid"); err != nil {
		return nil, err
	}
	if err := refused.NotAllowed("opportunity.record.refused", "the opportunity can't be recorded"); err != nil {
		return nil, err
	}
	trial := *o
	ev.apply(&trial.s, at)
	if _, err := trial.pass("", ev.Root.Stage, stage.NoEnd, "", at); err != nil {
		return nil, err
	}
	o.do(ev, at)
	o.dirty.Members, o.dirty.Lines = ev.Members, ev.Lines
	o.dirty.AddedContacts, o.dirty.AddedCompetitors = ev.Contacts, ev.Competitors
	return o, nil
}

// details copies the description and the parties (O01, O15, O18).
func (o *Opportunity) details(f, refused *fault.Fields, r *Root, in *RecordInput, found Found) {
	r.Name, r.Description, r.Department, r.Owner = in.Name, in.Description, in.Department, in.Owner
	r.Rating, r.Attributes, r.ExpectedClose = in.Rating, cloneMap(in.Attributes), in.ExpectedClose
	text.Line(f, "/name", &r.Name, 1, text.MaxName)
	text.Block(f, "/description", &r.Description, 0, text.MaxDescription)
	text.Key(f, "/department", r.Department, 0, text.MaxKey)
	text.Key(f, "/owner", r.Owner, 1, text.MaxKey)
	text.Attributes(f, "/attributes", r.Attributes)
	checkRating(f, r.Rating)
	r.Customer, r.BillTo, r.EndUser = in.Customer, in.BillTo, in.EndUser
	r.sameCustomers()
	if r.Customer == uuid.Nil {
		f.Add("/customer", "required", "is required")
	}
	checkCustomer(f, refused, "/customer", r.Customer, found.Customers)
	checkCustomer(f, refused, "/bill_to", r.BillTo, found.Customers)
	checkCustomer(f, refused, "/end_user", r.EndUser, found.Customers)
	r.Source = in.Source
	if r.Source != uuid.Nil {
		o.usable(f, "/source", r.Source, archive.Source)
	}
}

// place puts the opportunity into a stage in which opportunities may start.
func (o *Opportunity) place(f, refused *fault.Fields, r *Root, in *RecordInput, process *stage.Record) {
	if process == nil || o.rules.Version == nil {
		f.Add("/process", "not_found", "there is no such process, or no default one")
	} else {
		if process.State != stage.ActiveProcess {
			refused.Add("/process", "retired", "the process takes no new opportunities")
		}
		r.Process, r.ProcessVersion, r.Stage = process.ID, process.Current, in.Stage
		if r.Stage == "" {
			r.Stage = o.rules.Version.First().ID
		}
		st, ok := o.rules.Version.Stage(r.Stage)
		if !ok || !slices.Contains(o.rules.Version.Starts(), r.Stage) {
			f.Add("/stage", "not_a_start", "isn't a stage where an opportunity may start")
		}
		r.Probability, r.Category = st.Probability, st.Category
	}
	byHand(f, r, in.Probability, in.Category)
}

// amounts sets the four amounts, all in the opportunity's currency (O16, O17).
func (in *RecordInput) amounts(f *fault.Fields, r *Root) {
	c := in.Currency
	checkCurrency(f, c)
	r.Currency, r.Estimated, r.LineTotal, r.Quoted, r.Ordered = c, in.Estimated, money.Zero(c), money.Zero(c), money.Zero(c)
	if in.Estimated == (money.Money{}) {
		r.Estimated = money.Zero(c)
	}
	checkAmount(f, "/estimated", r.Estimated, c)
	if in.Override != nil {
		v := *in.Override
		checkAmount(f, "/override", v, c)
		r.Override = &v
	}
}

// team adds the owner and the other members (T01, T02, T05).
func (in *RecordInput) team(f *fault.Fields, ev *RecordedPayload, at journal.Moment) {
	ev.Members = []Member{{User: in.Owner, Role: RoleOwner, Access: Write, Joined: at.Effective}}
	if len(in.Members)+1 > MaxMembers {
		f.Add("/members", "too_many", "has too many members")
		return
	}
	for i, m := range in.Members {
		path := fault.Index("/members", i)
		m.check(f, path)
		checkShares(f, path+"/split", m.Split, path+"/overlay", m.Overlay)
		if slices.ContainsFunc(ev.Members, func(x Member) bool { return x.User == m.User }) {
			f.Add(path+"/user", "duplicate", "is in the team already")
			continue
		}
		ev.Members = put(ev.Members, m.member(at), compareMembers)
	}
	checkTotal(f, "/members", ev.Members)
}

// contacts adds the contacts (R04).
func (in *RecordInput) contacts(f *fault.Fields, ev *RecordedPayload, found Found, at journal.Moment) {
	if len(in.Contacts) > MaxContacts {
		f.Add("/contacts", "too_many", "has too many contacts")
		return
	}
	for i, c := range in.Contacts {
		path := fault.Index("/contacts", i)
		dc := c.contact(f, path, &ev.Root, found.Contacts, at)
		if slices.ContainsFunc(ev.Contacts, func(x DealContact) bool { return x.ContactKey == dc.ContactKey }) {
			f.Add(path, "duplicate", "is there once per role")
			continue
		}
		ev.Contacts = put(ev.Contacts, dc, compareContacts)
		if c.Primary && ev.Root.PrimaryContact != nil {
			f.Add(path+"/primary", "duplicate", "at most one contact is primary")
		} else if c.Primary {
			key := dc.ContactKey
			ev.Root.PrimaryContact = &key
		}
	}
}

// rivals adds the competitors (R05).
func (o *Opportunity) rivals(f *fault.Fields, ev *RecordedPayload, in *RecordInput, at journal.Moment) {
	if len(in.Competitors) > MaxCompetitors {
		f.Add("/competitors", "too_many", "has too many competitors")
		return
	}
	for i, c := range in.Competitors {
		path := fault.Index("/competitors", i)
		n := o.usable(f, path+"/competitor", c.Competitor, archive.Competitor)
		dc := c.competitor(f, path, in.Currency, at)
		if slices.ContainsFunc(ev.Competitors, func(x DealCompetitor) bool { return x.Competitor == dc.Competitor }) {
			f.Add(path, "duplicate", "is on the opportunity already")
			continue
		}
		ev.Competitors = put(ev.Competitors, dc, compareCompetitors)
		if n != nil {
			n.OnDeal = true
		}
	}
}
