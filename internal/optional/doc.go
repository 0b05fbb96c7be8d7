// Package optional handles values that an input may leave out: a nil pointer means
// that what is there stays.
package optional
