package text

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/pursuit-crm/pursuit/fault"
)

// Limits that several packages share, in characters.
const (
	MaxName        = 200
	MaxCode        = 64
	MaxKey         = 128
	MaxDescription = 4000
	// MaxAttributes and the next two bound custom attributes (O15).
	MaxAttributes     = 50
	MaxAttributeKey   = 64
	MaxAttributeValue = 1000
)

// Clean trims s and brings it to NFC.
func Clean(s string) string {
	s = strings.TrimFunc(s, unicode.IsSpace)
	if norm.NFC.IsNormalString(s) {
		return s
	}
	return norm.NFC.String(s)
}

// Fold gives the key by which names are compared when searching: NFC, case
// folded, blanks squeezed. It never decides identity.
func Fold(s string) string {
	s = cases.Fold().String(norm.NFKC.String(Clean(s)))
	return strings.Join(strings.Fields(norm.NFC.String(s)), " ")
}

// MaxFold is how many characters of a folded name are kept: folding makes some
// names eighteen times as long. At four bytes each they stay below what indexes
// take (2,704 bytes on PostgreSQL) and what MariaDB compares when it sorts (1,024).
const MaxFold = 250

// FoldName is Fold cut to MaxFold characters: the key by which names are sorted
// and searched.
func FoldName(s string) string {
	s = Fold(s)
	n := 0
	for i := range s {
		if n == MaxFold {
			return strings.TrimRight(s[:i], " ")
		}
		n++
	}
	return s
}

// Problem says what is wrong with a cleaned string: a code ("required",
// "too_long", "bad_utf8", "control") and a message, or "" for nothing.
// Line breaks and tabs are allowed only if multiline is set.
func Problem(s string, min, max int, multiline bool) (code, message string) {
	if !utf8.ValidString(s) {
		return "bad_utf8", "must be valid UTF-8"
	}
	n := 0
	for _, r := range s {
		n++
		if r == 0 || (unicode.IsControl(r) && (!multiline || (r != '\n' && r != '\r' && r != '\t'))) {
			return "control", "must not hold control characters"
		}
	}
	switch {
	case n == 0 && min > 0:
		return "required", "is required"
	case n < min:
		return "too_short", "is too short"
	case n > max:
		return "too_long", "is too long"
	}
	return "", ""
}

// Line cleans *s in place and notes what is wrong with it as a single line.
func Line(f *fault.Fields, path string, s *string, min, max int) { field(f, path, s, min, max, false) }

// Block is Line for text with line breaks.
func Block(f *fault.Fields, path string, s *string, min, max int) { field(f, path, s, min, max, true) }

func field(f *fault.Fields, path string, s *string, min, max int, multiline bool) {
	if utf8.ValidString(*s) {
		*s = Clean(*s)
	}
	if code, msg := Problem(*s, min, max, multiline); code != "" {
		f.Add(path, code, msg)
	}
}

// Key checks an identifier that the host gives (tenant, user, department,
// product reference, request id): not trimmed, not changed, compared by byte,
// printable, without blanks at its ends.
func Key(f *fault.Fields, path, s string, min, max int) {
	if code, msg := Problem(s, min, max, false); code != "" {
		f.Add(path, code, msg)
		return
	}
	if s != strings.TrimFunc(s, unicode.IsSpace) {
		f.Add(path, "blank_ends", "must not begin or end with a blank")
	}
}

// Code checks an ASCII code: letters, digits, and "._-/", 1 to MaxCode long
// (or empty when min is 0).
func Code(f *fault.Fields, path, s string, min int) {
	Key(f, path, s, min, MaxCode)
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("._-/", c) >= 0 {
			continue
		}
		f.Add(path, "bad_code", "may hold letters, digits and ._-/ only")
		return
	}
}

// Attributes checks a map of custom attributes (O15), in the order of their keys.
func Attributes(f *fault.Fields, path string, m map[string]string) {
	if len(m) > MaxAttributes {
		f.Add(path, "too_many", "has too many attributes")
		return
	}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		v := m[k]
		ok := len(k) >= 1 && len(k) <= MaxAttributeKey
		for i := 0; i < len(k) && ok; i++ {
			c := k[i]
			ok = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '.'
		}
		if !ok {
			f.Add(path, "bad_key", "keys are 1 to 64 of a-z, 0-9, _ and .")
			continue
		}
		if code, msg := Problem(v, 0, MaxAttributeValue, true); code != "" {
			f.Add(path+"/"+k, code, msg)
		}
	}
}
