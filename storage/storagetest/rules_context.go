package storagetest

import (
	"context"
	"errors"
	"time"

	"github.com/pursuit-crm/pursuit/storage"
)

func contextRules() []Rule {
	return []Rule{
		{"context/cancelled-before", "begins work for a caller who has gone would waste a connection and may commit what nobody waits for", func(e *env) {
			ctx, cancel := context.WithCancel(e.ctx)
			cancel()
			ran := false
			fn := func(context.Context, storage.Tx) error { ran = true; return nil }
			for name, run := range map[string]func(context.Context, func(context.Context, storage.Tx) error) error{"Update": e.store.Update, "View": e.store.View} {
				if err := run(ctx, fn); !errors.Is(err, context.Canceled) {
					e.errorf("%s with a cancelled context: %v, want context.Canceled in the chain", name, err)
				}
			}
			if ran {
				e.errorf("the closure ran though the context was cancelled before")
			}
		}},
		{"context/J08_cancelled-before-commit", "commits for a caller who has gone would write what the caller was told has failed", func(e *env) {
			b, d, o := e.stocked("t")
			probes := b.probes(d, o)
			ctx, cancel := context.WithCancel(e.ctx)
			defer cancel()
			err := e.store.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
				for _, p := range probes {
					if p.writes {
						if err := p.call(ctx, tx); err != nil {
							return err
						}
					}
				}
				cancel()
				return nil
			})
			if !errors.Is(err, context.Canceled) {
				e.errorf("Update: %v, want context.Canceled in the chain", err)
			}
			b.probed("after a cancelled commit", false)
		}},
		{"context/J08_cancelled-midway", "goes on after the context ended would run each later statement in a transaction of its own, as SQLite does", func(e *env) {
			b, d, o := e.stocked("t")
			probes := b.probes(d, o)
			for i, p := range probes {
				ctx, cancel := context.WithCancel(e.ctx)
				err := e.store.Update(ctx, func(ctx context.Context, tx storage.Tx) error {
					first := probes[0]
					for _, w := range probes {
						if w.writes && w.name != p.name {
							first = w
							break
						}
					}
					if err := first.call(ctx, tx); err != nil {
						return err
					}
					cancel()
					if err := p.call(ctx, tx); !errors.Is(err, context.Canceled) {
						e.errorf("%s with a cancelled context: %v, want context.Canceled in the chain", p.name, err)
					}
					// A live context doesn't revive the transaction.
					if err := probes[(i+1)%len(probes)].call(context.WithoutCancel(ctx), tx); err == nil {
						e.errorf("after a call whose context had ended, %s still works", probes[(i+1)%len(probes)].name)
					}
					return nil
				})
				if err == nil {
					e.errorf("%s: Update succeeded though the context was cancelled", p.name)
				}
				cancel()
			}
			b.probed("after cancelled transactions", false)
		}},
		{"context/deadline", "doesn't honour a deadline would hold a host's request for ever", func(e *env) {
			ctx, cancel := context.WithDeadline(e.ctx, time.Now().Add(-time.Second))
			defer cancel()
			if err := e.store.Update(ctx, func(context.Context, storage.Tx) error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
				e.errorf("Update after the deadline: %v, want context.DeadlineExceeded in the chain", err)
			}
		}},
		{"context/closure-gets-the-callers", "hides the caller's context would lose its values, such as a trace", func(e *env) {
			type key struct{}
			ctx := context.WithValue(e.ctx, key{}, "here")
			for _, run := range []func(context.Context, func(context.Context, storage.Tx) error) error{e.store.Update, e.store.View} {
				err := run(ctx, func(ctx context.Context, _ storage.Tx) error {
					if ctx.Value(key{}) != "here" {
						e.errorf("the closure's context lacks the caller's values")
					}
					return nil
				})
				if err != nil {
					e.errorf("an empty transaction: %v", err)
				}
			}
		}},
	}
}
