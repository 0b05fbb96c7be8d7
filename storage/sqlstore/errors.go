package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"github.com/pursuit-crm/pursuit/fault"
)

func aborted() error {
	return fault.New(fault.ErrTxAborted, "storage.aborted", "an earlier error ended the transaction")
}

func readOnly() error { return fault.NotAllowed("storage.read_only", "the transaction is read-only") }

func conflict(code string) error {
	return fault.New(fault.ErrConflict, code, "was changed by someone else")
}

func duplicate(code string) error { return fault.Duplicate(code) }

func corrupt(cause error) error {
	return fault.Wrap(fault.ErrCorrupt, "storage.corrupt", "a stored row can't be read", cause)
}

func cancelled(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fault.Wrap(fault.ErrCancelled, "storage.cancelled", "the context ended", err)
	}
	return nil
}

// fault turns a driver's error into one of the library's.
func (s *Store) fault(ctx context.Context, err error) error {
	var typed *fault.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &typed):
		return err
	case ctx.Err() != nil:
		return fault.Wrap(fault.ErrCancelled, "storage.cancelled", "the context ended", errors.Join(ctx.Err(), err))
	case errors.Is(err, sql.ErrTxDone), errors.Is(err, sql.ErrConnDone):
		return fault.Wrap(fault.ErrTxAborted, "storage.aborted", "the transaction has ended", err)
	}
	switch s.class(err) {
	case classRetry:
		return fault.Wrap(fault.ErrRetry, "storage.busy", "the database gave the transaction up", err)
	case classUnique:
		return fault.Wrap(fault.ErrDuplicate, "storage.unique", "the key already exists", err)
	case classReference:
		// Something was deleted, or came to be used, since the command looked.
		return fault.Wrap(fault.ErrConflict, "storage.reference", "a referenced record was changed by someone else", err)
	case classOverflow:
		return fault.Wrap(fault.ErrLimit, "pipeline.overflow", "a sum is too large", err)
	case classFull:
		return fault.Wrap(fault.ErrInternal, "storage.full", "the database is full", err)
	case classLost:
		return fault.Wrap(fault.ErrInternal, "storage.connection", "the connection was lost", err)
	case classAborted:
		return fault.Wrap(fault.ErrTxAborted, "storage.aborted", "an earlier error ended the transaction", err)
	}
	return fault.Wrap(fault.ErrInternal, "storage.failed", "the database failed", err)
}

func (s *Store) class(err error) class {
	if errors.Is(err, driver.ErrBadConn) {
		return classLost
	}
	return s.d.classify(err)
}

// commitFault is fault for COMMIT: without an answer the outcome is unknown.
func (s *Store) commitFault(err error) error {
	switch c := s.class(err); {
	case c == classRetry:
		return fault.Wrap(fault.ErrRetry, "storage.busy", "the database gave the transaction up", err)
	case c == classLost, c != classAborted && s.d.refused != nil && !s.d.refused(err):
		return fault.Wrap(fault.ErrOutcomeUnknown, "storage.commit", "the connection was lost during commit", err)
	}
	return s.fault(context.Background(), err)
}

// taken gives a port's own code to a key that is taken.
func taken(err error, code string) error {
	if fault.CodeOf(err) == "storage.unique" {
		return duplicate(code)
	}
	return err
}
