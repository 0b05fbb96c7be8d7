package order

import "slices"

// Clone returns a deep copy.
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

// Clone returns a deep copy.
func (r Root) Clone() Root { return r }

// Clone returns a deep copy. (Decimals are immutable values.)
func (l Line) Clone() Line {
	if l.Tax != nil {
		tax := *l.Tax
		l.Tax = &tax
	}
	return l
}

// Clone returns a deep copy.
func (e ExecutionEvent) Clone() ExecutionEvent { return e }

// Clone returns a deep copy.
func (s Settings) Clone() Settings { return s }
