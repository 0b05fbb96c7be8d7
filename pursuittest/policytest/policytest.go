package policytest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
)

// Suite is the input of the suite.
type Suite struct {
	Policy access.Policy
	// Actors are some of the host's, with their roles: at least one. The suite
	// also tests an actor with the same user and department but without any role.
	Actors []access.Actor
	// Departments and Owners are those of the subjects, in addition to the
	// actors'.
	Departments, Owners []string
}

// Run fails the test for each promise that the policy breaks; see Check.
func Run(t *testing.T, s Suite) {
	t.Helper()
	if err := Check(t.Context(), s); err != nil {
		t.Fatal(err)
	}
}

// reads are the actions that a scope must agree with.
var reads = map[access.Resource]access.Action{
	access.Opportunities: access.OpportunityRead, access.Customers: access.CustomerRead, access.Quotes: access.QuoteRead, access.Orders: access.OrderRead,
}

// Check asks the policy and returns its breaches, joined; nil if there are none:
//
//   - it denies by default: an unknown action, the zero actor, and an actor
//     without roles who wants to change a stranger's record
//   - it denies with errors of kind ErrForbidden or ErrNotFound
//   - it decides the same question in the same way
//   - Allow permits reading exactly what Scope shows (J02), for the actor's own,
//     the team's, the department's and strangers' records: otherwise lists and
//     counts show rows that can't be opened, or hide rows that can
//   - no question makes it panic: empty and long texts, a cancelled context
//   - it keeps no reference to the actor it was given
func Check(ctx context.Context, s Suite) error {
	if s.Policy == nil || len(s.Actors) == 0 {
		return errors.New("policytest: a policy and at least one actor are needed")
	}
	c := &checker{ctx: ctx, p: s.Policy, broken: map[string]bool{}}
	actors := slices.Clone(s.Actors)
	for _, a := range s.Actors {
		a.Roles = nil
		actors = append(actors, a)
		s.Departments, s.Owners = append(s.Departments, a.Department), append(s.Owners, a.User)
	}
	s.Departments, s.Owners = append(s.Departments, "", "another department"), append(s.Owners, "", "somebody else")
	for _, a := range actors {
		for _, on := range c.subjects(s) {
			c.questions(a, on)
		}
		c.scopes(a, c.subjects(s))
		c.defaults(a)
		c.hostile(a)
	}
	c.defaults(access.Actor{})
	return c.err()
}

type checker struct {
	ctx    context.Context
	p      access.Policy
	broken map[string]bool
	order  []string
}

// note keeps the first of each kind of breach.
func (c *checker) note(sort, format string, args ...any) {
	if !c.broken[sort] {
		c.broken[sort] = true
		c.order = append(c.order, sort+": "+fmt.Sprintf(format, args...))
	}
}

func (c *checker) err() error {
	if len(c.order) == 0 {
		return nil
	}
	return errors.New("policytest: " + strings.Join(c.order, "\n"))
}

func (c *checker) subjects(s Suite) []access.Subject {
	var out []access.Subject
	for i, d := range s.Departments {
		for j, o := range s.Owners {
			for _, r := range []access.Relation{access.Stranger, access.Reader, access.Writer, access.Owner} {
				out = append(out, access.Subject{ID: uuid.UUID{0: 1, 14: byte(i), 15: byte(j)}, Department: d, Owner: o, Relation: r})
			}
		}
	}
	return out
}

// allow asks one question, twice, with a context of its own.
func (c *checker) allow(ctx context.Context, a access.Actor, action access.Action, on access.Subject) (err error) {
	defer func() {
		if p := recover(); p != nil {
			c.note("a panic", "Allow(%+v, %s, %+v): %v", a, action, on, p)
			err = fault.New(fault.ErrForbidden, "policytest.panic", "panicked")
		}
	}()
	given := a
	given.Roles = slices.Clone(a.Roles)
	err = c.p.Allow(ctx, given, action, on)
	for i := range given.Roles {
		given.Roles[i] = "changed afterwards"
	}
	again := a
	again.Roles = slices.Clone(a.Roles)
	if second := c.p.Allow(ctx, again, action, on); ctx.Err() == nil && (err == nil) != (second == nil) {
		c.note("two answers", "Allow(%+v, %s, %+v) gives %v, then %v", a, action, on, err, second)
	}
	return err
}

