package fault

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Chain returns an error and its causes, the outermost first, in words that a
// host's log may keep. An error of the library stands with its text. Of any other
// one it tells the type, and what is known to be harmless:
//
//   - the SQLSTATE, number or result code of a database's error, its class in
//     words, and the names of the constraint and table, never the message: it
//     quotes values ("Duplicate entry 'Ann'"), statements and data sources;
//   - the texts of well-known errors without values ("EOF", "context canceled",
//     "connection refused");
//   - what an error that is a [slog.LogValuer] gives: a host's own errors can so
//     say what may be logged.
//
// Everything else that an error says is reached by errors.As and errors.Unwrap.
func Chain(err error) []string {
	var out []string
	walk(err, &out, 0)
	return out
}

// maxChain is more errors than any true chain has.
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

// bracket tells an error that only holds others, as fmt.Errorf and errors.Join
// make it.
func bracket(err error) bool {
	switch fmt.Sprintf("%T", err) {
	case "*fmt.wrapError", "*fmt.wrapErrors", "*errors.joinError":
		return true
	}
	return false
}

// unwrapped returns the causes of an error. An error may panic when it is asked,
// as a typed nil pointer does.
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

// Format prints the error: %+v with its causes as [Chain] tells them, %#v as
// GoString does, and all else as the text that Error gives.
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

// LogValue is what package log/slog logs: the code, the kind, the message, the
// fields at fault as paths and codes, and the causes as [Chain] tells them.
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
