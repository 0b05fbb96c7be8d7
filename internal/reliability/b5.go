package reliability

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// B5 is this check: many writers on few opportunities; every acknowledged update counts once in
// a version.
var B5 = Check{
	ID: "B5", Name: "no update is lost among 64 writers", Sites: AllSites, Unit: "updates", Full: size(64_000),
	Run: func(r *Run) error { return crowd(r, r.N, nil) },
	Twin: func(r *Run) error {
		return crowd(r, min(r.N, 640), func(s storage.Store) storage.Store { return Blind{s} })
	},
	TwinOf: "no version in WHERE",
}

const writers = 64

func crowd(r *Run, n int, bug func(storage.Store) storage.Store) error {
	p, err := r.Site.Fresh(r, r.Dir)
	if err != nil {
		return err
	}
	defer p.Close()
	good, err := NewWorld(r, p.Store, "acme", Patient())
	if err != nil {
		return err
	}
	w := good
	if bug != nil {
		if w, err = Enter(bug(p.Store), "acme", Patient()); err != nil {
			return err
		}
	}
	deals := make([]uuid.UUID, 8)
	for i := range deals {
		if deals[i], err = good.Record(r, 1); err != nil {
			return err
		}
	}
	per := (n + writers - 1) / writers
	var acknowledged, unlucky atomic.Int64
	var wg sync.WaitGroup
	errs := make(chan error, writers)
	for i := range writers {
		wg.Go(func() {
			rnd, s := r.Rand(i), w.As(fmt.Sprintf("user%d", i))
			for j := range per {
				rating, amount := rnd.IntN(6), money.FromMinor(int64(i*per+j+1), money.USD)
				in := opportunity.UpdateInput{Rating: &rating, Override: &amount}
				var opts []pursuit.CallOption
				id := deals[rnd.IntN(len(deals))]
				if j%10 == 9 { // as a form that somebody opens and sends
					seen, err := s.Opportunities().Get(r, id, 0)
					if err != nil {
						errs <- err
						return
					}
					opts = append(opts, pursuit.IfVersion(seen.Version))
				}
				_, err := s.Opportunities().Update(r, id, in, opts...)
				switch {
				case err == nil:
					acknowledged.Add(1)
				case len(opts) > 0: // refused as it should be
					unlucky.Add(1)
				case bug == nil:
					errs <- err
					return
				}
				r.Did(1)
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		return err
	}
	versions, err := Whole(r, p.Store, "acme")
	if err != nil {
		r.Breach("%v", err)
	}
	var sum int64
	for _, id := range deals {
		if bug != nil { // Whole may have stopped before it came to them
			s, err := good.S.Opportunities().Get(r, id, 0)
			if err != nil {
				return err
			}
			versions[id] = s.Version
		}
		sum += versions[id] - 1
	}
	if sum != acknowledged.Load() {
		r.Breach("%d updates acknowledged, %d versions", acknowledged.Load(), sum)
	}
	r.Figure("%d acknowledged, %d refused by version", acknowledged.Load(), unlucky.Load())
	return nil
}
