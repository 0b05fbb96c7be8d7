package pursuit

import (
	"context"
	"slices"

	"github.com/pursuit-crm/pursuit/access"
)

// answers are what the policy answered to one attempt of a command.
type answers struct {
	// allowed is what it was asked, and allowed.
	allowed []question
	// customers is the scope of customers, if it was asked for.
	customers *access.Scope
}

type question struct {
	action access.Action
	of     access.Subject
}

// begin begins an attempt. One that only broke off to take a number and the one after
// it count as one: what the policy answered stands, unless it would be told something
// else now.
func (x *numbering) begin(c *command) {
	x.carried = answers{}
	if x.broke {
		x.carried = x.kept
	}
	x.kept, x.broke = answers{}, false
	c.customers = x.carried.customers
}

// allow asks the policy, once an attempt (J01).
func (x *numbering) allow(ctx context.Context, action access.Action, of access.Subject) error {
	q := question{action, of}
	if !slices.Contains(x.carried.allowed, q) {
		if err := x.s.allow(ctx, action, of); err != nil {
			return err
		}
	}
	x.kept.allowed = append(x.kept.allowed, q)
	return nil
}
