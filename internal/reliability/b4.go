package reliability

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/internal/audit"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// B4 is this check: eight users change the team, its splits, the owner and the amount of one
// opportunity at the same time, at every isolation level that a database may have
// as its default. Readers meanwhile see one owner and splits of 100 %.
var B4 = Check{
	ID: "B4", Name: "no anomaly at any isolation level: lost update, splits, owners", Sites: AllSites, Unit: "commands",
	Full: bySite(map[string]int{"memory": 20_000, "sqlite": 10_000}, 12_000),
	Run: func(r *Run) error {
		levels := levels[r.Site.Name]
		for _, l := range levels {
			if err := anomalies(r, r.N/len(levels)+1, l, false); err != nil {
				return fmt.Errorf("%s: %w", l, err)
			}
		}
		r.Figure("%s", strings.ToLower(strings.Join(levels, ", ")))
		return nil
	},
	Twin: func(r *Run) error {
		for _, l := range levels[r.Site.Name] {
			before := r.Breaches()
			if err := anomalies(r, 1600, l, true); err != nil {
				return fmt.Errorf("%s: %w", l, err)
			}
			r.Tried(r.Breaches() > before)
		}
		return nil
	},
	TwinOf: "no version in WHERE", Least: 1,
}

// levels are the isolation levels that a database may have as its default.
var levels = map[string][]string{
	"memory":   {"serial"},
	"sqlite":   {"serializable"},
	"postgres": {"read committed", "repeatable read", "serializable"},
	"mariadb":  {"READ-COMMITTED", "REPEATABLE-READ", "SERIALIZABLE"},
}

// at opens the place once more, with a default isolation level.
func (p *Place) at(level string) (*Place, error) {
	switch p.Site {
	case Postgres:
		return p.Site.Open(p.Site.With(p.Source, "default_transaction_isolation", level), nil)
	case MariaDB:
		return p.Site.Open(p.Site.With(p.Source, "tx_isolation", "'"+level+"'"), nil)
	}
	return p, nil
}

func anomalies(r *Run, n int, level string, bug bool) error {
	home, err := r.Site.Fresh(r, r.Dir)
	if err != nil {
		return err
	}
	defer home.Close()
	p, err := home.at(level)
	if err != nil {
		return err
	}
	if p != home {
		defer p.Close()
	}
	good, err := NewWorld(r, p.Store, "acme", Patient())
	if err != nil {
		return err
	}
	w := good
	if bug {
		if w, err = good.Inside(storage.Store(Blind{p.Store}), Patient()); err != nil {
			return err
		}
	}
	const users, round = 8, 10
	before := r.Breaches()
	for done := 0; done < n && !(bug && r.Breaches() > before); done += users * round {
		id, err := good.Record(r, 1)
		if err != nil {
			return err
		}
		var acknowledged atomic.Int64
		var wg, reading sync.WaitGroup
		errs := make(chan error, users+1)
		stop := make(chan struct{})
		reading.Go(func() { // a reader
			for {
				select {
				case <-stop:
					return
				default:
				}
				s, err := good.S.Opportunities().Get(r, id, opportunity.AllParts)
				if err != nil {
					errs <- err
					return
				}
				if err := audit.Alone(&s); err != nil {
					r.Breach("%s: %v", level, err)
				}
				time.Sleep(time.Millisecond) // the others are to get on
			}
		})
		for u := range users {
			wg.Go(func() {
				rnd := r.Rand(done*users + u)
				for range round {
					_, err := oneOf(r, w, rnd.IntN, id)
					switch {
					case err == nil:
						acknowledged.Add(1)
					case !refused(err) && !bug:
						errs <- err
						return
					}
					r.Did(1)
				}
			})
		}
		wg.Wait()
		close(stop)
		reading.Wait()
		close(errs)
		for err := range errs {
			return err
		}
		s, err := good.S.Opportunities().Get(r, id, opportunity.AllParts)
		if err != nil {
			return err
		}
		if err := audit.Alone(&s); err != nil {
			r.Breach("%s: %v", level, err)
		}
		if s.Version-1 != acknowledged.Load() {
			r.Breach("%s: %d commands acknowledged, %d versions", level, acknowledged.Load(), s.Version-1)
		}
	}
	if _, err := Whole(r, home.Store, "acme"); err != nil {
		r.Breach("%s: %v", level, err)
	}
	return nil
}

// oneOf gives one of the commands whose rules are over several rows.
func oneOf(r *Run, w *World, intn func(int) int, id uuid.UUID) (pursuit.Result, error) {
	users := []string{"ann", "bob", "carl", "dora", "eve"}
	a, b := users[intn(len(users))], users[intn(len(users))]
	team := w.S.Team()
	switch intn(6) {
	case 0, 1:
		return team.Transfer(r, id, opportunity.TransferInput{To: a, Remove: intn(3) == 0})
	case 2:
		split := map[string]int{a: 10000}
		if a != b {
			split = map[string]int{a: 3000, b: 7000}
		}
		return team.SetSplits(r, id, opportunity.SetSplitsInput{Revenue: split})
	case 3:
		return team.Set(r, id, opportunity.MemberInput{User: a, Role: opportunity.RoleSales, Access: opportunity.Write})
	case 4:
		return team.Remove(r, id, a)
	}
	amount := money.FromMinor(int64(intn(1000)), money.USD)
	return w.S.Opportunities().Update(r, id, opportunity.UpdateInput{Override: &amount})
}
