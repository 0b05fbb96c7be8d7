package integration

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
)

// about is a kind of subject that the policy is asked about.
type about int

const (
	aDeal        about = iota + 1 // a deal, or a quote or order of it: id, department, owner, the actor's relation
	aNewDeal                      // without an id, of the actor
	aCustomer                     // id, department, owner
	aNewCustomer                  // without an id
	aSource                       // an archive's entry: id and kind
	aNewSource                    // kind only
	aScorecard                    // id and kind
	aProcess                      // id
	theTenant                     // nothing
	twoCustomers                  // asked about both
)

// asked is the table: what each method asks the policy for, and about what. Who
// may is in package access. A method with several rows asks for all of them, in their
// order. What follows a method's name and a slash says with which input it asks for
// something else.
var asked = rows([]actionRow{
	{access.OpportunityRecord, aNewDeal, "Opportunities", "Record RecordForNewCustomer"},
	{access.OpportunityRead, aDeal, "Opportunities", "Get ByNumber History Timeline View"},
	{access.OpportunityRead, aDeal, "Documents", "Open"},
	{access.OpportunityUpdate, aDeal, "Opportunities", "Update"},
	{access.OpportunityTeam, aDeal, "Team", "Set Remove SetSplits"},
	{access.OpportunityTransfer, aDeal, "Team", "Transfer"},
	{access.OpportunityTransfer, aDeal, "Opportunities", "Update/department"},
	{access.OpportunityLines, aDeal, "Lines", "Add Update Remove"},
	{access.OpportunityContacts, aDeal, "DealContacts", "Add Remove SetPrimary"},
	{access.OpportunityCompetitors, aDeal, "DealCompetitors", "Add Update Remove"},
	{access.OpportunityChecklist, aDeal, "Opportunities", "Tick"},
	{access.OpportunityApprove, aDeal, "Opportunities", "Approve"},
	{access.OpportunityAdvance, aDeal, "Opportunities", "Advance"},
	{access.OpportunityWin, aDeal, "Opportunities", "Win"},
	{access.OpportunityLose, aDeal, "Opportunities", "Lose"},
	{access.OpportunityHold, aDeal, "Opportunities", "Hold"},
	{access.OpportunityResume, aDeal, "Opportunities", "Resume"},
	{access.OpportunityVoid, aDeal, "Opportunities", "Void"},
	{access.OpportunityReopen, aDeal, "Opportunities", "Reopen"},
	{access.OpportunityClose, aDeal, "Opportunities", "Close"},
	{access.OpportunityDelete, aDeal, "Opportunities", "Delete"},
	{access.OpportunityMigrate, aDeal, "Opportunities", "Migrate"},
	{access.OpportunityAnalyse, aDeal, "Opportunities", "Analyse"},
	{access.OpportunityFollowUp, aDeal, "Activities", "Plan Log Update Complete Cancel Remove"},
	{access.OpportunityFollowUp, aDeal, "Expenses", "Add Update Submit Remove"},
	{access.OpportunityFollowUp, aDeal, "Documents", "Add Remove"},
	{access.OpportunityFollowUp, aDeal, "Evaluations", "SaveDraft Submit Discard"},
	{access.OpportunityExpenseApprove, aDeal, "Expenses", "Approve Reject"},
	{access.OpportunityExpenseSettle, aDeal, "Expenses", "Settle"},

	{access.CustomerCreate, aNewCustomer, "Customers", "Create"},
	{access.CustomerCreate, aNewCustomer, "Opportunities", "RecordForNewCustomer"},
	{access.CustomerRead, aCustomer, "Customers", "Get ByCode"},
	{access.CustomerUpdate, aCustomer, "Customers", "Update SetStatus"},
	{access.CustomerTransfer, aCustomer, "Customers", "Update/owner Update/department Update/all"},
	{access.CustomerContacts, aCustomer, "Customers", "AddContact UpdateContact SetPrimaryContact SetContactActive RemoveContact"},
	{access.CustomerDelete, aCustomer, "Customers", "Delete"},
	{access.CustomerMerge, twoCustomers, "Customers", "Merge"},

	{access.ArchiveCreate, aNewSource, "Archives", "Create"},
	{access.ArchiveRead, aSource, "Archives", "Get ByCode"},
	{access.ArchiveRead, aScorecard, "Archives", "Scorecard"},
	{access.ArchiveRead, theTenant, "Archives", "List All"},
	{access.ArchiveUpdate, aSource, "Archives", "Update"},
	{access.ArchiveUpdate, aScorecard, "Archives", "PublishScorecard"},
	{access.ArchiveRetire, aSource, "Archives", "Retire"},
	{access.ArchiveActivate, aSource, "Archives", "Activate"},
	{access.ArchiveDelete, aSource, "Archives", "Delete"},

	{access.ProcessPublish, theTenant, "Processes", "Publish"},
	{access.ProcessRetire, aProcess, "Processes", "Retire Activate Delete"},
	{access.ProcessDefault, aProcess, "Processes", "SetDefault"},
	{access.ProcessMigrate, aProcess, "Processes", "PlanMigration Migrate"},
	{access.ProcessRead, aProcess, "Processes", "Get Version Versions ByCode CheckMigration"},
	{access.ProcessRead, theTenant, "Processes", "List All"},

	{access.QuoteCreate, aDeal, "Quotes", "Create Copy"},
	{access.QuoteRead, aDeal, "Quotes", "Get ByNumber"},
	{access.QuoteUpdate, aDeal, "Quotes", "Update Revise"},
	{access.QuoteSend, aDeal, "Quotes", "Send Extend"},
	{access.QuoteAnswer, aDeal, "Quotes", "Accept Reject"},
	{access.QuoteWithdraw, aDeal, "Quotes", "Withdraw"},
	{access.QuoteExpire, theTenant, "Quotes", "ExpireQuotes"},

	{access.OrderCreate, aDeal, "Orders", "Create Update"},
	{access.OrderRead, aDeal, "Orders", "Get ByNumber Execution Events"},
	{access.OrderConfirm, aDeal, "Orders", "Confirm"},
	{access.OrderExecute, aDeal, "Orders", "Execute"},
	{access.OrderComplete, aDeal, "Orders", "Complete"},
	{access.OrderCancel, aDeal, "Orders", "Cancel"},

	{access.SalesSystemEnable, theTenant, "SalesSystem", "Enable Disable"},
	{access.SalesSystemInitialise, theTenant, "SalesSystem", "Initialise"},
	{access.SalesSystemRead, theTenant, "SalesSystem", "Settings"},
	{access.ReportRead, theTenant, "Reports", "Pipeline"},
	{access.JournalRead, aDeal, "Opportunities", "Journal"},
	{access.JournalRead, aDeal, "Quotes", "Journal"},
	{access.JournalRead, aDeal, "Orders", "Journal"},
	{access.JournalRead, aCustomer, "Customers", "Journal"},
	{access.JournalRead, aSource, "Archives", "Journal"},
	{access.JournalRead, aProcess, "Processes", "Journal"},
	{access.JournalRead, theTenant, "SalesSystem", "Journal"},
	{access.DocumentCleanUp, theTenant, "Documents", "CleanUp"},
}, []scopeRow{
	{access.Opportunities, "Opportunities", "List All Count"},
	{access.Opportunities, "Activities", "List All"},
	{access.Opportunities, "Expenses", "List All"},
	{access.Opportunities, "Customers", "ContactDeals"},
	{access.Opportunities, "Processes", "CheckMigration PlanMigration Migrate"},
	{access.Opportunities, "Reports", "Pipeline"},
	{access.Customers, "Customers", "List All Duplicates Merge"},
	{access.Quotes, "Quotes", "List All ByOpportunity"},
	{access.Orders, "Orders", "List All ByOpportunity Executions ExecutionOfOpportunity ExecutionOfCustomer"},
	// What they refer to, and show, is looked up inside the scope of its own.
	{access.Customers, "Opportunities", "Record View"},
	{access.Customers, "DealContacts", "Add"},
	{access.Quotes, "Opportunities", "View"},
	{access.Orders, "Opportunities", "View"},
})

