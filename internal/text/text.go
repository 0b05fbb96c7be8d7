package text

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
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
	if ascii(s) || norm.NFC.IsNormalString(s) {
		return s
	}
	return norm.NFC.String(s)
}

// ascii says that s is in every normal form already.
func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Fold gives the key by which names are compared when searching: NFC, case
// folded, blanks squeezed. It never decides identity.
func Fold(s string) string {
	if s = Clean(s); ascii(s) {
		s = strings.ToLower(s)
		if !strings.ContainsAny(s, "\t\n\v\f\r") && !strings.Contains(s, "  ") {
			return s
		}
		return strings.Join(strings.Fields(s), " ")
	}
	s = cases.Fold().String(norm.NFKC.String(s))
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

// huge says that s is too long whatever its characters are, which costs nothing to
// find out: cleaning makes text shorter by a third at the most, and a character
// has four bytes at the most.
func huge(s string, max int) bool { return len(s) > 64+16*max }

// invisible says that a character shows nothing: blanks, format characters, and
// the fillers of Hangul.
func invisible(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == 0x115F || r == 0x1160 || r == 0x3164 || r == 0xFFA0
}

// Problem says what is wrong with a cleaned string: a code ("required",
// "too_long", "bad_utf8", "control") and a message, or "" for nothing.
// Line breaks and tabs are allowed only if multiline is set.
func Problem(s string, min, max int, multiline bool) (code, message string) {
	if huge(s, max) {
		return "too_long", "is too long"
	}
	if !utf8.ValidString(s) {
		return "bad_utf8", "must be valid UTF-8"
	}
	n, seen := 0, false
	for _, r := range s {
		n++
		seen = seen || !invisible(r)
		if r == 0 || (unicode.IsControl(r) && (!multiline || (r != '\n' && r != '\r' && r != '\t'))) {
			return "control", "must not hold control characters"
		}
	}
	switch {
	case n == 0 && min > 0:
		return "required", "is required"
	case min > 0 && !seen:
		return "required", "must show something"
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
	if huge(strings.TrimFunc(*s, unicode.IsSpace), max) {
		f.Add(path, "too_long", "is too long")
		return
	}
	if utf8.ValidString(*s) {
		*s = Clean(*s)
	}
	if code, msg := Problem(*s, min, max, multiline); code != "" {
		f.Add(path, code, msg)
	}
}

// Key checks an identifier that the host gives (user, department, product
// reference, request id): not trimmed, not changed, compared by byte, printable,
// without blanks at its ends, and without characters that deceive (R06).
func Key(f *fault.Fields, path, s string, min, max int) {
	if AnyKey(f, path, s, min, max) && Deceptive(s, false) {
		deceptive(f, path)
	}
}

// AnyKey is Key for what is looked for, which may have been stored before
// characters that deceive were refused, and for tenants, which nobody is shown.
// It says whether the key is one.
func AnyKey(f *fault.Fields, path, s string, min, max int) bool {
	if code, msg := Problem(s, min, max, false); code != "" {
		f.Add(path, code, msg)
		return false
	}
	if s != strings.TrimFunc(s, unicode.IsSpace) {
		f.Add(path, "blank_ends", "must not begin or end with a blank")
		return false
	}
	return true
}

// Name is Line for what is read and compared by people, such as the name of a file,
// a unit, or a number of somebody else's: without characters that deceive (R06).
func Name(f *fault.Fields, path string, s *string, min, max int) {
	before := len(f.List())
	Line(f, path, s, min, max)
	if len(f.List()) == before && Deceptive(*s, true) {
		deceptive(f, path)
	}
}

func deceptive(f *fault.Fields, path string) {
	f.Add(path, "deceptive", "must not hold characters that deceive or can't be seen")
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

// RequestKey makes the key of a request of what its user gave and of who that is:
// of fixed length, and different for any two users.
func RequestKey(user, given string) string {
	sum := sha256.Sum256([]byte(strconv.Itoa(len(user)) + ":" + user + given))
	return "u1:" + base64.RawURLEncoding.EncodeToString(sum[:])
}
