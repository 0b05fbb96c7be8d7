package reliability

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// hostile are texts that have broken programs before.
var hostile = []string{
	"'; DROP TABLE pursuit_opportunity; --", "' OR '1'='1", "\" OR 1=1 --", "1); DELETE FROM pursuit_journal; --", "' UNION SELECT NULL --",
	"$1", "?", ":name", "@p1", "%", "_", "%%", "a%b_c\\d", "\\", "\\'", "''", "\"\"", "`id`", "[id]", "/*", "*/", "--", "#", ";", "E'\\x41'", "$$x$$", "$tag$x$tag$",
	"x\x00y", "\x00", "\xff\xfe", "\xc0\xaf", "\xed\xa0\x80", "a\x80b", "\x1b[31mred", "tab\tinside", "line\nbreak", "carriage\rreturn", "\r\n.\r\n", "\u0085", "\u2028", "\u2029", "\ufeffbom", "nul\u0000",
	"\u202egnp.exe", "\u2066x\u2069", "\u200b", "\u200d", "\u00ad", "e\u0301", "é", "Å", "A\u030a", "ﬁ", "ſ", "ß", "ẞ", "İ", "ı", "Σς", "ﾊﾟ", "パ", "商机", "机會", "𝒳", "👩\u200d👩\u200d👧", "🏳️\u200d🌈", "\U0010ffff", "\U000f0000", "\ufffe", "\uffff",
	"{{7*7}}", "${jndi:ldap://x}", "%s%s%n", "%d", "<script>alert(1)</script>", "]]>", "&lt;", "{\"a\":1}", "[]", "null", "undefined", "NaN", "true", "0", "-0", "1e999", "=1+1", "+1", "-1", "@SUM(A1)",
	"../../etc/passwd", "C:\\x", "/", ".", "..", "CON", "a/b", "~", "*", "|", "file:///x", "javascript:alert(1)", "http://[::1]:80/", "mailto:x@y", "x@y", "x@y@z", "+49 30 1234567", "++1", "(((((((((((",
	"", " ", "  lead", "trail  ", "\u3000wide\u3000", "\u00a0nbsp\u00a0", "a\u00a0b", "A", "a", "Z", "0001", "١٢٣", "１２３", "²", "½", "Ⅷ",
}

// hostiles gives n different hostile texts: those above, and mixtures and repetitions of them.
// The first has a quote.
func hostiles(chance *rand.Rand, n int) []string {
	var out []string
	seen := map[string]bool{}
	add := func(s string) {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	for _, s := range hostile {
		add(s)
	}
	for len(out) < n {
		a, b := hostile[chance.IntN(len(hostile))], hostile[chance.IntN(len(hostile))]
		switch chance.IntN(4) {
		case 0:
			add(a + b)
		case 1:
			add("x" + a + "y" + b + "z")
		case 2:
			add(strings.Repeat(a+"x", 1+chance.IntN(3000)))
		case 3:
			b := make([]byte, 1+chance.IntN(40))
			for i := range b {
				b[i] = byte(chance.IntN(256))
			}
			add(string(b))
		}
	}
	chance.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	first := slices.Index(out, hostile[1])
	out[0], out[first] = out[first], out[0]
	return out[:n]
}
