// Package goget tests that the modules that hosts import can be fetched from a module
// proxy into an empty project, as after a release. It has tests only.
package goget
