package pursuit_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

// kindNames are the kinds by their names in the sources.
var kindNames = map[string]error{
	"ErrInvalid": fault.ErrInvalid, "ErrNotFound": fault.ErrNotFound, "ErrConflict": fault.ErrConflict, "ErrDuplicate": fault.ErrDuplicate,
	"ErrNotAllowed": fault.ErrNotAllowed, "ErrForbidden": fault.ErrForbidden, "ErrInUse": fault.ErrInUse, "ErrLimit": fault.ErrLimit,
	"ErrRequestReused": fault.ErrRequestReused, "ErrSalesSystemDisabled": fault.ErrSalesSystemDisabled,
	"ErrSalesSystemNotInitialised": fault.ErrSalesSystemNotInitialised, "ErrTxAborted": fault.ErrTxAborted, "ErrRetry": fault.ErrRetry,
	"ErrOutcomeUnknown": fault.ErrOutcomeUnknown, "ErrCorrupt": fault.ErrCorrupt, "ErrCancelled": fault.ErrCancelled,
	"ErrHost": fault.ErrHost, "ErrInternal": fault.ErrInternal,
}

// madeCodes are the codes that are put together when the program runs.
func madeCodes() map[string][]string {
	made := map[string][]string{
		"order.*.invalid": {"order.complete.invalid", "order.cancel.invalid"}, // the commands with a reason
		"quote.*.invalid": {"quote.reject.invalid", "quote.withdraw.invalid"},
		"*.changed":       {"opportunity.changed", "quote.changed"}, // of what a quote is made
	}
	for _, c := range opportunity.Commands() {
		made["opportunity.*.status"] = append(made["opportunity.*.status"], "opportunity."+c.String()+".status")
	}
	for _, c := range order.Commands() {
		made["order.*.status"] = append(made["order.*.status"], "order."+c.String()+".status")
	}
	for _, c := range quote.Commands() {
		made["quote.*.status"] = append(made["quote.*.status"], "quote."+c.String()+".status")
	}
	for _, a := range access.Actions() {
		of, _, _ := strings.Cut(string(a), ".")
		if code := of + ".not_found"; !slices.Contains(made["*.not_found"], code) {
			made["*.not_found"] = append(made["*.not_found"], code)
		}
	}
	return made
}

// followedElsewhere are the expressions that become the code of a field, and
// aren't texts in the sources: stable names of statuses and actions, and the code
// of another error or field.
var followedElsewhere = []string{"string(action)", "string(from)", "e.Code", "string(a.Status)", "string(e.Status)", "statusNames[s]", "quoteStatusNames[s]", "x.Code"}

// usedCodes reads the library's packages, and those of its nested modules.
func usedCodes(t *testing.T) *codeSource {
	t.Helper()
	s := newCodeSource(t)
	for _, p := range packagesOf(t) {
		if !strings.HasSuffix(p.ImportPath, "test") { // suites make errors of their own
			s.directory(t, p.ImportPath, p.Dir, "")
		}
	}
	for _, nested := range []string{"storage/migrate", "storage/pgxconn"} {
		s.directory(t, module+"/"+nested, nested, "")
	}
	s.find()
	return s
}

