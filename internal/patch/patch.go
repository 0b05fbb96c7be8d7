// Package patch puts what an update gives onto what there is.
package patch

// Set puts a value in its place if one is given; nil leaves what is there.
func Set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}
