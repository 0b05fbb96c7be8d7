package pursuit

import (
	"context"
	"fmt"
	"time"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

// on returns the time for which a number is taken.
func (c *command) on() time.Time {
	if c.call.dated {
		return c.call.at
	}
	return c.now
}

// expect checks the version that the caller asked for.
func (c *command) expect(version int64, code string) error {
	if c.call.versioned && c.call.version != version {
		return fault.New(fault.ErrConflict, code, fmt.Sprintf("the version is %d", version), fault.Field{Path: "/version", Code: "changed", Message: "was changed by someone else"})
	}
	return nil
}

// moment returns the command's moment. floor is the latest recorded time: clocks
// of several machines differ slightly, and history must not run backwards because
// of that.
func (c *command) moment(effective, recorded time.Time) journal.Moment {
	c.s.eng.plausible(c.s.actor.Tenant, c.now, recorded)
	m := journal.Moment{Effective: c.now, Recorded: c.now, By: c.s.actor.User}
	if m.Recorded.Before(recorded) {
		m.Recorded = recorded
	}
	if c.call.dated {
		m.Effective = c.call.at
	} else if m.Effective.Before(effective) {
		m.Effective = effective
	}
	if m.Recorded.Before(m.Effective) && !c.call.dated {
		m.Recorded = m.Effective
	}
	return m
}

// firstMoment returns the moment of a new record, which has no floor. An engine
// that has seen no time of the tenant uses the last change of its processes, so
// that a clock that is far off is still detected.
func (c *command) firstMoment(ctx context.Context) (journal.Moment, error) {
	if e := c.s.eng; !e.knows(c.s.actor.Tenant) {
		list, err := c.tx.Processes().List(ctx, c.s.actor.Tenant)
		if err != nil {
			return journal.Moment{}, err
		}
		var newest time.Time
		for i := range list {
			newest = latest(newest, list[i].Updated)
		}
		e.plausible(c.s.actor.Tenant, c.now, newest)
	}
	return c.moment(zeroTime, zeroTime), nil
}

// momentAfter returns the moment of a change of a record with the given last
// recorded time, or of a new record if that is zero.
func (c *command) momentAfter(ctx context.Context, recorded time.Time) (journal.Moment, error) {
	if recorded.IsZero() {
		return c.firstMoment(ctx)
	}
	return c.moment(recorded, recorded), nil
}
