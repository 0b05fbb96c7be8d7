package pursuit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

// Numbers are taken from the store's series in blocks, which double while they
// are used up quickly. A batch starts with one number, because it returns unused
// ones; in a host's transaction each number is taken separately.
const (
	minBlock      = 8
	maxBlock      = 64
	maxBatchBlock = 256
	// blockTime is the time within which a block must be used up for the next one
	// to be larger.
	blockTime = time.Minute
)

// numbers holds unused numbers taken from the store's series. They may have gaps,
// and are never assigned twice (O01).
type numbers struct {
	mu     sync.Mutex
	series map[string]*held
}

// held is the engine's stock of one series.
type held struct {
	mu sync.Mutex
	// free are blocks of numbers, in order.
	free []block
	// size and taken are those of the last block.
	size  int64
	taken time.Time
	// waiting is the number of commands that need a number from the next block,
	// which is being taken.
	waiting int64
	taking  chan struct{}
	tenant  string
	name    string
	width   int
}

// block is the numbers from next to end, without end.
type block struct{ next, end int64 }

func (n *numbers) of(tenant, name string, width int) *held {
	n.mu.Lock()
	defer n.mu.Unlock()
	key := fmt.Sprintf("%s\x00%s\x00%d", tenant, name, width)
	h := n.series[key]
	if h == nil {
		h = &held{taking: make(chan struct{}, 1), tenant: tenant, name: name, width: width}
		if n.series == nil {
			n.series = map[string]*held{}
		}
		n.series[key] = h
	}
	return h
}

// pop returns the lowest held number, or 0.
func (h *held) pop() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.free) == 0 {
		return 0
	}
	b := &h.free[0]
	n := b.next
	if b.next++; b.next >= b.end {
		h.free = slices.Delete(h.free, 0, 1)
	}
	return n
}

// put adds unused numbers.
func (h *held) put(b block) {
	if b.next >= b.end {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	i := 0
	for i < len(h.free) && h.free[i].next < b.next {
		i++
	}
	if i < len(h.free) && h.free[i].next == b.end {
		h.free[i].next = b.next
		return
	}
	h.free = slices.Insert(h.free, i, b)
}

// next returns the size of the next block: enough for the waiting commands.
func (h *held) next(now time.Time, least, limit int64) int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if since := now.Sub(h.taken); h.size > 0 && since < blockTime && since > -blockTime {
		h.size *= 2
	} else {
		h.size = least
	}
	h.size = min(max(h.size, h.waiting), limit)
	h.taken = now
	return h.size
}

func (h *held) wait(n int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waiting += n
}

// number formats a number of the series: "OPP-2026-000123".
func (h *held) number(n int64) string { return fmt.Sprintf("%s-%0*d", h.name, h.width, n) }

// held returns the stock of a series. A command in a transaction of its own takes
// a block in a separate transaction before it. In a batch or a host's
// transaction, whose rollback returns the block, the block comes from that
// transaction and is used only there.
func (s *Session) held(of Series, on time.Time) *held {
	from := s.eng.numbers
	if s.tx != nil {
		from = s.numbers
	}
	return from.of(s.actor.Tenant, of.name(on.In(s.eng.zone(s.actor.Tenant))), of.Width)
}

// errNoNumber means that a block of numbers must be taken first; it never leaves
// the commands that need a number.
var errNoNumber = errors.New("no number is held")

// numbering gets the number of one command, for all its attempts.
type numbering struct {
	s    *Session
	from *held
	n    int64 // 0: none yet
	// kept holds the policy's decisions for the current attempt; carried holds
	// those of the previous one, if it stopped to take a number.
	kept, carried answers
	broke         bool
}

// numbered runs a command that needs a number. Its body asks the policy with
// x.allow, decides in x.decide, and writes afterwards.
func (s *Session) numbered(ctx context.Context, proto command, body func(ctx context.Context, c *command, x *numbering) (Result, error)) (Result, error) {
	return s.command(ctx, proto.name, func(ctx context.Context) (Result, error) { return s.numbering(ctx, proto, body) })
}

func (s *Session) numbering(ctx context.Context, proto command, body func(ctx context.Context, c *command, x *numbering) (Result, error)) (Result, error) {
	x := &numbering{s: s}
	run := func() (Result, error) {
		return s.try(ctx, proto, func(ctx context.Context, c *command) (Result, error) {
			x.begin(c)
			res, err := body(ctx, c, x)
			x.kept.customers = c.customers
			return res, err
		})
	}
	res, err := run()
	if errors.Is(err, errNoNumber) {
		if err = x.take(ctx); err != nil {
			return Result{}, err
		}
		res, err = run()
	}
	for skip := int64(1); taken(err) && x.n != 0 && s.tx == nil && !s.eng.bound && skip <= maxSkip; skip *= 2 {
		// Someone used numbers of the series' form by hand: continue after them.
		if err := x.skip(ctx, skip); err != nil {
			return Result{}, err
		}
		res, err = run()
	}
	x.end(ctx, res, err)
	return res, err
}

// maxSkip is the most numbers skipped at once.
const maxSkip = 1 << 16

