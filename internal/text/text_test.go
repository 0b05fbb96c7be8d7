package text_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
)

func wrong(f *fault.Fields) (out []string) {
	for _, x := range f.List() {
		out = append(out, x.Path+" "+x.Code)
	}
	return out
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"  Acme \t\n": "Acme", "Cafe\u0301": "Caf\u00e9", "\u3000商机\u3000": "商机", "\u00a0x\u2003": "x", "": "", " ": "",
		"a  b": "a  b", "\uac00": "가", "\u1100\u1161": "가", "Å": "Å", "\u212b": "Å", "\u200bx": "\u200bx",
	} {
		require.Equal(t, want, text.Clean(in), "%q", in)
	}
}

func TestFold(t *testing.T) {
	for _, same := range [][]string{
		{"Straße", "STRASSE", "strasse", "  Strasse "}, {"ＡＣＭＥ", "acme", "Acme", "A\u0043ME"}, {"Cafe\u0301", "CAF\u00c9"}, {"a b", "a \t  b", "A\u00a0B", "a\u3000b"},
		{"ﬁrm", "firm"}, {"Σίσυφος", "ΣΊΣΥΦΟΣ"},
	} {
		for _, s := range same {
			require.Equal(t, text.Fold(same[0]), text.Fold(s), "%q", s)
		}
	}
	require.NotEqual(t, text.Fold("resume"), text.Fold("résumé"), "accents stay")
	require.Empty(t, text.Fold(" \t"))
}

func TestProblem(t *testing.T) {
	for _, c := range []struct {
		in        string
		min, max  int
		multiline bool
		want      string
	}{
		{"", 0, 5, false, ""}, {"", 1, 5, false, "required"}, {"a", 2, 5, false, "too_short"}, {"abcde", 1, 5, false, ""}, {"abcdef", 1, 5, false, "too_long"},
		{"商机商机商", 1, 5, false, ""}, {"\U0001F600\U0001F600", 1, 2, false, ""}, {"a\x00", 0, 9, true, "control"}, {"a\nb", 0, 9, false, "control"}, {"a\r\n\tb", 0, 9, true, ""},
		{"a\x1b", 0, 9, true, "control"}, {"a\u0085", 0, 9, true, "control"}, {"\x7f", 0, 9, false, "control"}, {"\xff", 0, 9, true, "bad_utf8"}, {"\xed\xa0\x80", 0, 9, true, "bad_utf8"}, {"\xc0\x80", 0, 9, true, "bad_utf8"},
	} {
		code, msg := text.Problem(c.in, c.min, c.max, c.multiline)
		require.Equal(t, c.want, code, "%q", c.in)
		require.Equal(t, code == "", msg == "")
	}
}

func TestLineAndBlock(t *testing.T) {
	var f fault.Fields
	s := "  Cafe\u0301 "
	text.Line(&f, "/name", &s, 1, 4)
	require.True(t, f.Empty(), "counted after trimming and NFC")
	require.Equal(t, "Café", s)
	s = "a\nb"
	text.Block(&f, "/note", &s, 1, 4)
	require.True(t, f.Empty())
	text.Line(&f, "/name", &s, 1, 4)
	bad := " \xff "
	text.Line(&f, "/bad", &bad, 1, 4)
	require.Equal(t, " \xff ", bad, "what isn't text stays as it is")
	require.Equal(t, []string{"/name control", "/bad bad_utf8"}, wrong(&f))
}

