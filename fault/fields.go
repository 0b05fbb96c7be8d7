package fault

import (
	"errors"
	"strconv"
)

// Fields collects everything at fault, so that a refusal lists all of it and not
// only the first. The zero value is ready to use.
type Fields struct{ list []Field }

// Add adds one field.
func (f *Fields) Add(path, code, message string) {
	f.list = append(f.list, Field{Path: path, Code: code, Message: message})
}

// Note adds an existing field.
func (f *Fields) Note(x Field) { f.list = append(f.list, x) }

// Merge adds the fields of another error below a path. An error without fields
// becomes one field with the error's code. The text of an error from outside the
// library is left out, because it may hold private data.
func (f *Fields) Merge(prefix string, err error) {
	if err == nil {
		return
	}
	fields := FieldsOf(err)
	if len(fields) == 0 {
		var e *Error
		if errors.As(err, &e) {
			f.Add(prefix, e.Code, e.Error())
		} else {
			f.Add(prefix, "invalid", "isn't valid")
		}
		return
	}
	for _, x := range fields {
		x.Path = prefix + x.Path
		f.list = append(f.list, x)
	}
}

// Empty reports whether no field was added.
func (f *Fields) Empty() bool { return len(f.list) == 0 }

// List returns the collected fields.
func (f *Fields) List() []Field { return f.list }

// Invalid returns an ErrInvalid with the collected fields, or nil if there are
// none.
func (f *Fields) Invalid(code string) error {
	if f.Empty() {
		return nil
	}
	return Invalid(code, f.list...)
}

// NotAllowed returns an ErrNotAllowed with the collected fields, or nil if there
// are none.
func (f *Fields) NotAllowed(code, message string) error {
	if f.Empty() {
		return nil
	}
	return NotAllowed(code, message, f.list...)
}

// Index returns the pointer to an element: Index("/lines", 2) is "/lines/2".
func Index(path string, i int) string { return path + "/" + strconv.Itoa(i) }
