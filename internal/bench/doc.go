// Package bench compares the library with others, in a module of its own, so
// that the library itself stays free of what it is compared with.
package bench
