package integration

import (
	"testing"

	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
	"github.com/pursuit-crm/pursuit/storage/storagetest"
)

// adapters are all that the suite is run on; each is a subtest of its name.
func adapters() map[string]storagetest.Harness {
	all := map[string]storagetest.Harness{
		"memory": {
			Open: func(storagetest.T) storage.Store { return memory.New() },
			Begin: func(_ storagetest.T, s storage.Store) storagetest.HostTx {
				m := s.(*memory.Store)
				h := m.Begin()
				return storagetest.HostTx{Bound: m.Bind(h), Commit: h.Commit, Rollback: func() error { h.Rollback(); return nil }}
			},
			Lacks: []storagetest.Capability{storagetest.ReadsDuringWrites},
		},
	}
	all["pgx"] = pgxHarness()
	for _, d := range databases {
		all[d.name] = d.harness()
	}
	return all
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, h := range adapters() {
		h.Parallel = true
		t.Run(name, func(t *testing.T) { t.Parallel(); storagetest.Run(t, h) })
	}
}
