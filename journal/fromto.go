package journal

// FromTo is a value before and after an event; an empty one is left out.
type FromTo[T comparable] struct {
	From T `json:"from,omitzero"`
	To   T `json:"to,omitzero"`
}

// Set notes a change; the same value twice is none.
func (x *FromTo[T]) Set(from, to T) {
	if from != to {
		*x = FromTo[T]{from, to}
	}
}