func (c *checker) questions(a access.Actor, on access.Subject) {
	for _, action := range access.Actions() {
		err := c.allow(c.ctx, a, action, on)
		if err != nil && !errors.Is(err, fault.ErrForbidden) && !errors.Is(err, fault.ErrNotFound) {
			c.note("an error of another kind", "Allow(%+v, %s, %+v) gives %v: to deny give ErrForbidden, or ErrNotFound to hide", a, action, on, err)
		}
		if err == nil && len(a.Roles) == 0 && on.Relation == access.Stranger && on.Owner != a.User && on.Department != a.Department && changes(action) {
			c.note("not denied by default", "Allow lets %+v, who has no role, do %s to %+v", a, action, on)
		}
	}
}

// changes reports whether an action changes its subject.
func changes(a access.Action) bool {
	_, verb, _ := strings.Cut(string(a), ".")
	return verb != "read"
}

// scopes compares Scope with Allow.
func (c *checker) scopes(a access.Actor, subjects []access.Subject) {
	for _, of := range []access.Resource{access.Opportunities, access.Customers, access.Quotes, access.Orders} {
		sc, err := c.scope(a, of)
		if err != nil && !errors.Is(err, fault.ErrForbidden) {
			c.note("a scope's error", "Scope(%+v, %s) gives %v: to deny all give ErrForbidden, or the zero Scope", a, of, err)
			continue
		}
		for _, on := range subjects {
			if (on.Relation == access.Owner) != (on.Owner == a.User) || of == access.Customers && on.Relation != access.Stranger && on.Relation != access.Owner {
				continue // can't be
			}
			if of == access.Customers {
				on.Relation = access.Stranger
			}
			sees := err == nil && sc.Sees(on.Department, on.Owner, on.Relation != access.Stranger)
			if may := c.allow(c.ctx, a, reads[of], on) == nil; may != sees {
				c.note("scope and Allow disagree", "on %s: Scope(%+v) is %+v, which shows %+v: %t; Allow %s: %t", of, a, sc, on, sees, reads[of], may)
			}
		}
	}
}

func (c *checker) scope(a access.Actor, of access.Resource) (sc access.Scope, err error) {
	defer func() {
		if p := recover(); p != nil {
			c.note("a panic", "Scope(%+v, %s): %v", a, of, p)
			err = fault.New(fault.ErrForbidden, "policytest.panic", "panicked")
		}
	}()
	return c.p.Scope(c.ctx, a, of)
}

// defaults asks about unknown actions and actors.
func (c *checker) defaults(a access.Actor) {
	if c.allow(c.ctx, a, "policytest.unknown", access.Subject{}) == nil {
		c.note("not denied by default", "Allow lets %+v do what the policy can't know", a)
	}
	if sc, err := c.scope(a, "policytest.unknown"); err == nil && (sc.All || len(sc.Departments) > 0 || sc.User != "") {
		c.note("not denied by default", "Scope shows %+v rows of a sort that the policy can't know", a)
	}
	if a.User != "" {
		return
	}
	for _, action := range access.Actions() {
		if c.allow(c.ctx, a, action, access.Subject{}) == nil {
			c.note("not denied by default", "Allow lets the zero actor do %s", action)
		}
	}
}

// hostile asks with input that a caller might send.
func (c *checker) hostile(a access.Actor) {
	gone, stop := context.WithCancel(c.ctx)
	stop()
	long := strings.Repeat("长", 10_000)
	for _, on := range []access.Subject{{}, {Department: long, Owner: long, Relation: access.Relation(long), Kind: long}, {Department: "\x00", Owner: "'; --"}} {
		_ = c.allow(c.ctx, a, access.OpportunityRead, on)
		_ = c.allow(gone, a, access.OpportunityRead, on)
	}
	odd := a
	odd.Department, odd.Roles = long, []access.Role{"", access.Role(long)}
	_ = c.allow(c.ctx, odd, access.OpportunityUpdate, access.Subject{})
	_, _ = c.scope(odd, access.Opportunities)
}
