package reliability

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"sync"
)

// A mutant is a statement that the library runs without one of its predicates. A
// predicate here is a comparison of a tenant or a version, with an argument or with
// the tenant of another table, or one of who may see: the owner, the departments, or
// who is in the team.
var (
	predicate = regexp.MustCompile(`\b(?:[a-z]\w*\.)?(?:(tenant|version|user_id) = (?:\?|\$\d+|[a-z]\w*\.tenant\b|'')|(owner) = (?:\?|\$\d+)|(department) IN \((?:…|[?$\d, ]+)\))`)
	// leads is what stands before a condition; before an assignment stands SET or a
	// comma.
	leads = regexp.MustCompile(`(?:\bWHERE|\bAND|\bOR|\bON|\bNOT|\()\s*$`)
	// scopes is what stands before the owner or the department of a scope; before
	// those of a filter stands AND.
	scopes = regexp.MustCompile(`(?:\bOR|\()\s*$`)
	// unknownForm is what would compare a tenant or a version in a way that isn't
	// dropped yet.
	unknownForm = regexp.MustCompile(`\b(?:tenant|version)\s*(?:IN\b|<|>|!=|LIKE\b|IS\b|BETWEEN\b)|\([^()]*\btenant\b[^()]*\)\s*(?:IN\b|=|<|>)|\bUSING\s*\([^)]*\btenant\b|\bNATURAL\s+JOIN\b`)
	lists       = regexp.MustCompile(`\((?:(?:\?|\$\d+), )+(?:\?|\$\d+)\)`)
	rowLists    = regexp.MustCompile(`\(…\)(?:, ?\(…\))+`)
	places      = regexp.MustCompile(`\$\d+`)
)

// keyOf makes statements alike that differ in the lengths of their lists only.
func keyOf(query string) string {
	q := lists.ReplaceAllString(strings.Join(strings.Fields(query), " "), "(…)")
	q = rowLists.ReplaceAllString(q, "(…)")
	return places.ReplaceAllString(q, "?")
}

// span is where a predicate stands in a statement.
type span struct{ from, to int }

// predicates finds those of a statement.
func predicates(query string) []span {
	var out []span
	for _, m := range predicate.FindAllStringSubmatchIndex(query, -1) {
		before := leads
		if m[2] < 0 { // neither of the first ones
			before = scopes
		}
		if before.MatchString(query[:m[0]]) {
			out = append(out, span{m[0], m[1]})
		}
	}
	return out
}

// without drops a statement's i-th predicate: it stays as one of two, so that its
// arguments keep their places and types, and the other one is always true.
func without(query string, i int) string {
	all := predicates(query)
	if i >= len(all) {
		return query
	}
	p := all[i]
	return query[:p.from] + "(" + query[p.from:p.to] + " OR 1 = 1)" + query[p.to:]
}

// Mutant names one: a statement and which of its predicates is dropped.
type Mutant struct {
	Statement string
	Predicate int
}

// Text shows the statement with the predicate in marks.
func (m Mutant) Text() string {
	all := predicates(m.Statement)
	if m.Predicate >= len(all) {
		return m.Statement
	}
	p := all[m.Predicate]
	return m.Statement[:p.from] + "«" + m.Statement[p.from:p.to] + "»" + m.Statement[p.to:]
}

// mutator stands between a store and its database: it notes the statements that
// pass, and drops a predicate of one.
type mutator struct {
	mu     sync.Mutex
	seen   map[string]bool
	ahead  map[string]bool // what was seen before the questions
	drop   *Mutant
	hits   int // how often the mutant was run
	broken error
}

func (m *mutator) rewrite(query string) string {
	key := keyOf(query)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen != nil {
		m.seen[key] = true
	}
	if m.drop == nil || m.drop.Statement != key {
		return query
	}
	m.hits++
	return without(query, m.drop.Predicate)
}

// ran notes a statement that was prepared before: in another scene, it may be.
func (m *mutator) ran(query string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen != nil {
		m.seen[keyOf(query)] = true
	}
}

// answered looks whether the database doesn't understand the mutant: then what
// failed says nothing about the predicate.
func (m *mutator) answered(query string, err error) {
	if err == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.drop == nil || m.drop.Statement != keyOf(query) {
		return
	}
	msg := err.Error()
	for _, s := range []string{"SQLSTATE 42", "SQL logic error", "syntax error"} {
		if strings.Contains(msg, s) {
			m.broken = fmt.Errorf("the mutant isn't SQL: %w: %s", err, m.drop.Text())
		}
	}
}

// misunderstood says that the database didn't understand a statement, as answered
// does, where it isn't known which.
func (m *mutator) misunderstood() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.drop != nil && m.hits > 0 {
		m.broken = fmt.Errorf("the mutant isn't SQL: %s", m.drop.Text())
	}
}

// begin makes the mutator ready for a run.
func (m *mutator) begin(drop *Mutant, note bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.drop, m.hits, m.broken, m.seen, m.ahead = drop, 0, nil, nil, nil
	if note {
		m.seen = map[string]bool{}
	}
}

// asked begins the questions of a scene: what ran before them is noted elsewhere.
func (m *mutator) asked() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen != nil {
		m.ahead, m.seen = m.seen, map[string]bool{}
	}
}

// wholly takes what ran before the questions to be of the scene.
func (m *mutator) wholly() {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.Copy(m.seen, m.ahead)
}