// wrongCodes compares what the sources use with the table; what the table lacks
// it gives as lines to paste into it.
func wrongCodes(used map[string]*usedCode, made map[string][]string, table []fault.Code) []string {
	byCode := map[string]fault.Code{}
	for _, c := range table {
		byCode[c.Code] = c
	}
	var wrong []string
	seen := map[string]bool{}
	check := func(code string, u *usedCode) {
		seen[code] = true
		c, ok := byCode[code]
		switch {
		case len(u.kinds) != 1 || kindNames[u.kinds[0]] == nil:
			wrong = append(wrong, fmt.Sprintf("%s: %q has not one kind but %v; give each its own code", u.at, code, u.kinds))
		case !ok:
			wrong = append(wrong, fmt.Sprintf("\t{%q, %s, label.Names{%q, \"中文\"}, label.Names{\"What to do.\", \"怎么办。\"}}, // %s", code, u.kinds[0], u.message, u.at))
		case c.Kind != kindNames[u.kinds[0]]:
			wrong = append(wrong, fmt.Sprintf("%s: %q is %s, in the table %v", u.at, code, u.kinds[0], c.Kind))
		}
	}
	for _, code := range slices.Sorted(maps.Keys(used)) {
		if !strings.Contains(code, "*") {
			check(code, used[code])
			continue
		}
		if len(made[code]) == 0 {
			wrong = append(wrong, fmt.Sprintf("%s: %q is put together at run time: say in madeCodes of what", used[code].at, code))
		}
		for _, full := range made[code] {
			check(full, used[code])
		}
	}
	for _, c := range table {
		if !seen[c.Code] {
			wrong = append(wrong, fmt.Sprintf("%q is in the table, and nothing uses it", c.Code))
		}
	}
	return wrong
}

func wrongFieldCodes(used map[string]*usedCode, table []string) []string {
	var wrong []string
	for _, code := range slices.Sorted(maps.Keys(used)) {
		if !slices.Contains(table, code) {
			wrong = append(wrong, fmt.Sprintf("\t%q: {%q, \"中文\"}, // %s", code, used[code].message, used[code].at))
		}
	}
	for _, code := range table {
		if used[code] == nil {
			wrong = append(wrong, fmt.Sprintf("%q is in the table of fields' codes, and nothing uses it", code))
		}
	}
	return wrong
}

// TestHouse_EveryCodeIsExplained: every code of an error or a field in the
// sources stands in package fault's tables, with its one kind, and nothing else.
func TestHouse_EveryCodeIsExplained(t *testing.T) {
	s := usedCodes(t)
	for at, x := range s.opaque {
		if !slices.Contains(followedElsewhere, x) {
			t.Errorf("%s: %s becomes a code, but which one can't be seen", at, x)
		}
	}
	require.Greater(t, len(s.codes), 200)
	require.Greater(t, len(s.fields), 80)
	if wrong := wrongCodes(s.codes, madeCodes(), fault.Codes()); len(wrong) > 0 {
		t.Errorf("tables of codes (fault/codes_*.go):\n%s", strings.Join(wrong, "\n"))
	}
	if wrong := wrongFieldCodes(s.fields, fault.FieldCodes()); len(wrong) > 0 {
		t.Errorf("table of fields' codes (fault/codes_fields.go):\n%s", strings.Join(wrong, "\n"))
	}

	compiled, err := s.importer.Import(faultPath)
	require.NoError(t, err)
	var kinds []string
	for _, name := range compiled.Scope().Names() {
		if strings.HasPrefix(name, "Err") && name != "Error" {
			kinds = append(kinds, name)
		}
	}
	require.ElementsMatch(t, kinds, slices.Collect(maps.Keys(kindNames)))
	require.ElementsMatch(t, fault.Kinds(), slices.Collect(maps.Values(kindNames)))
}

