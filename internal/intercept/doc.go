// Package intercept has a store that stands before another one and is told of every
// call of every port: tests make calls fail, hang or panic by it, count them, or do
// something else in their place.
package intercept
