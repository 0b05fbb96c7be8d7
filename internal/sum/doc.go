// Package sum adds and subtracts amounts of one currency, with one error at the end.
package sum
