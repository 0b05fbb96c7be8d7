package pursuit

import (
	"context"
	"slices"

	"github.com/pursuit-crm/pursuit/access"
)

// answers are the policy's decisions in one attempt of a command.
type answers struct {
	// allowed are the allowed actions with their subjects.
	allowed []question
	// customers is the scope of customers, if it was requested.
	customers *access.Scope
}

type question struct {
	action access.Action
	of     access.Subject
}

// begin begins an attempt. An attempt that only stopped to take a number counts
// as one with the next: the policy's decisions stand, unless the subject would
// now differ.
func (x *numbering) begin(c *command) {
	x.carried = answers{}
	if x.broke {
		x.carried = x.kept
	}
	x.kept, x.broke = answers{}, false
	c.customers = x.carried.customers
}

// allow asks the policy, once per attempt (J01).
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