// skip takes n numbers of the series and uses the last of them.
func (x *numbering) skip(ctx context.Context, n int64) error {
	h := x.from
	return x.s.run(x.s.aside(ctx), false, func(ctx context.Context, tx storage.Tx) error {
		first, err := tx.Numbers().Take(ctx, h.tenant, h.name, n)
		x.n = first + n - 1
		return err
	})
}

// wanted describes the number that a command needs.
type wanted struct {
	of Numbered
	// prefix is the series' default, which the host may override.
	prefix string
	// given is the number in the input, if any.
	given string
	on    time.Time
}

// decide lets the domain decide, possibly twice: it writes nothing. Without a
// held number, the domain first decides with a placeholder, so that a refused
// command uses no number. Errors: errNoNumber if a block must be taken first.
// That can't be done inside the library's own transaction; in a host's it would
// count as a write, after which no refusal leaves the transaction usable.
func (x *numbering) decide(ctx context.Context, c *command, w wanted, domain func(number string) error) error {
	if w.given != "" {
		return domain(w.given)
	}
	if x.s.eng.opts.Numbers != nil {
		if err := domain(string(w.of)); err != nil { // a placeholder: a refused command uses no number
			return err
		}
		number, err := x.asked(ctx, c, w.of, w.on)
		if err != nil {
			return err
		}
		return domain(number)
	}
	if x.n == 0 {
		series, err := x.s.series(w.of, w.prefix)
		if err != nil {
			return err
		}
		x.from = x.s.held(series, w.on)
		x.n = x.from.pop()
	}
	if x.n == 0 {
		if err := domain(x.from.number(0)); err != nil {
			return err
		}
		if x.s.tx == nil {
			x.broke = true
			return errNoNumber
		}
		if err := x.take(ctx); err != nil {
			return err
		}
	}
	return domain(x.from.number(x.n))
}

// take takes a block, unless another command is taking one that is large enough.
func (x *numbering) take(ctx context.Context) (err error) {
	defer rescue(&err)
	h := x.from
	h.wait(1)
	defer h.wait(-1)
	select {
	case h.taking <- struct{}{}:
	case <-ctx.Done():
		return fault.Wrap(fault.ErrCancelled, "storage.cancelled", "the context ended", ctx.Err())
	}
	defer func() { <-h.taking }()
	if x.n = h.pop(); x.n != 0 {
		return nil
	}
	least, limit := int64(minBlock), int64(maxBlock)
	switch {
	case x.s.tx != nil:
		least, limit = 1, maxBatchBlock
	case x.s.eng.bound:
		least, limit = 1, 1
	}
	size := h.next(x.s.eng.now(), least, limit)
	var n int64
	err = x.s.run(x.s.aside(ctx), false, func(ctx context.Context, tx storage.Tx) (err error) {
		n, err = tx.Numbers().Take(ctx, h.tenant, h.name, size)
		return err
	})
	if err != nil {
		return err
	}
	x.n = n
	h.put(block{n + 1, n + size})
	return nil
}

// end returns the number if the command certainly didn't use it.
func (x *numbering) end(ctx context.Context, res Result, err error) {
	switch {
	case x.n == 0 || err == nil && !res.Repeated || res.Number == x.from.number(x.n):
		return
	case errors.Is(err, fault.ErrDuplicate) && fault.CodeOf(err) != fault.CustomerCodeTaken: // the number itself may be at fault
		return
	case err != nil && !refused(err) && !errors.Is(err, fault.ErrHost) && !errors.Is(err, fault.ErrRetry):
		return // it may be stored
	}
	if !x.s.eng.bound || x.s.tx != nil {
		x.from.put(block{x.n, x.n + 1})
		return
	}
	_ = x.s.run(ctx, false, func(ctx context.Context, tx storage.Tx) error {
		return tx.Numbers().Back(ctx, x.from.tenant, x.from.name, x.n, 1)
	})
}

// empty removes and returns all held numbers, by series.
func (n *numbers) empty() []held {
	n.mu.Lock()
	defer n.mu.Unlock()
	var out []held
	for _, h := range n.series {
		h.mu.Lock()
		if len(h.free) > 0 {
			out = append(out, held{free: h.free, tenant: h.tenant, name: h.name})
		}
		h.free, h.size = nil, 0
		h.mu.Unlock()
	}
	return out
}

// back returns numbers to their series: in a batch's own transaction, or if
// nobody took a block since.
func back(ctx context.Context, tx storage.Tx, list []held) error {
	for i := range list {
		for _, b := range slices.Backward(list[i].free) {
			if err := tx.Numbers().Back(ctx, list[i].tenant, list[i].name, b.next, b.end-b.next); err != nil {
				return err
			}
		}
	}
	return nil
}

// ReleaseNumbers returns the engine's unused numbers to their series, up to 64 of
// each. Call it before the program ends, so that they leave no gap; the engine
// stays usable. If another program took a block of a series meanwhile, its
// numbers remain a gap. Errors: the store's, after which all of them are gaps.
func (e *Engine) ReleaseNumbers(ctx context.Context) error {
	e = e.made()
	s := &Session{eng: e, err: e.err}
	if err := s.enter(ctx); err != nil {
		return err
	}
	list := e.numbers.empty()
	if len(list) == 0 {
		return nil
	}
	return s.run(ctx, false, func(ctx context.Context, tx storage.Tx) error { return back(ctx, tx, list) })
}
