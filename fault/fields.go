package fault

import (
	"errors"
	"strconv"
)

// Fields collects what is at fault, so that a refusal lists everything and not
// only the first. The zero value is ready to use.
type Fields struct{ list []Field }

// Add notes one field.
func (f *Fields) Add(path, code, message string) {
	f.list = append(f.list, Field{Path: path, Code: code, Message: message})
}

// Note notes a field that is made already.
func (f *Fields) Note(x Field) { f.list = append(f.list, x) }

// Merge notes the fields of another error below a path. An error without fields
// is noted as one, by its code; of an error that isn't the library's, the text
// isn't shown: it may hold what must not be.
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

// Empty says that nothing was noted.
func (f *Fields) Empty() bool { return len(f.list) == 0 }

// List returns what was noted.
func (f *Fields) List() []Field { return f.list }

// Invalid returns an ErrInvalid with all that was noted, or nil.
func (f *Fields) Invalid(code string) error {
	if f.Empty() {
		return nil
	}
	return Invalid(code, f.list...)
}

// NotAllowed returns an ErrNotAllowed with all that was noted, or nil.
func (f *Fields) NotAllowed(code, message string) error {
	if f.Empty() {
		return nil
	}
	return NotAllowed(code, message, f.list...)
}

// Index gives the pointer of an element: Index("/lines", 2) is "/lines/2".
func Index(path string, i int) string { return path + "/" + strconv.Itoa(i) }
