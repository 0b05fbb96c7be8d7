package archive

import (
	"maps"
	"slices"
	"strings"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
)

// Name returns the entry's name in a language, or the nearest one: "zh-Hant-TW"
// falls back to "zh-Hant", then "zh", then any other "zh-…"; then English; then
// the first by language tag. Without names it returns the code.
func (e Entry) Name(lang string) string {
	if name := inLanguage(e.Names, lang); name != "" {
		return name
	}
	if name := inLanguage(e.Names, "en"); name != "" {
		return name
	}
	for _, k := range slices.Sorted(maps.Keys(e.Names)) {
		return e.Names[k]
	}
	return e.Code
}

func inLanguage(names map[string]string, lang string) string {
	tag, ok := language(lang)
	if !ok {
		return ""
	}
	base, _, _ := strings.Cut(tag, "-")
	for at := tag; ; {
		if name := names[at]; name != "" {
			return name
		}
		cut := strings.LastIndexByte(at, '-')
		if cut < 0 {
			break
		}
		at = at[:cut]
	}
	for _, k := range slices.Sorted(maps.Keys(names)) {
		if strings.HasPrefix(k, base+"-") {
			return names[k]
		}
	}
	return ""
}

// names checks names by language and returns them cleaned, with languages in
// the usual case ("zh-Hans-CN").
func names(f *fault.Fields, in map[string]string) map[string]string {
	switch {
	case len(in) == 0:
		f.Add("/names", "required", "needs a name in one language at least")
		return nil
	case len(in) > MaxNames:
		f.Add("/names", "too_many", "has too many languages")
		return nil
	}
	out := make(map[string]string, len(in))
	for _, k := range slices.Sorted(maps.Keys(in)) {
		tag, ok := language(k)
		if !ok {
			f.Add("/names", "bad_language", "languages look like en, zh-CN or zh-Hans-CN")
			continue
		}
		name := in[k]
		text.Line(f, "/names/"+tag, &name, 1, MaxName)
		if _, twice := out[tag]; twice {
			f.Add("/names/"+tag, "repeated", "has the language twice")
		}
		out[tag] = name
	}
	return out
}

// language checks the shape of a BCP 47 tag (not whether it is registered) and
// returns it in the usual case: language lower, script title, region upper.
func language(s string) (string, bool) {
	if len(s) < 2 || len(s) > 35 {
		return "", false
	}
	parts := strings.Split(strings.ToLower(s), "-")
	single := false // after a single letter ("-x-…") everything stays lower
	for i, p := range parts {
		if len(p) < 1 || len(p) > 8 {
			return "", false
		}
		letters := true
		for j := 0; j < len(p); j++ {
			switch c := p[j]; {
			case c >= 'a' && c <= 'z':
			case c >= '0' && c <= '9':
				letters = false
			default:
				return "", false
			}
		}
		switch {
		case i == 0 && (!letters || len(p) == 1):
			return "", false
		case i == 0 || single:
		case len(p) == 1:
			single = true
		case len(p) == 2 && letters:
			parts[i] = strings.ToUpper(p)
		case len(p) == 4 && letters:
			parts[i] = strings.ToUpper(p[:1]) + p[1:]
		}
	}
	return strings.Join(parts, "-"), len(parts[len(parts)-1]) > 1
}