type actionRow struct {
	action  access.Action
	on      about
	handle  string
	methods string
}

type scopeRow struct {
	of      access.Resource
	handle  string
	methods string
}

// ask is the table's rows of one method.
type ask struct {
	of     []question // none: the scope answers
	scopes []access.Resource
}

type question struct {
	action access.Action
	on     about
}

// about says whether a method asks about a sort of subjects.
func (a ask) about(on ...about) bool {
	return slices.ContainsFunc(a.of, func(q question) bool { return slices.Contains(on, q.on) })
}

func rows(actions []actionRow, scopes []scopeRow) map[string]ask {
	out := map[string]ask{}
	for _, r := range actions {
		for _, m := range strings.Fields(r.methods) {
			m = r.handle + "." + m
			a := out[m]
			a.of = append(a.of, question{r.action, r.on})
			out[m] = a
		}
	}
	for _, r := range scopes {
		for _, m := range strings.Fields(r.methods) {
			a := out[r.handle+"."+m]
			a.scopes = append(a.scopes, r.of)
			out[r.handle+"."+m] = a
		}
	}
	return out
}

// method is the method of a probe or a row: without what says which input it has.
func method(name string) string {
	m, _, _ := strings.Cut(name, "/")
	return m
}

// The positions of an actor to what ann of the department east owns. Whoever is in
// its team or owns it is of another department, so that each is seen for one reason.
const (
	asOwner      = "owner"
	asReader     = "reader"
	asWriter     = "writer"
	asNeighbour  = "same department"
	asStranger   = "stranger"
	asOutlander  = "other tenant"
	nobodysPlace = "north"
)

