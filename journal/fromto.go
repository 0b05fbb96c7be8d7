package journal

// FromTo is a value before and after an event; empty values are omitted.
type FromTo[T comparable] struct {
	From T `json:"from,omitzero"`
	To   T `json:"to,omitzero"`
}

// Set records a change; it ignores equal values.
func (x *FromTo[T]) Set(from, to T) {
	if from != to {
		*x = FromTo[T]{from, to}
	}
}
