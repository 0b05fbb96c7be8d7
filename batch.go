package pursuit

import (
	"errors"

	"github.com/pursuit-crm/pursuit/fault"
)

// batch remembers that a command of it broke off, perhaps half-way.
type batch struct{ broken bool }

func (b *batch) refusal() error {
	if b.broken {
		return fault.New(fault.ErrTxAborted, "batch.aborted", "a command of the batch broke off")
	}
	return nil
}

// run runs a command of the batch. What isn't a refusal, a panic above all, may
// have left it half-written: nothing of the batch may be committed then.
func (b *batch) run(fn func() error) (err error) {
	if err := b.refusal(); err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			b.broken = true
		}
	}()
	defer rescue(&err)
	err = fn()
	done = err == nil || refused(err)
	return err
}

// nested runs a batch inside the batch, which is all or nothing only together
// with it.
func (b *batch) nested(fn func() error) error {
	if err := b.refusal(); err != nil {
		return err
	}
	done := false
	defer func() { b.broken = b.broken || !done }()
	err := fn()
	done = err == nil
	return err
}

// refused says whether an error is a refusal, which comes before anything is
// written.
func refused(err error) bool {
	for _, kind := range []error{fault.ErrInvalid, fault.ErrNotFound, fault.ErrConflict, fault.ErrDuplicate, fault.ErrNotAllowed,
		fault.ErrForbidden, fault.ErrInUse, fault.ErrLimit, fault.ErrRequestReused, fault.ErrSalesSystemDisabled, fault.ErrSalesSystemNotInitialised} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}