type cell struct {
	position string
	role     access.Role
}

func (c cell) String() string { return c.position + "/" + string(c.role) }

// cells are all of the table's columns.
func cells() (out []cell) {
	for _, p := range []string{asOwner, asReader, asWriter, asNeighbour, asStranger, asOutlander} {
		for _, r := range []access.Role{access.Marketing, access.Sales, access.Manager, access.Support, access.Administrator, "unknown"} {
			out = append(out, cell{p, r})
		}
	}
	return out
}

func (c cell) actor() pursuit.Actor {
	a := pursuit.Actor{Tenant: "acme", User: "zoe", Department: nobodysPlace, Roles: []access.Role{c.role}}
	switch c.position {
	case asOwner:
		a.User = "ann"
	case asReader:
		a.User = "reed"
	case asWriter:
		a.User = "wren"
	case asNeighbour:
		a.Department = "east"
	case asOutlander:
		a.Tenant, a.User, a.Department = "evil", "ann", "east"
	}
	return a
}

func (c cell) relation() access.Relation {
	return map[string]access.Relation{asOwner: access.Owner, asReader: access.Reader, asWriter: access.Writer}[c.position]
}

// asks is what the policy has to be asked, in its order.
func (c cell) asks(row ask) (actions []access.Action, on []access.Subject) {
	for _, q := range row.of {
		for _, of := range c.subjects(q.on) {
			actions, on = append(actions, q.action), append(on, of)
		}
	}
	return actions, on
}

// subjects are what the policy has to be asked about, but for the ids: an id stands
// for there being one.
func (c cell) subjects(on about) []access.Subject {
	a, some := c.actor(), uuid.Max
	of := access.Subject{ID: some, Department: "east", Owner: "ann"}
	switch on {
	case aDeal:
		of.Relation = c.relation()
		return []access.Subject{of}
	case aNewDeal:
		return []access.Subject{{Department: a.Department, Owner: a.User, Relation: access.Owner}}
	case aCustomer:
		return []access.Subject{of}
	case twoCustomers:
		return []access.Subject{of, of}
	case aSource:
		return []access.Subject{{ID: some, Kind: "source"}}
	case aNewSource:
		return []access.Subject{{Kind: "source"}}
	case aScorecard:
		return []access.Subject{{ID: some, Kind: "scorecard"}}
	case aProcess:
		return []access.Subject{{ID: some}}
	}
	return []access.Subject{{}}
}
