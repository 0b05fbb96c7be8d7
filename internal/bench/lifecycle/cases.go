package lifecycle

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/pursuit-crm/pursuit/calendar"
)

// Case is a database, a number of goroutines, and how far away the database is.
type Case struct {
	Name       string
	Goroutines int
	// Delay is added to each round trip.
	Delay time.Duration
	// on is the sort of site.
	on string
}

// Cases are all that there are.
var Cases = []Case{
	{Name: "sqlite-normal-g1", on: "sqlite-normal", Goroutines: 1},
	{Name: "sqlite-full-g1", on: "sqlite-full", Goroutines: 1},
	{Name: "sqlite-full-g16", on: "sqlite-full", Goroutines: 16},
	{Name: "postgres-g1", on: "postgres", Goroutines: 1},
	{Name: "postgres-g16", on: "postgres", Goroutines: 16},
	{Name: "postgres-1ms-g1", on: "postgres", Goroutines: 1, Delay: time.Millisecond},
	{Name: "pgx-g1", on: "pgx", Goroutines: 1},
	{Name: "pgx-g16", on: "pgx", Goroutines: 16},
	{Name: "pgx-1ms-g1", on: "pgx", Goroutines: 1, Delay: time.Millisecond},
	{Name: "mariadb-g1", on: "mariadb", Goroutines: 1},
	{Name: "mariadb-g16", on: "mariadb", Goroutines: 16},
	{Name: "mariadb-1ms-g1", on: "mariadb", Goroutines: 1, Delay: time.Millisecond},
}

// The contenders, as reports name them.
const (
	Ours      = "ours"
	Hand      = "hand"
	GORM      = "gorm"
	GORMTuned = "gorm_tuned"
	Bun       = "bun"
	HandPgx   = "hand_pgx"
)

// contenders take part in each case, in this order.
var contenders = []string{Ours, Hand, GORM, GORMTuned, Bun}

// contendersOn are all that take part on a site.
func contendersOn(s site) []string {
	if _, ok := s.(pgxSite); ok {
		return append(slices.Clone(contenders), HandPgx)
	}
	return contenders
}

// prepares says whether a contender keeps its statements prepared.
func prepares(contender string) bool { return contender == Ours || contender == Hand }

// running is a contender on its own database.
type running struct {
	name string
	db   *sql.DB
	pool *pgxpool.Pool // under db; nil on database/sql
	w    *world
	c    contender
	next int // deals so far
}

// enter opens a database for a contender, makes the tables, and sets up what
// deals need.
func enter(ctx context.Context, s site, name string, goroutines int, count *counter) (*running, error) {
	return enterAt(ctx, s, name, goroutines, count, time.Now)
}

// enterAt is enter with a clock.
func enterAt(ctx context.Context, s site, name string, goroutines int, count *counter, now func() time.Time) (*running, error) {
	var db *sql.DB
	var pool *pgxpool.Pool
	var err error
	if x, ok := s.(pgxSite); ok && x.pools(name) {
		pool, db, err = x.pool(ctx, name, goroutines, count)
	} else {
		db, err = s.open(ctx, name, goroutines, count)
	}
	if err != nil {
		return nil, err
	}
	r := &running{name: name, db: db, pool: pool, w: &world{
		now:   func() time.Time { return calendar.Truncate(now()) },
		newID: func() uuid.UUID { return uuid.Must(uuid.NewV7()) },
	}}
	if err := prepare(ctx, db, s.dialect(), r.w); err != nil {
		r.shut()
		return nil, err
	}
	switch name {
	case Ours:
		if pool != nil {
			r.c, err = newLibraryOnPgx(pool, r.w)
		} else {
			r.c, err = newLibrary(db, s.dialect(), r.w)
		}
	case Hand:
		r.c = newHand(db, s.flavour())
	case GORM, GORMTuned:
		r.c, err = newGORM(db, s.flavour(), name == GORMTuned)
	case Bun:
		r.c = newBun(db, s.flavour())
	case HandPgx:
		r.c = newHandPgx(pool, db)
	}
	if err != nil {
		r.shut()
		return nil, err
	}
	return r, nil
}

func (r *running) close() error {
	err := r.c.end()
	if e := r.shut(); err == nil {
		err = e
	}
	return err
}

func (r *running) shut() error {
	err := r.db.Close()
	if r.pool != nil {
		r.pool.Close()
	}
	return err
}
