package fault

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Chain returns an error and its causes, outermost first, in words that a host
// may log. An error of the library appears with its text. Any other error appears
// with its type and the parts known to be harmless:
//
//   - for a database error, the SQLSTATE, number or result code, its class in
//     words, and the names of the constraint and table; never the message, which
//     quotes values ("Duplicate entry 'Ann'"), statements and data sources;
//   - the texts of well-known errors without values ("EOF", "context canceled",
//     "connection refused");
//   - the LogValue of an error that is a [slog.LogValuer], so a host's own errors
//     can choose what may be logged.
//
// Use errors.As and errors.Unwrap to reach the rest.
func Chain(err error) []string {
	var out []string
	walk(err, &out, 0)
	return out
}

// maxChain is longer than any real chain.
const maxChain = 50

func walk(err error, out *[]string, depth int) {
	if err == nil || len(*out) >= maxChain || depth >= maxChain {
		return
	}
	if e, ok := err.(*Error); ok {
		if e != nil {
			*out = append(*out, e.Error())
			walk(e.Cause, out, depth+1)
		}
		return
	}
	causes := unwrapped(err)
	if text := harmless(err); text != "" && !(len(causes) > 0 && bracket(err)) {
		*out = append(*out, text)
	}
	for _, c := range causes {
		walk(c, out, depth+1)
	}
}

// bracket reports whether an error only holds others, like those of fmt.Errorf
// and errors.Join.
func bracket(err error) bool {
	switch fmt.Sprintf("%T", err) {
	case "*fmt.wrapError", "*fmt.wrapErrors", "*errors.joinError":
		return true
	}
	return false
}

// unwrapped returns the causes of an error. It recovers, because asking an error
// can panic, as a typed nil pointer does.
func unwrapped(err error) (causes []error) {
	defer func() { _ = recover() }()
	switch w := err.(type) {
	case interface{ Unwrap() error }:
		if c := w.Unwrap(); c != nil {
			causes = []error{c}
		}
	case interface{ Unwrap() []error }:
		causes = w.Unwrap()
	}
	return causes
}

// Format prints %+v with the causes as in [Chain], %#v as GoString, and every
// other verb as the text of Error.
func (e *Error) Format(s fmt.State, verb rune) {
	switch {
	case verb == 'v' && s.Flag('+'):
		_, _ = io.WriteString(s, strings.Join(Chain(e), "; cause: "))
	case verb == 'v' && s.Flag('#'):
		_, _ = io.WriteString(s, e.GoString())
	default:
		_, _ = fmt.Fprintf(s, fmt.FormatString(s, verb), e.Error())
	}
}

// LogValue is the error as package log/slog logs it: the code, the kind, the
// message, the paths and codes of the fields, and the causes as in [Chain].
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("code", e.Code)}
	if e.Kind != nil {
		attrs = append(attrs, slog.String("kind", e.Kind.Error()))
	}
	if e.Message != "" {
		attrs = append(attrs, slog.String("message", e.Message))
	}
	if len(e.Fields) > 0 {
		fields := make([]string, len(e.Fields))
		for i, f := range e.Fields {
			fields[i] = f.Path + ": " + f.Code
		}
		attrs = append(attrs, slog.Any("fields", fields))
	}
	if causes := Chain(e.Cause); len(causes) > 0 {
		attrs = append(attrs, slog.Any("causes", causes))
	}
	return slog.GroupValue(attrs...)
}
