package access

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/money"
)

// Role is a post of an actor (C6).
type Role string

// The posts of the process, and the administrator.
const (
	Marketing     Role = "marketing"
	Sales         Role = "sales"
	Manager       Role = "manager"
	Support       Role = "support"
	Administrator Role = "administrator"
)

// MaxRoles is how many roles an actor has at most.
const MaxRoles = 1000

// Actor is who gives a command. Tenant and User are required; both are the
// host's names, compared by byte.
type Actor struct {
	Tenant     string `json:"tenant,omitzero"`
	User       string `json:"user,omitzero"`
	Department string `json:"department,omitzero"`
	Roles      []Role `json:"roles,omitzero"`
}

// Has says whether the actor has one of the roles.
func (a Actor) Has(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(a.Roles, r) })
}

// Validate refuses the zero actor and malformed names with ErrInvalid.
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

// Action names what is to be done: "opportunity.win".
type Action string

// Relation is what the actor is to an opportunity.
type Relation string

// The relations, from none to owner.
const (
	Stranger Relation = ""
	Reader   Relation = "read"
	Writer   Relation = "write"
	Owner    Relation = "owner"
)

// Subject is what the action is on. ID is nil for what is being created.
type Subject struct {
	ID         uuid.UUID
	Department string
	Owner      string
	// Relation is the actor's own, for opportunities and what hangs on them.
	Relation Relation
	// Kind is the kind of an archive entry ("source"), as package archive names it.
	Kind string
	// Process and Amount are an opportunity's, as it is before the command, also where a
	// quote or an order of it is asked about; zero of a new one.
	Process uuid.UUID
	Amount  money.Money
	// TeamRole is the actor's role in the opportunity's team ("sales"), as package
	// opportunity names it; empty for a stranger.
	TeamRole string
	// NewOwner and NewDepartment are where a transfer of an opportunity or a customer
	// leads, as far as it changes them.
	NewOwner, NewDepartment string
}

// Resource is a sort of rows that Scope is asked for.
type Resource string

// The resources.
const (
	Opportunities Resource = "opportunities"
	Customers     Resource = "customers"
	Quotes        Resource = "quotes"
	Orders        Resource = "orders"
	Archives      Resource = "archives"
)

// Scope says which rows an actor sees: all of the tenant; or those of the
// departments, and, if User is set, those that the user owns or is in the team
// of. The zero Scope sees nothing.
type Scope struct {
	All         bool
	Departments []string
	User        string
}

// Sees says whether a row is inside the scope. member says whether
// the scope's User is in the row's team.
func (s Scope) Sees(department, owner string, member bool) bool {
	if s.All || (department != "" && slices.Contains(s.Departments, department)) {
		return true
	}
	return s.User != "" && (owner == s.User || member)
}

// Policy decides. An error other than ErrForbidden and ErrNotFound, and a
// panic, deny as well.
type Policy interface {
	// Allow returns nil if the actor may; an error of kind ErrForbidden if not;
	// or one of kind ErrNotFound if the subject's existence is to be hidden.
	Allow(ctx context.Context, actor Actor, action Action, on Subject) error
	// Scope returns which rows the actor may see.
	Scope(ctx context.Context, actor Actor, of Resource) (Scope, error)
}

// Seer may be implemented by a Policy that knows what users other than the actor
// see. It lets activities be assigned to users who see an opportunity without being
// in its team; by any other policy they are the actor's and the team's (H04). An
// error and a panic deny.
type Seer interface {
	// MaySee says whether a user may see an opportunity. The user isn't in its team:
	// on.Relation is Stranger.
	MaySee(ctx context.Context, tenant, user string, on Subject) (bool, error)
}
