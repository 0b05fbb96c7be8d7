// Package policytest is a suite for hosts that write a policy of their own: it asks the
// policy about generated subjects and holds what the library rests on.
package policytest