func TestKeysAndCodes(t *testing.T) {
	for in, want := range map[string][]string{
		"ann": nil, "Ann Lee": nil, "用户": nil, "": {"/k required"}, " ann": {"/k blank_ends"}, "ann\u3000": {"/k blank_ends"}, "a\x00b": {"/k control"}, "\xff": {"/k bad_utf8"}, strings.Repeat("x", 129): {"/k too_long"},
	} {
		var f fault.Fields
		text.Key(&f, "/k", in, 1, text.MaxKey)
		require.Equal(t, want, wrong(&f), "%q", in)
	}
	for in, want := range map[string][]string{
		"a-Z_0.9/x": nil, "": {"/c required"}, "a b": {"/c bad_code"}, "售": {"/c bad_code"}, "a\x00": {"/c control", "/c bad_code"}, strings.Repeat("x", 64): nil, strings.Repeat("x", 65): {"/c too_long"}, "a'--": {"/c bad_code"},
	} {
		var f fault.Fields
		text.Code(&f, "/c", in, 1)
		require.Equal(t, want, wrong(&f), "%q", in)
	}
	var f fault.Fields
	text.Code(&f, "/c", "", 0)
	require.True(t, f.Empty())
}

func TestO15_Attributes(t *testing.T) {
	check := func(m map[string]string) []string {
		var f fault.Fields
		text.Attributes(&f, "/a", m)
		return wrong(&f)
	}
	full := map[string]string{strings.Repeat("k", 64): strings.Repeat("商", 1000), "a.b_9": "two\nlines", "empty": ""}
	for i := range 47 {
		full[fmt.Sprint("k", i)] = "v"
	}
	require.Nil(t, check(full))
	require.Nil(t, check(nil))
	full["one_more"] = "x"
	require.Equal(t, []string{"/a too_many"}, check(full))
	for _, key := range []string{"", "A", "a-b", "a b", "é", "a/b", "a\x00", "\xff", strings.Repeat("k", 65)} {
		require.Equal(t, []string{"/a bad_key"}, check(map[string]string{key: "v"}), "%q", key)
	}
	many := map[string]string{"b": strings.Repeat("x", 1001), "a": "\x00", "c": "\xff", "B": "", "d": "\x1b"}
	for range 20 {
		require.Equal(t, []string{"/a bad_key", "/a/a control", "/a/b too_long", "/a/c bad_utf8", "/a/d control"}, check(many), "in the same order each time")
	}
}

// B13: whatever is typed, cleaning gives a form that cleaning keeps, and what
// passes can be stored by every adapter.
func FuzzClean(f *testing.F) {
	for _, s := range []string{"", " a ", "Cafe\u0301", "\xff", "a" + strings.Repeat("\u0301", 40), "\u2000x", "\u0344", "x\u00a0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		c := text.Clean(s)
		if text.Clean(c) != c || !norm.NFC.IsNormalString(c) || !utf8.ValidString(c) {
			t.Fatalf("%q became %q, and then %q", s, c, text.Clean(c))
		}
		if k := text.Fold(s); !utf8.ValidString(k) || strings.TrimSpace(k) != k || text.Fold(c) != k {
			t.Fatalf("the key of %q is %q, of %q %q", s, k, c, text.Fold(c))
		}
	})
}

// TestB13_HugeTextIsRefusedAtOnce wants a length to cost nothing to find out, and
// a name to show something.
func TestB13_HugeTextIsRefusedAtOnce(t *testing.T) {
	long := strings.Repeat("é", 20_000_000)
	start := time.Now()
	for range 20 {
		var f fault.Fields
		s := long
		text.Line(&f, "/name", &s, 1, text.MaxName)
		text.Key(&f, "/key", s, 1, text.MaxKey)
		require.Equal(t, []string{"too_long", "too_long"}, []string{f.List()[0].Code, f.List()[1].Code})
	}
	require.Less(t, time.Since(start), 2*time.Second)
	for _, blank := range []string{"\u200b", "\ufeff\u00ad", "\u3164", " \u2060 "} {
		var f fault.Fields
		text.Line(&f, "/name", &blank, 1, text.MaxName)
		require.False(t, f.Empty(), "%q", blank)
	}
}

func TestFoldNameIsCut(t *testing.T) {
	require.Equal(t, "big deal", text.FoldName("  Big   DEAL "))
	long := text.FoldName(strings.Repeat("ﷺ", 100)) // one character that folds into eighteen
	require.Equal(t, text.MaxFold, len([]rune(long)))
	require.True(t, strings.HasPrefix(text.Fold(strings.Repeat("ﷺ", 100)), long))
}
