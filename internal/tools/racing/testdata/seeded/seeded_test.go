// Package seeded has a race that the detector must find.
package seeded

import (
	"sync"
	"testing"
)

// TestRace lets two goroutines write one variable.
func TestRace(t *testing.T) {
	n := 0
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { n++ })
	}
	both.Wait()
	t.Log(n)
}
