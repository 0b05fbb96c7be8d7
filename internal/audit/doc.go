// Package audit checks that what a store holds of a tenant agrees with its journal.
// Tests use it; it will be what an audit for hosts is made of.
package audit
