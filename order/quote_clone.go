package order

import "slices"

// Clone returns a copy that shares nothing.
func (s QuoteSnapshot) Clone() QuoteSnapshot {
	s.QuoteRoot = s.QuoteRoot.Clone()
	s.Items = cloneQuoteLines(s.Items)
	s.Past = slices.Clone(s.Past)
	for i := range s.Past {
		s.Past[i] = s.Past[i].Clone()
	}
	return s
}

// Clone returns a copy that shares nothing.
func (r QuoteRoot) Clone() QuoteRoot { return r }

// Clone returns a copy that shares nothing.
func (r QuoteRevision) Clone() QuoteRevision {
	r.Items = cloneQuoteLines(r.Items)
	return r
}

// Clone returns a copy that shares nothing. (Decimals are immutable values.)
func (l QuoteLine) Clone() QuoteLine {
	if l.Tax != nil {
		tax := *l.Tax
		l.Tax = &tax
	}
	return l
}

func cloneQuoteLines(lines []QuoteLine) []QuoteLine {
	lines = slices.Clone(lines)
	for i := range lines {
		lines[i] = lines[i].Clone()
	}
	return lines
}
