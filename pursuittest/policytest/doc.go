// Package policytest is a suite for hosts that write their own policy: it asks
// the policy about generated subjects, and checks the properties that the library
// depends on.
package policytest
