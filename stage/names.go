package stage

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
)

// MaxLanguages is the most languages in a Names.
const MaxLanguages = 20

// Names is a name by language: canonical BCP 47 tags ("en", "zh-CN") map to text
// of 1 to 200 characters. At least one is required.
type Names map[string]string

// Validate checks the names. Errors: ErrInvalid.
func (n Names) Validate() error {
	var f fault.Fields
	n.check(&f, "", true)
	return f.Invalid("names.invalid")
}

func (n Names) check(f *fault.Fields, path string, required bool) {
	switch {
	case len(n) == 0 && required:
		f.Add(path, "required", "needs a name in at least one language")
	case len(n) > MaxLanguages:
		f.Add(path, "too_many", "has too many languages")
		return
	}
	for _, lang := range slices.Sorted(maps.Keys(n)) {
		at := path + "/" + pointer(lang)
		tag, err := language.Parse(lang)
		switch {
		case err != nil || tag == language.Und:
			at = path // the tag isn't shown: it may be anything
			f.Add(at, "bad_language", "has a key that is not a BCP 47 language")
		case tag.String() != lang:
			f.Add(at, "bad_language", "should be written "+tag.String())
		}
		if code, msg := text.Problem(text.Clean(n[lang]), 1, text.MaxName, false); code != "" {
			f.Add(at, code, msg)
		}
	}
}

// In returns the name in a language, or the nearest one: a more general tag ("zh"
// for "zh-CN"), another tag of the same language, English, and finally the first
// by tag. It returns "" only if there are no names.
func (n Names) In(lang string) string {
	for tag := lang; tag != ""; {
		if s, ok := n[tag]; ok {
			return s
		}
		i := strings.LastIndexByte(tag, '-')
		tag = tag[:max(i, 0)]
	}
	base, _, _ := strings.Cut(lang, "-")
	first, near := "", ""
	for tag := range n {
		if first == "" || tag < first {
			first = tag
		}
		if b, _, _ := strings.Cut(tag, "-"); b == base && (near == "" || tag < near) {
			near = tag
		}
	}
	if near != "" {
		return n[near]
	}
	if s, ok := n["en"]; ok {
		return s
	}
	return n[first]
}

// Clone returns a copy.
func (n Names) Clone() Names { return maps.Clone(n) }

// clean puts the names into their stored form.
func (n Names) clean() {
	for k, v := range n {
		n[k] = text.Clean(v)
	}
}

// pointer escapes a part of a JSON pointer.
func pointer(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~", "~0"), "/", "~1")
}
