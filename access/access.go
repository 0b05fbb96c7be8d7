package access

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/money"
)

// Role is an actor's post (C6).
type Role string

// The posts of the process, and the administrator.
const (
	Marketing     Role = "marketing"
	Sales         Role = "sales"
	Manager       Role = "manager"
	Support       Role = "support"
	Administrator Role = "administrator"
)

// MaxRoles is the most roles an actor can have.
const MaxRoles = 1000

// Actor is the user who gives a command. Tenant and User are required; both are
// the host's names, compared byte by byte.
type Actor struct {
	Tenant     string `json:"tenant,omitzero"`
	User       string `json:"user,omitzero"`
	Department string `json:"department,omitzero"`
	Roles      []Role `json:"roles,omitzero"`
}

// Has reports whether the actor has one of the roles.
func (a Actor) Has(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(a.Roles, r) })
}

// Validate returns ErrInvalid for the zero actor and for malformed names.
func (a Actor) Validate() error {
	var f fault.Fields
	text.AnyKey(&f, "/tenant", a.Tenant, 1, text.MaxCode)
	text.Key(&f, "/user", a.User, 1, text.MaxKey)
	text.Key(&f, "/department", a.Department, 0, text.MaxKey)
	if len(a.Roles) > MaxRoles {
		f.Add("/roles", "too_many", "has too many roles")
	}
	return f.Invalid("actor.invalid")
}

// Action names an operation: "opportunity.win".
type Action string

// Relation is the actor's relation to an opportunity.
type Relation string

// The relations, from none to owner.
const (
	Stranger Relation = ""
	Reader   Relation = "read"
	Writer   Relation = "write"
	Owner    Relation = "owner"
)

// Subject is the object of an action. ID is nil for a new object.
type Subject struct {
	ID         uuid.UUID
	Department string
	Owner      string
	// Relation is the actor's relation to the opportunity, or to the opportunity
	// that the subject belongs to.
	Relation Relation
	// Kind is an archive entry's kind ("source"), as in package archive.
	Kind string
	// Process and Amount are the opportunity's before the command, also for a
	// quote or an order of it. They are zero for a new opportunity.
	Process uuid.UUID
	Amount  money.Money
	// TeamRole is the actor's role in the opportunity's team ("sales"), as in
	// package opportunity; empty for a stranger.
	TeamRole string
	// CustomerOwner is the owner of the opportunity's customer, also for a new
	// opportunity and for a quote or an order of it. It is empty for Default,
	// which doesn't need it.
	CustomerOwner string
	// NewOwner and NewDepartment are the target of a transfer of an opportunity
	// or a customer; each is empty if it doesn't change.
	NewOwner, NewDepartment string
}

// Resource is a kind of row that Scope limits.
type Resource string

// The resources.
const (
	Opportunities Resource = "opportunities"
	Customers     Resource = "customers"
	Quotes        Resource = "quotes"
	Orders        Resource = "orders"
	Archives      Resource = "archives"
)

// Scope is the set of rows an actor sees: all of the tenant's; or those of the
// departments and, if User is set, those that the user owns or whose team the
// user is in. The zero Scope sees nothing.
type Scope struct {
	All         bool
	Departments []string
	User        string
}

// Sees reports whether a row is inside the scope. member reports whether the
// scope's User is in the row's team.
func (s Scope) Sees(department, owner string, member bool) bool {
	if s.All || (department != "" && slices.Contains(s.Departments, department)) {
		return true
	}
	return s.User != "" && (owner == s.User || member)
}

// Policy decides who may do and see what. A panic, or an error other than
// ErrForbidden and ErrNotFound, denies as well.
type Policy interface {
	// Allow returns nil if the actor may, an error of kind ErrForbidden if not,
	// and an error of kind ErrNotFound to hide that the subject exists.
	Allow(ctx context.Context, actor Actor, action Action, on Subject) error
	// Scope returns the rows that the actor may see.
	Scope(ctx context.Context, actor Actor, of Resource) (Scope, error)
}

// Seer is an optional interface of a Policy that knows what other users see. It
// lets activities be assigned to users who see an opportunity without being in
// its team. With any other policy, only the actor and the team can be assigned
// (H04). An error or a panic denies.
type Seer interface {
	// MaySee reports whether a user may see an opportunity. The user isn't in its
	// team: on.Relation is Stranger.
	MaySee(ctx context.Context, tenant, user string, on Subject) (bool, error)
}
