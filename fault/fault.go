package fault

import (
	"errors"
	"strconv"
	"strings"
)

// The kinds. Test for them with errors.Is; an error has exactly one of them.
var (
	// ErrInvalid says that the input breaks a rule; Fields say where.
	ErrInvalid = errors.New("invalid input")
	// ErrNotFound says that the thing isn't there, is another tenant's, or is
	// hidden from the actor: the three can't be told apart (J03).
	ErrNotFound = errors.New("not found")
	// ErrConflict says that the thing was changed by somebody else, or that the
	// version given isn't the current one (O11).
	ErrConflict = errors.New("conflict")
	// ErrDuplicate says that a value that must be unique is taken.
	ErrDuplicate = errors.New("duplicate")
	// ErrNotAllowed says that the state of the thing, or a gate, forbids the
	// command now; Fields list every condition that isn't met (P08).
	ErrNotAllowed = errors.New("not allowed in this state")
	// ErrForbidden says that the policy denies the command to this actor.
	ErrForbidden = errors.New("forbidden")
	// ErrInUse says that something refers to what was to be removed.
	ErrInUse = errors.New("in use")
	// ErrLimit says that a documented limit would be exceeded.
	ErrLimit = errors.New("limit exceeded")
	// ErrRequestReused says that a request id was used before for another
	// command (O13).
	ErrRequestReused = errors.New("request id used for another command")
	// ErrSalesSystemDisabled says that the tenant's sales system isn't enabled (Q01).
	ErrSalesSystemDisabled = errors.New("sales system is not enabled")
	// ErrSalesSystemNotInitialised says that the tenant's sales system is enabled,
	// but not initialised (Q01).
	ErrSalesSystemNotInitialised = errors.New("sales system is not initialised")
	// ErrTxAborted says that the transaction was ended by an earlier error; it
	// refuses everything until the host rolls it back.
	ErrTxAborted = errors.New("transaction aborted")
	// ErrRetry says that the database gave the transaction up (a deadlock, a
	// serialisation failure, a busy file): the whole of it may be tried again.
	ErrRetry = errors.New("transaction must be retried")
	// ErrOutcomeUnknown says that COMMIT was sent and no answer came: it may have
	// been done. Repeat with the same request id to find out.
	ErrOutcomeUnknown = errors.New("outcome of commit is unknown")
	// ErrCorrupt says that stored data breaks a promise that it should keep.
	ErrCorrupt = errors.New("stored data is corrupt")
	// ErrCancelled says that the caller's context ended before the work was done;
	// context.Canceled or context.DeadlineExceeded is in the chain. Nothing was
	// written.
	ErrCancelled = errors.New("cancelled")
	// ErrHost says that the host's own code (policy, gate, publisher, sales
	// system) failed or panicked; nothing was written.
	ErrHost = errors.New("host callback failed")
	// ErrInternal says that the store failed for a reason that the caller can't
	// mend; the cause is in the chain.
	ErrInternal = errors.New("internal error")
)

// Field names one place in the input, or one condition, that is at fault.
type Field struct {
	// Path is a JSON pointer into the input ("/lines/2/quantity"), or the name of
	// a condition ("gate/has_primary_contact").
	Path string `json:"path"`
	// Code is stable and machine-readable: "required", "too_long", "negative".
	Code string `json:"code"`
	// Message is for people.
	Message string `json:"message"`
	// Texts says the same by language (BCP 47), if the condition has texts of its
	// own, as a gate may have (N02); Message is then the English one, or the nearest
	// that there is.
	Texts map[string]string `json:"texts,omitempty"`
}

// Error is the library's error. Kind is one of the package's sentinels, Code is
// stable and dotted, Fields lists everything at fault. Neither its text nor its JSON
// shows the cause, which may hold what must not be shown.
type Error struct {
	Kind    error   `json:"-"`
	Code    string  `json:"code"`
	Message string  `json:"message,omitempty"`
	Fields  []Field `json:"fields,omitempty"`
	Cause   error   `json:"-"`
}

// Error gives the code, the message and the fields in one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	msg := e.Message
	if msg == "" && e.Kind != nil {
		msg = e.Kind.Error()
	}
	if msg != "" {
		b.WriteString(": ")
		b.WriteString(msg)
	}
	for i, f := range e.Fields {
		if i == 0 {
			b.WriteString(" (")
		} else {
			b.WriteString("; ")
		}
		b.WriteString(f.Path)
		b.WriteString(": ")
		if f.Message != "" {
			b.WriteString(f.Message)
		} else {
			b.WriteString(f.Code)
		}
	}
	if len(e.Fields) > 0 {
		b.WriteByte(')')
	}
	return b.String()
}

// GoString is what %#v prints: what Error gives, and nothing of the cause, which may
// hold what must not be shown.
func (e *Error) GoString() string { return "&fault.Error{" + strconv.Quote(e.Error()) + "}" }

// Unwrap lets errors.Is find the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Cause}
}

// New makes an error of a kind.
func New(kind error, code, message string, fields ...Field) *Error {
	return &Error{Kind: kind, Code: code, Message: message, Fields: fields}
}

// Wrap makes an error of a kind with a cause. The cause's text isn't in the
// message: it may hold what must not be shown.
func Wrap(kind error, code, message string, cause error) *Error {
	return &Error{Kind: kind, Code: code, Message: message, Cause: cause}
}

// Invalid is an error of kind ErrInvalid.
func Invalid(code string, fields ...Field) *Error {
	return New(ErrInvalid, code, "", fields...)
}

// NotFound is an error of kind ErrNotFound.
func NotFound(code string) *Error { return New(ErrNotFound, code, "") }

// Duplicate is an error of kind ErrDuplicate. A code that ends with ".code.taken"
// is of the input's field /code.
func Duplicate(code string) *Error {
	e := New(ErrDuplicate, code, "is taken")
	if strings.HasSuffix(code, ".code.taken") {
		e.Fields = []Field{{Path: "/code", Code: "taken", Message: "is taken"}}
	}
	return e
}

// NotAllowed is an error of kind ErrNotAllowed.
func NotAllowed(code, message string, fields ...Field) *Error {
	return New(ErrNotAllowed, code, message, fields...)
}

// CodeOf returns the code of the first *Error in err's chain, or "".
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// FieldsOf returns the fields of the first *Error in err's chain.
func FieldsOf(err error) []Field {
	var e *Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}
