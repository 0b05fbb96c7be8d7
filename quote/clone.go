package quote

import "slices"

// Clone returns a deep copy.
func (s Snapshot) Clone() Snapshot {
	s.Root = s.Root.Clone()
	s.Items = cloneLines(s.Items)
	s.Past = slices.Clone(s.Past)
	for i := range s.Past {
		s.Past[i] = s.Past[i].Clone()
	}
	return s
}

// Clone returns a deep copy.
func (r Root) Clone() Root { return r }

// Clone returns a deep copy.
func (r Revision) Clone() Revision {
	r.Items = cloneLines(r.Items)
	return r
}

// Clone returns a deep copy. (Decimals are immutable values.)
func (l Line) Clone() Line {
	if l.Tax != nil {
		tax := *l.Tax
		l.Tax = &tax
	}
	return l
}

func cloneLines(lines []Line) []Line {
	lines = slices.Clone(lines)
	for i := range lines {
		lines[i] = lines[i].Clone()
	}
	return lines
}
