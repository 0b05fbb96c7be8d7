package order

import "slices"

// Clone returns a copy that shares nothing.
func (s Snapshot) Clone() Snapshot {
	s.Root = s.Root.Clone()
	s.Items = slices.Clone(s.Items)
	for i := range s.Items {
		s.Items[i] = s.Items[i].Clone()
	}
	s.Events = slices.Clone(s.Events)
	for i := range s.Events {
		s.Events[i] = s.Events[i].Clone()
	}
	return s
}

// Clone returns a copy that shares nothing.
func (r Root) Clone() Root { return r }

// Clone returns a copy that shares nothing. (Decimals are immutable values.)
func (l Line) Clone() Line {
	if l.Tax != nil {
		tax := *l.Tax
		l.Tax = &tax
	}
	return l
}

// Clone returns a copy that shares nothing.
func (e ExecutionEvent) Clone() ExecutionEvent { return e }

// Clone returns a copy that shares nothing.
func (s Settings) Clone() Settings { return s }
