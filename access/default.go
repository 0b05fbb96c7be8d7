package access

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
)

// Default is the policy for the posts named in the process; the package comment
// holds its table. In the zero value, an actor's only department is the actor's
// own. An actor with several roles may do and see whatever any of them may. An
// actor without a known role may do and see nothing, and an action that isn't in
// Actions is always denied.
type Default struct {
	// Departments, if set, returns further departments that the actor is
	// responsible for, such as those below the actor's own. It is called from
	// several goroutines at once, and should be quick.
	Departments func(Actor) []string
}

// roles lists the roles known to the policy.
var roles = [...]Role{Marketing, Sales, Manager, Support, Administrator}

// Allow decides by the table. Errors: ErrNotFound ("opportunity.not_found" and
// the like) if the subject is outside the actor's scope; ErrForbidden
// ("access.forbidden") if the actor sees it but may not do the action.
func (d Default) Allow(_ context.Context, actor Actor, action Action, on Subject) error {
	r, known := find(action)
	if !known {
		return forbidden(action)
	}
	departments := d.departments(actor)
	of, bounded := resource(action)
	hidden := true
	for _, role := range roles {
		if !actor.Has(role) {
			continue
		}
		sees := !bounded || on.ID == uuid.Nil ||
			scopeOf(role, actor, of, departments).Sees(on.Department, on.Owner, on.Relation != Stranger)
		if sees && reaches(r.of(role), role, actor, on, departments) {
			return nil
		}
		hidden = hidden && !sees
	}
	if hidden && bounded && on.ID != uuid.Nil {
		return fault.NotFound(prefix(action) + ".not_found")
	}
	return forbidden(action)
}

// Scope returns the rows that the actor sees. Allow hides exactly the others.
func (d Default) Scope(_ context.Context, actor Actor, of Resource) (Scope, error) {
	return scope(actor, of, d.departments(actor)), nil
}

// departments returns the actor's own department and those that the host adds,
// without blanks.
func (d Default) departments(a Actor) []string {
	var list []string
	if a.Department != "" {
		list = append(list, a.Department)
	}
	if d.Departments != nil {
		for _, x := range d.Departments(a) {
			if x != "" && !slices.Contains(list, x) {
				list = append(list, x)
			}
		}
	}
	return list
}

// scope returns the union of the scopes of the actor's roles.
func scope(a Actor, of Resource, departments []string) Scope {
	var s Scope
	for _, role := range roles {
		if !a.Has(role) {
			continue
		}
		one := scopeOf(role, a, of, departments)
		if one.All {
			return one
		}
		if one.User != "" {
			s.User = one.User
		}
		if one.Departments != nil {
			s.Departments = one.Departments
		}
	}
	return s
}

// scopeOf returns the scope of one role.
func scopeOf(role Role, a Actor, of Resource, departments []string) Scope {
	switch of {
	case Customers, Archives:
		return Scope{All: true}
	case Opportunities, Quotes, Orders:
	default:
		return Scope{}
	}
	switch role {
	case Administrator:
		return Scope{All: true}
	case Marketing:
		if of == Opportunities {
			return Scope{All: true}
		}
	case Manager, Support:
		return Scope{Departments: departments, User: a.User}
	}
	return Scope{User: a.User}
}

func reaches(r reach, role Role, a Actor, on Subject, departments []string) bool {
	fresh := on.ID == uuid.Nil
	mine := on.Owner == a.User && a.User != "" || on.Relation == Owner || fresh && on.Owner == ""
	switch r {
	case own:
		return mine
	case written:
		return mine || on.Relation == Writer
	case unit:
		return !fresh && (mine || on.Relation == Writer) ||
			slices.Contains(departments, on.Department) || fresh && on.Department == ""
	case seen:
		return true
	case listed:
		return looksAfter(role, on.Kind)
	}
	return false
}

func prefix(action Action) string {
	p, _, _ := strings.Cut(string(action), ".")
	return p
}

// resource returns the kind of row that an action is on; ok is false for
// processes, the sales system and reports, which aren't anybody's rows.
func resource(action Action) (Resource, bool) {
	switch prefix(action) {
	case "opportunity", "journal":
		return Opportunities, true
	case "customer":
		return Customers, true
	case "archive":
		return Archives, true
	case "quote":
		return Quotes, true
	case "order":
		return Orders, true
	}
	return "", false
}

func forbidden(action Action) error {
	return fault.New(fault.ErrForbidden, "access.forbidden", "the actor may not do this",
		fault.Field{Path: "/action", Code: string(action), Message: "not allowed: " + string(action)})
}
