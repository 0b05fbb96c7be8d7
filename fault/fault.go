package fault

import (
	"errors"
	"strconv"
	"strings"
)

// The kinds of error. Test for them with errors.Is; an error has exactly one.
var (
	// ErrInvalid means that the input breaks a rule; Fields locate it.
	ErrInvalid = errors.New("invalid input")
	// ErrNotFound means that the object doesn't exist, belongs to another tenant,
	// or is hidden from the actor. A caller can't tell the three apart (J03).
	ErrNotFound = errors.New("not found")
	// ErrConflict means that someone else changed the object, or that the given
	// version isn't the current one (O11).
	ErrConflict = errors.New("conflict")
	// ErrDuplicate means that a value that must be unique is taken.
	ErrDuplicate = errors.New("duplicate")
	// ErrNotAllowed means that the object's state, or a gate, forbids the command
	// now; Fields list every unmet condition (P08).
	ErrNotAllowed = errors.New("not allowed in this state")
	// ErrForbidden means that the policy denies the command to this actor.
	ErrForbidden = errors.New("forbidden")
	// ErrInUse means that the object can't be removed because something refers to
	// it.
	ErrInUse = errors.New("in use")
	// ErrLimit means that a documented limit would be exceeded.
	ErrLimit = errors.New("limit exceeded")
	// ErrRequestReused means that the request id was used before for another
	// command (O13).
	ErrRequestReused = errors.New("request id used for another command")
	// ErrSalesSystemDisabled means that the tenant's sales system isn't enabled
	// (Q01).
	ErrSalesSystemDisabled = errors.New("sales system is not enabled")
	// ErrSalesSystemNotInitialised means that the tenant's sales system is
	// enabled but not initialised (Q01).
	ErrSalesSystemNotInitialised = errors.New("sales system is not initialised")
	// ErrTxAborted means that an earlier error ended the transaction, which
	// refuses every call until the host rolls it back.
	ErrTxAborted = errors.New("transaction aborted")
	// ErrRetry means that the database abandoned the transaction (a deadlock, a
	// serialisation failure, a busy file). The whole transaction may be tried
	// again.
	ErrRetry = errors.New("transaction must be retried")
	// ErrOutcomeUnknown means that COMMIT was sent and no reply came, so it may
	// have taken effect. Retry with the same request id to find out.
	ErrOutcomeUnknown = errors.New("outcome of commit is unknown")
	// ErrCorrupt means that stored data breaks a promise it should keep.
	ErrCorrupt = errors.New("stored data is corrupt")
	// ErrCancelled means that the caller's context ended before the work was
	// done; context.Canceled or context.DeadlineExceeded is in the chain. Nothing
	// was written.
	ErrCancelled = errors.New("cancelled")
	// ErrHost means that the host's own code (policy, gate, publisher, sales
	// system) failed or panicked. Nothing was written.
	ErrHost = errors.New("host callback failed")
	// ErrInternal means that the store failed for a reason the caller can't
	// correct; the cause is in the chain.
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
	// Texts holds the message by language (BCP 47) for a condition with texts of
	// its own, such as a gate's (N02). Message is then the English text, or the
	// nearest one available.
	Texts map[string]string `json:"texts,omitempty"`
}

// Error is the library's error. Kind is one of the package's sentinels, Code is
// stable and dotted, and Fields list everything at fault. Neither its text nor
// its JSON shows the cause, which may hold private data.
type Error struct {
	Kind    error   `json:"-"`
	Code    string  `json:"code"`
	Message string  `json:"message,omitempty"`
	Fields  []Field `json:"fields,omitempty"`
	Cause   error   `json:"-"`
}

// Error returns the code, the message and the fields in one line.
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

// GoString is the %#v form: the text of Error without the cause, which may hold
// private data.
func (e *Error) GoString() string { return "&fault.Error{" + strconv.Quote(e.Error()) + "}" }

// Unwrap lets errors.Is find the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Cause}
}

// New returns an error of a kind.
func New(kind error, code, message string, fields ...Field) *Error {
	return &Error{Kind: kind, Code: code, Message: message, Fields: fields}
}

// Wrap returns an error of a kind with a cause. The cause's text stays out of the
// message, because it may hold private data.
func Wrap(kind error, code, message string, cause error) *Error {
	return &Error{Kind: kind, Code: code, Message: message, Cause: cause}
}

// Invalid returns an error of kind ErrInvalid.
func Invalid(code string, fields ...Field) *Error {
	return New(ErrInvalid, code, "", fields...)
}

// NotFound returns an error of kind ErrNotFound.
func NotFound(code string) *Error { return New(ErrNotFound, code, "") }

// Duplicate returns an error of kind ErrDuplicate. A code that ends in
// ".code.taken" gets the input's field /code.
func Duplicate(code string) *Error {
	e := New(ErrDuplicate, code, "is taken")
	if strings.HasSuffix(code, ".code.taken") {
		e.Fields = []Field{{Path: "/code", Code: "taken", Message: "is taken"}}
	}
	return e
}

// NotAllowed returns an error of kind ErrNotAllowed.
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
