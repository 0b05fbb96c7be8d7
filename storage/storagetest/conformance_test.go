package storagetest_test

import (
	"testing"

	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
	"github.com/pursuit-crm/pursuit/storage/storagetest"
)

// harness is that of the memory store.
func harness() storagetest.Harness {
	return storagetest.Harness{
		Open: func(storagetest.T) storage.Store { return memory.New() },
		Begin: func(_ storagetest.T, s storage.Store) storagetest.HostTx {
			m := s.(*memory.Store)
			h := m.Begin()
			return storagetest.HostTx{Bound: m.Bind(h), Commit: h.Commit, Rollback: func() error { h.Rollback(); return nil }}
		},
		Lacks: []storagetest.Capability{storagetest.ReadsDuringWrites},
	}
}

func TestConformance(t *testing.T) {
	t.Run("memory", func(t *testing.T) { storagetest.Run(t, harness()) })
}
