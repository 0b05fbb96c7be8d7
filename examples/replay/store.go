package main

import (
	"context"
	"fmt"

	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// openStore opens the store that the flags ask for: kind is "sqlite" or
// "memory"; db is SQLite's file. The second result closes it.
func openStore(_ context.Context, kind, _ string) (storage.Store, func() error, error) {
	if kind == "memory" {
		return memory.New(), func() error { return nil }, nil
	}
	return nil, nil, fmt.Errorf("the store %q isn't there yet", kind)
}
