// Package gatetest is a suite for hosts that write kinds of gates of their own: a table
// from what a gate is asked to what it must say.
package gatetest
