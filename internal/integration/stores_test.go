package integration

import (
	"testing"

	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// hostTx is a transaction of a host, with the store bound to it.
type hostTx struct {
	bound    storage.Bound
	commit   func() error
	rollback func() error
}

// adapter is a store that every rule is tested on.
type adapter struct {
	name string
	// open gives a fresh, empty store, and what begins a host's transaction on it.
	open func(t *testing.T) (storage.Store, func() hostTx)
}

// stores are the adapters.
var stores = append([]adapter{
	{"memory", func(*testing.T) (storage.Store, func() hostTx) {
		s := memory.New()
		return s, func() hostTx {
			h := s.Begin()
			return hostTx{s.Bind(h), h.Commit, func() error { h.Rollback(); return nil }}
		}
	}},
}, onDatabases()...)

func onDatabases() (out []adapter) {
	for _, d := range databases {
		out = append(out, adapter{d.name, d.asStore})
	}
	return out
}

// mustOpen opens it without a host.
func (a adapter) mustOpen(t *testing.T) storage.Store {
	s, _ := a.open(t)
	return s
}
