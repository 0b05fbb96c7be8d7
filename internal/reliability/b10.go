package reliability

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// B10 is this check: the answer to COMMIT doesn't arrive; in one case of four COMMIT itself
// doesn't. The caller is told that the outcome is unknown, and repeats with the
// same RequestID: it is done once.
var B10 = Check{
	ID: "B10", Name: "reply cut at COMMIT: outcome unknown, and done once when repeated", Sites: Servers, Unit: "cuts", Full: size(100),
	Run:    func(r *Run) error { return cutting(r, r.N, false) },
	Twin:   func(r *Run) error { return cutting(r, 4, true) },
	TwinOf: "repeating without the RequestID",
}

func cutting(r *Run, n int, bug bool) error {
	home, err := r.Site.Fresh(r, r.Dir)
	if err != nil {
		return err
	}
	defer home.Close()
	server, err := r.Site.server.get(r)
	if err != nil {
		return err
	}
	px, err := newProxy(net.JoinHostPort(server.Host, strconv.Itoa(server.Port)))
	if err != nil {
		return err
	}
	defer px.close()
	through, err := r.Site.Open(strings.Replace(home.Source, fmt.Sprint(":", server.Port), fmt.Sprint(":", px.port()), 1), nil)
	if err != nil {
		return err
	}
	defer through.Close()
	w, err := NewWorld(r, home.Store, "acme", nil)
	if err != nil {
		return err
	}
	x, err := w.Inside(through.Store, nil)
	if err != nil {
		return err
	}
	committed, expected := 0, int64(0)
	for i := range n {
		// The number's transaction is done before, so that the cut meets the command's.
		if _, err := x.Record(r, 0); err != nil {
			return err
		}
		key := fmt.Sprint("key", i)
		early := i%4 == 3 && !bug
		px.before.Store(early)
		before, err := home.count(r, w)
		if err != nil {
			return err
		}
		px.armed.Store(true)
		_, err = x.Record(r, 2, pursuit.RequestID(key))
		if px.armed.Swap(false) {
			return errors.New("COMMIT didn't pass the proxy")
		}
		if !errors.Is(err, fault.ErrOutcomeUnknown) {
			r.Breach("cut %d: the answer was %v", i, err)
		}
		again := []pursuit.CallOption{pursuit.RequestID(key)}
		if bug {
			again = nil
		}
		after, err := home.settled(r, w, before, early)
		if err != nil {
			return err
		}
		if after > before {
			committed++
		}
		if _, err := x.Record(r, 2, again...); err != nil {
			r.Breach("cut %d: repeated: %v", i, err)
		}
		final, err := home.count(r, w)
		if err != nil {
			return err
		}
		if final != before+1 {
			r.Breach("cut %d: %d opportunities instead of one", i, final-before)
		}
		expected = final
		r.Did(1)
	}
	if versions, err := Whole(r, home.Store, "acme"); err != nil || int64(len(versions)) != expected {
		r.Breach("%d opportunities, %v", len(versions), err)
	}
	r.Figure("%d of %d had been committed", committed, n)
	return nil
}

func (p *Place) count(r *Run, w *World) (int64, error) {
	return w.S.Opportunities().Count(r, opportunity.Filter{})
}

// settled counts once the server has ended the cut transaction.
func (p *Place) settled(r *Run, w *World, before int64, early bool) (n int64, err error) {
	for range 100 {
		if n, err = p.count(r, w); err != nil || n > before || early {
			return n, err
		}
		if k, err := p.open(r); err != nil || k == 0 {
			return p.count(r, w)
		}
	}
	return n, err
}