const codesTwin = `package twin

import (
	"cmp"
	"errors"
	"github.com/pursuit-crm/pursuit/fault"
)

const base = "twin."

type port struct{ taken string }

func conflict(code string) error     { return fault.New(fault.ErrConflict, code, "was changed") }
func fail(kind error, c string) error { return fault.Wrap(kind, c, "it failed", errors.New("x")) }
func thrice(code string) func() error { return func() error { return conflict(code) } }
func problem(n int) (code, message string) {
	if n > 9 {
		return "too_big", "is too big"
	}
	return "", ""
}

func all(n int, what string, p *port) error {
	var f fault.Fields
	if code, message := problem(n); code != "" {
		f.Add("/n", code, message)
	}
	note := func(path, code string) { f.Add(path, code, "is wrong") }
	note("/m", "bad_m")
	const wrong, changed = base + "wrong", "twin.changed"
	kind := fault.ErrRetry
	if n > 3 {
		kind = fault.ErrLimit
	}
	return cmp.Or(
		f.Invalid(wrong),
		conflict(changed), thrice("twin.later")(),
		fail(fault.ErrLimit, "twin.limit"), fail(kind, "twin.two"),
		fault.NotFound(what+".missing"),
		error(&fault.Error{Kind: fault.ErrHost, Code: "twin.literal"}),
		f.NotAllowed("twin.gates", "gates are shut"),
		duplicate((&port{taken: "twin.taken"}).taken),
		fault.Invalid("twin.unit", fault.Field{Path: "/u", Code: "bad_u"}),
		fault.Invalid(string(what[0])),
	)
}

func duplicate(code string) error { return fault.New(fault.ErrDuplicate, code, "") }
`

// TestHouse_CodesTwin: the check sees a code by whichever way it comes, and tells
// what the tables lack, have too much, or have otherwise.
func TestHouse_CodesTwin(t *testing.T) {
	s := newCodeSource(t)
	s.directory(t, faultPath, "fault", "")
	s.directory(t, module+"/twin", "", codesTwin)
	s.find()
	got := map[string][]string{}
	for code, u := range s.codes {
		got[code] = u.kinds
	}
	require.Equal(t, map[string][]string{
		"twin.wrong": {"ErrInvalid"}, "twin.changed": {"ErrConflict"}, "twin.later": {"ErrConflict"}, "twin.limit": {"ErrLimit"},
		"twin.two": {"ErrRetry", "ErrLimit"}, "*.missing": {"ErrNotFound"}, "twin.literal": {"ErrHost"}, "twin.gates": {"ErrNotAllowed"},
		"twin.taken": {"ErrDuplicate"}, "twin.unit": {"ErrInvalid"},
	}, got)
	require.ElementsMatch(t, []string{"too_big", "bad_m", "bad_u", "invalid", "taken"}, slices.Collect(maps.Keys(s.fields)))
	require.ElementsMatch(t, []string{"e.Code", "string(what[0])"}, slices.Collect(maps.Values(s.opaque)))

	table := []fault.Code{
		{Code: "twin.changed", Kind: fault.ErrConflict}, {Code: "twin.limit", Kind: fault.ErrRetry}, {Code: "twin.left", Kind: fault.ErrInvalid},
		{Code: "a.missing", Kind: fault.ErrNotFound}, {Code: "twin.literal", Kind: fault.ErrHost}, {Code: "twin.taken", Kind: fault.ErrDuplicate},
		{Code: "twin.wrong", Kind: fault.ErrInvalid}, {Code: "twin.unit", Kind: fault.ErrInvalid}, {Code: "twin.later", Kind: fault.ErrConflict},
	}
	require.Equal(t, []string{
		"\t{\"twin.gates\", ErrNotAllowed, label.Names{\"gates are shut\", \"中文\"}, label.Names{\"What to do.\", \"怎么办。\"}}, // twin.go:41",
		"twin.go:38: \"twin.limit\" is ErrLimit, in the table transaction must be retried",
		"twin.go:38: \"twin.two\" has not one kind but [ErrRetry ErrLimit]; give each its own code",
		"\"twin.left\" is in the table, and nothing uses it",
	}, wrongCodes(s.codes, map[string][]string{"*.missing": {"a.missing"}}, table))
	require.Len(t, wrongCodes(s.codes, nil, table), 6, "what a code is put together of wasn't said")
	require.Equal(t, []string{
		"\t\"bad_m\": {\"is wrong\", \"中文\"}, // twin.go:29", "\t\"too_big\": {\"is too big\", \"中文\"}, // twin.go:18",
		"\"left\" is in the table of fields' codes, and nothing uses it",
	}, wrongFieldCodes(s.fields, []string{"bad_u", "invalid", "left", "taken"}))
}
