package memory

import "context"

// lock is a lock for one writer or many readers that can be given up while it
// is waited for. Whoever waits to write lets no more readers in.
type lock struct {
	door    chan struct{} // full while someone enters
	taken   chan struct{} // full while there are readers, or a writer
	readers chan int      // holds how many readers there are, if there are any
}

func newLock() lock {
	return lock{make(chan struct{}, 1), make(chan struct{}, 1), make(chan int, 1)}
}

func (l lock) write(ctx context.Context) error {
	if err := fill(ctx, l.door); err != nil {
		return err
	}
	defer func() { <-l.door }()
	return fill(ctx, l.taken)
}

func (l lock) written() { <-l.taken }

func (l lock) read(ctx context.Context) error {
	if err := fill(ctx, l.door); err != nil {
		return err
	}
	defer func() { <-l.door }()
	select {
	case n := <-l.readers:
		l.readers <- n + 1
		return nil
	case l.taken <- struct{}{}:
		l.readers <- 1
		return nil
	case <-ctx.Done():
		return cancelled(ctx)
	}
}

func (l lock) done() {
	if n := <-l.readers; n > 1 {
		l.readers <- n - 1
		return
	}
	<-l.taken
}

func fill(ctx context.Context, c chan struct{}) error {
	select {
	case c <- struct{}{}:
		return nil
	case <-ctx.Done():
		return cancelled(ctx)
	}
}
