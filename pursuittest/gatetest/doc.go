// Package gatetest is a suite for hosts that write their own kinds of gates: a
// table of inputs and expected verdicts.
package gatetest
