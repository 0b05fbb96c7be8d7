package optional

// Set puts a value in its place if one is given.
func Set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}
