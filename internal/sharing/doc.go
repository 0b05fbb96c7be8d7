// Package sharing finds memory that two values share. Tests of Clone methods
// use it, so that a field that is added later can't be forgotten.
package sharing
