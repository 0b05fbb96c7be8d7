package storagetest

import (
	"testing"

	"github.com/pursuit-crm/pursuit/storage"
)

// T is the part of a test that the suite needs; a *testing.T is one. It is an
// interface so that the suite itself can be tested on stores that must fail.
type T interface {
	Helper()
	Name() string
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
	Cleanup(func())
	TempDir() string
}

// Capability is an optional capability of an adapter.
type Capability string

// The capabilities.
const (
	// HostTransactions: the store can work inside a transaction of the host, as
	// storage.Bound. An adapter without it has no method Bind.
	HostTransactions Capability = "host-transactions"
	// ReadsDuringWrites: View returns while an Update is running. Without it View
	// waits.
	ReadsDuringWrites Capability = "reads-during-writes"
)

// HostTx is a transaction of a host, and a store bound to it.
type HostTx struct {
	Bound storage.Bound
	// Commit and Rollback are the host's own. Rollback after the end does
	// nothing.
	Commit   func() error
	Rollback func() error
}

// Harness opens stores for the suite.
type Harness struct {
	// Open returns an empty store that nobody else uses. It closes the store with
	// t.Cleanup.
	Open func(t T) storage.Store
	// Begin starts a transaction of the host on a store from Open; nil if the
	// adapter lacks HostTransactions.
	Begin func(t T, s storage.Store) HostTx
	// Lacks are the capabilities that the adapter doesn't have.
	Lacks []Capability
	// Parallel lets Run check rules concurrently: Open may be called
	// concurrently, and its stores share nothing that a rule could notice.
	Parallel bool
}

// Rule is one promise of the ports.
type Rule struct {
	// Name is a path: "opportunity/save/O11_version-guard".
	Name string
	// Why describes the harm of an adapter that breaks the rule.
	Why string

	check func(e *env)
}

// Check tests the rule on a fresh store.
func (r Rule) Check(t T, h Harness) {
	t.Helper()
	r.check(newEnv(t, h, r.Why))
}

// Rules returns all rules, in the order of Run.
func Rules() []Rule {
	var all []Rule
	for _, group := range [][]Rule{
		transactionRules(), contextRules(), hostRules(), fieldRules(), textRules(), tenantRules(),
		opportunityRules(), partRules(), followUpRules(), timelineRules(), listRules(), readRules(), ledgerRules(), pipelineRules(),
		customerRules(), mergeRules(), leaseRules(), archiveRules(), processRules(), orderRules(), quoteRules(),
		journalRules(), requestRules(), numberRules(), concurrencyRules(),
	} {
		all = append(all, group...)
	}
	return all
}

// Run checks every rule as a subtest of t.
func Run(t *testing.T, h Harness) {
	t.Helper()
	for _, r := range Rules() {
		t.Run(r.Name, func(t *testing.T) {
			if h.Parallel {
				t.Parallel()
			}
			r.Check(t, h)
		})
	}
}
