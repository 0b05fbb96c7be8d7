package opportunity

import (
	"slices"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
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

// checkDetails cleans and checks the descriptive fields.
func checkDetails(f *fault.Fields, r *Root) {
	text.Line(f, "/name", &r.Name, 1, text.MaxName)
	text.Block(f, "/description", &r.Description, 0, text.MaxDescription)
	text.Key(f, "/department", r.Department, 0, text.MaxKey)
	text.Attributes(f, "/attributes", r.Attributes)
	if r.Rating < 0 || r.Rating > 5 {
		f.Add("/rating", "out_of_range", "must be 0 to 5")
	}
	if r.BillTo == r.Customer {
		r.BillTo = uuid.Nil
	}
	if r.EndUser == r.Customer {
		r.EndUser = uuid.Nil
	}
}

// checkCustomers wants the customers to exist (O01, O18), and the buying one to
// take new opportunities (C04).
func checkCustomers(f, refused *fault.Fields, r *Root, found []customer.Customer) {
	look := func(path string, id uuid.UUID) {
		if id == uuid.Nil {
			return
		}
		i := slices.IndexFunc(found, func(c customer.Customer) bool { return c.ID == id })
		switch {
		case i < 0:
			f.Add(path, "not_found", "isn't a customer")
		case found[i].Status == customer.Inactive && refused != nil:
			refused.Add(path, "inactive", "takes no new opportunity")
		}
	}
	look("/customer", r.Customer)
	look("/bill_to", r.BillTo)
	look("/end_user", r.EndUser)
}

func checkAmount(f *fault.Fields, path string, m money.Money, c money.Currency) {
	switch {
	case m.Currency() != c:
		f.Add(path+"/currency", "mismatch", "must be in the opportunity's currency")
	case m.Sign() < 0:
		f.Add(path+"/amount", "negative", "must not be negative")
	}
}

// byHand sets a probability or category given by hand (O05).
func byHand(f *fault.Fields, r *Root, probability *int, category stage.Category) {
	if probability != nil {
		if *probability < 0 || *probability > stage.MaxProbability {
			f.Add("/probability", "out_of_range", "must be 0 to 9900 basis points while open")
		}
		r.Probability, r.ProbabilityByHand = *probability, true
	}
	if category != "" {
		if !category.Open() && category != stage.Omitted {
			f.Add("/category", "not_open", "must be a category of an open deal")
		}
		r.Category, r.CategoryByHand = category, true
	}
}

// Update changes details; nil fields stay as they are.
type Update struct {
	Name        *string    `json:"name,omitempty"`
	Description *string    `json:"description,omitempty"`
	Customer    *uuid.UUID `json:"customer,omitempty"`
	// BillTo, EndUser and Source are taken away by uuid.Nil.
	BillTo     *uuid.UUID `json:"bill_to,omitempty"`
	EndUser    *uuid.UUID `json:"end_user,omitempty"`
	Source     *uuid.UUID `json:"source,omitempty"`
	Department *string    `json:"department,omitempty"`
	// Currency may change only while there are no lines and quotes (O17); then
	// Estimated must be given in the new one, or is zero.
	Currency  money.Currency `json:"currency,omitempty"`
	Estimated *money.Money   `json:"estimated,omitempty"`
	// Override sets the amount by hand; ReleaseOverride lets it go (O16).
	Override        *money.Money `json:"override,omitempty"`
	ReleaseOverride bool         `json:"release_override,omitempty"`
	// Probability and Category set by hand stick until the stage changes (O05);
	// the Release fields go back to the stage's.
	Probability        *int               `json:"probability,omitempty"`
	ReleaseProbability bool               `json:"release_probability,omitempty"`
	Category           *stage.Category    `json:"category,omitempty"`
	ReleaseCategory    bool               `json:"release_category,omitempty"`
	ExpectedClose      *calendar.Date     `json:"expected_close,omitempty"`
	Rating             *int               `json:"rating,omitempty"`
	Attributes         *map[string]string `json:"attributes,omitempty"`
}

func (u *Update) commercial() bool {
	return u.Customer != nil || u.BillTo != nil || u.EndUser != nil || u.Currency != "" || u.Estimated != nil || u.Override != nil ||
		u.ReleaseOverride || u.Probability != nil || u.ReleaseProbability || u.Category != nil || u.ReleaseCategory || u.ExpectedClose != nil
}

// Update changes details (S3). found holds the customers that are named.
// Errors: ErrInvalid; ErrNotAllowed for what the status forbids (O08), and for
// the customer or currency once they are fixed (O17, O18).
func (o *Opportunity) Update(in Update, found Found, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if in.commercial() {
		if err := o.commercial("opportunity.update.status"); err != nil {
			return err
		}
	} else if err := o.followUp("opportunity.update.status"); err != nil {
		return err
	}
	var f, refused fault.Fields
	r := o.s.Root
	ev := &updated{ExpectedClose: in.ExpectedClose, Release: in.ReleaseOverride}
	set(&r.Name, in.Name)
	set(&r.Description, in.Description)
	set(&r.Customer, in.Customer)
	set(&r.BillTo, in.BillTo)
	set(&r.EndUser, in.EndUser)
	set(&r.Source, in.Source)
	set(&r.Department, in.Department)
	set(&r.Rating, in.Rating)
	if in.Attributes != nil {
		r.Attributes = cloneMap(*in.Attributes)
		ev.Attributes = &r.Attributes
	}
	checkDetails(&f, &r)
	if in.Name != nil {
		ev.Name = &r.Name
	}
	if in.Description != nil {
		ev.Description = &r.Description
	}
	if in.Department != nil {
		ev.Department = &r.Department
	}
	if in.Rating != nil {
		ev.Rating = &r.Rating
	}
	if in.Source != nil && *in.Source != o.s.Source {
		if *in.Source != uuid.Nil {
			o.usable(&f, "/source", *in.Source, archive.Source)
		}
		ev.Source = &r.Source
	}
	if in.Customer != nil || in.BillTo != nil || in.EndUser != nil {
		named := Root{}
		if in.Customer != nil {
			named.Customer = *in.Customer
			if *in.Customer == uuid.Nil {
				f.Add("/customer", "required", "is required")
			}
			if *in.Customer != o.s.Customer && (o.s.Counts.LiveOrders+o.s.Counts.DoneOrders+o.s.Counts.OpenQuotes+o.s.Counts.AcceptedQuotes) > 0 {
				refused.Add("/customer", "fixed", "can't change while there is a live quote or order")
			}
			if *in.Customer == o.s.Customer {
				named.Customer = uuid.Nil // an inactive customer keeps what it has (C04)
			}
		}
		set(&named.BillTo, in.BillTo)
		set(&named.EndUser, in.EndUser)
		checkCustomers(&f, &refused, &named, found.Customers)
		ev.Customer, ev.BillTo, ev.EndUser = &r.Customer, &r.BillTo, &r.EndUser
	}
	if in.Currency != "" && in.Currency != o.s.Currency {
		if !in.Currency.Valid() {
			f.Add("/currency", "unknown", "must be an active ISO 4217 currency")
		}
		if o.s.Counts.Lines > 0 || o.s.Counts.Quotes > 0 {
			refused.Add("/currency", "fixed", "can't change while there are lines or quotes")
		}
		r.Currency = in.Currency
		zero := money.Zero(in.Currency)
		ev.Currency, ev.Estimated = in.Currency, &zero
	}
	if in.Estimated != nil {
		checkAmount(&f, "/estimated", *in.Estimated, r.Currency)
		v := *in.Estimated
		ev.Estimated = &v
	}
	if in.Override != nil {
		checkAmount(&f, "/override", *in.Override, r.Currency)
		v := *in.Override
		ev.Override = &v
		if in.ReleaseOverride {
			f.Add("/release_override", "contradiction", "can't set and release at once")
		}
	}
	st, _ := o.rules.Version.Stage(o.s.Stage)
	yes, no := true, false
	if in.Probability != nil {
		byHand(&f, &r, in.Probability, "")
		v := *in.Probability
		ev.Probability, ev.ProbByHand = &v, &yes
	} else if in.ReleaseProbability {
		v := st.Probability
		ev.Probability, ev.ProbByHand = &v, &no
	}
	if in.Category != nil {
		byHand(&f, &r, nil, *in.Category)
		v := *in.Category
		if v == "" {
			f.Add("/category", "required", "must be a category")
		}
		ev.Category, ev.CatByHand = &v, &yes
	} else if in.ReleaseCategory {
		v := st.Category
		ev.Category, ev.CatByHand = &v, &no
	}
	if err := f.Invalid("opportunity.update.invalid"); err != nil {
		return err
	}
	if err := refused.NotAllowed("opportunity.update.refused", "the opportunity can't be changed so"); err != nil {
		return err
	}
	o.do(ev, at)
	return nil
}

// LineInput is a line as given (L01). Discount is in percent.
type LineInput struct {
	Product     string           `json:"product,omitempty"`
	Description string           `json:"description,omitempty"`
	Quantity    decimal.Decimal  `json:"quantity"`
	Unit        string           `json:"unit,omitempty"`
	Price       decimal.Decimal  `json:"price"`
	Discount    decimal.Decimal  `json:"discount"`
	Tax         *decimal.Decimal `json:"tax,omitempty"`
}
