package pursuit

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/pursuit-crm/pursuit/storage"
)

// Blocks of numbers that are taken at once: the more, the fewer statements, and
// the more gaps when a program ends.
const (
	numberBlock = 64
	batchBlock  = 256
)

// numbers holds blocks that were taken from the store's series and not handed
// out yet. Numbers may have gaps, and are never given twice (O01).
type numbers struct {
	mu     sync.Mutex
	blocks map[string]block
}

type block struct{ next, end int64 }

func (n *numbers) pop(key string) (int64, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	b, ok := n.blocks[key]
	if !ok || b.next >= b.end {
		return 0, false
	}
	n.blocks[key] = block{b.next + 1, b.end}
	return b.next, true
}

func (n *numbers) put(key string, b block) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.blocks == nil {
		n.blocks = map[string]block{}
	}
	if old := n.blocks[key]; old.end-old.next < b.end-b.next {
		n.blocks[key] = b
	}
}

// series is a year's series, and where blocks of its numbers are held.
type series struct {
	name string // "OPP-2026"
	key  string
	held *numbers
	size int64 // of a block
}

// series gives that of a prefix. In a transaction of its own a block comes from one
// more transaction before it; in a batch or a host's transaction, whose rolling
// back takes the block back, it comes from that one and is used only there.
func (s *Session) series(prefix string, on time.Time) series {
	name := fmt.Sprintf("%s-%04d", prefix, on.In(s.eng.zone(s.actor.Tenant)).Year())
	x := series{name, s.actor.Tenant + "\x00" + name, s.eng.numbers, numberBlock}
	if s.tx != nil {
		x.held, x.size = s.numbers, batchBlock
	} else if s.eng.bound {
		x.size = 1
	}
	return x
}

// pop hands out a number that is held, or "".
func (x series) pop() string {
	n, ok := x.held.pop(x.key)
	if !ok {
		return ""
	}
	return x.number(n)
}

func (x series) number(n int64) string { return fmt.Sprintf("%s-%06d", x.name, n) }

// number hands out the next number of a year's series: "OPP-2026-000123".
func (s *Session) number(ctx context.Context, prefix string, on time.Time) (number string, err error) {
	defer rescue(&err)
	x := s.series(prefix, on)
	if number := x.pop(); number != "" {
		return number, nil
	}
	var n int64
	err = s.run(ctx, false, func(ctx context.Context, tx storage.Tx) (err error) {
		n, err = tx.Numbers().Take(ctx, s.actor.Tenant, x.name, x.size)
		return err
	})
	if err != nil {
		return "", err
	}
	x.held.put(x.key, block{n + 1, n + x.size})
	return x.number(n), nil
}
