package storagetest_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/storage/memory"
	"github.com/pursuit-crm/pursuit/storage/storagetest"
)

// Every seeded bug is caught, by the rule that is about it.
func TestSeededBugsAreCaught(t *testing.T) {
	require.GreaterOrEqual(t, len(bugs()), 90)
	// The other rules must bear with each bug too: every tenth of them by day, in
	// turn, and all by night, but for those that wait for a while.
	night := os.Getenv("PURSUIT_NIGHT") != ""
	place := map[string]int{}
	for i, r := range storagetest.Rules() {
		place[r.Name] = i
	}
	for i, b := range bugs() {
		all := func(name string) bool {
			return (night || (place[name]+i)%10 == 0) && !strings.HasPrefix(name, "transaction/uncommitted") && !strings.HasPrefix(name, "concurrency/")
		}
		t.Run(strings.ReplaceAll(b.name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			found := caught(t, harnessOf(b.make), func(name string) bool { return name == b.rule || all(name) })
			require.Contains(t, found, b.rule)
			for rule, failures := range found {
				for _, f := range failures {
					require.NotContains(t, f, "panic:", rule)
					require.Contains(t, f, "why: an adapter that ", rule)
				}
			}
		})
	}
}

// The wrapper that seeds the bugs has none of its own.
func TestWrapperWithoutBugPasses(t *testing.T) {
	found := caught(t, harnessOf(func(*memory.Store) *broken { return &broken{} }), func(string) bool { return true })
	require.Empty(t, found)
}

// A capability that is declared wrongly is found, in both directions.
func TestCapabilitiesAreProved(t *testing.T) {
	t.Run("reads during writes that don't come", func(t *testing.T) {
		storagetest.Impatient(t)
		h := harness()
		h.Lacks = nil
		require.Contains(t, caught(t, h, func(name string) bool { return strings.HasPrefix(name, "transaction/uncommitted") }), "transaction/uncommitted-is-unseen")
	})
	host := func(name string) bool { return strings.HasPrefix(name, "host/") }
	t.Run("host transactions said to lack", func(t *testing.T) {
		h := harness()
		h.Lacks = append(h.Lacks, storagetest.HostTransactions)
		h.Begin = nil
		require.Len(t, caught(t, h, host), countRules(host))
	})
	t.Run("no way to begin one", func(t *testing.T) {
		h := harness()
		h.Begin = nil
		require.Len(t, caught(t, h, host), countRules(host))
	})
}

func countRules(only func(string) bool) (n int) {
	for _, r := range storagetest.Rules() {
		if only(r.Name) {
			n++
		}
	}
	return n
}

// Names are unique, and each rule says why it exists.
func TestRulesExplainThemselves(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range storagetest.Rules() {
		require.False(t, seen[r.Name], "%s is there twice", r.Name)
		seen[r.Name] = true
		require.Regexp(t, `^[a-z]+(/[A-Za-z0-9_-]+){1,2}$`, r.Name)
		require.Contains(t, r.Why, " would ", r.Name)
	}
	require.Greater(t, len(seen), 90)
}

// Every rule is able to fail: some seeded bug breaks it.
func TestEveryRuleCanFail(t *testing.T) {
	failed := map[string]bool{
		// By TestCapabilitiesAreProved and TestRacyStoreIsCaught.
		"transaction/uncommitted-is-unseen": true, "concurrency/O11_no-lost-updates": true,
		"concurrency/view-is-consistent": true, "concurrency/J08_readers-see-whole-commands": true,
	}
	for _, b := range bugs() {
		failed[b.rule] = true // by TestSeededBugsAreCaught
	}
	for _, b := range bugs() {
		if !slices.ContainsFunc(storagetest.Rules(), func(r storagetest.Rule) bool { return !failed[r.Name] }) {
			break
		}
		for name := range caught(t, harnessOf(b.make), func(name string) bool { return !failed[name] }) {
			failed[name] = true
		}
	}
	for _, r := range storagetest.Rules() {
		require.True(t, failed[r.Name], "no seeded bug breaks %s", r.Name)
	}
}
