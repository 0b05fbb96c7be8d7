package text

import "unicode"

// Deceptive says whether s holds a character that deceives or can't be seen:
// controls of direction (U+202A–E, U+2066–9, U+200E, U+200F), characters without
// width, soft hyphens, tags, fillers, variation selectors, separators of lines,
// blanks of odd widths (U+1680, U+2000–200A, U+205F), which nobody types, and code
// points that no character is assigned to, or a private one (R06). Such
// a character makes "a<U+202E>fdp.exe" read as "aexe.pdf", and two keys look the
// same. With joiners set, ZERO WIDTH JOINER and NON-JOINER are taken between two
// letters of a script that is written with them, such as Arabic and Devanagari, and
// so are the blanks that don't break (U+00A0, U+202F), which systems put into names
// of files; in a key they look like another blank. The ideographic blank is wide,
// and how Chinese is typed.
//
// It is for what people must be able to trust: names of files, keys, numbers, units,
// addresses, references of others' documents.
// What is shown as text may hold such characters: a customer's name in Arabic
// beside one in Latin needs some.
func Deceptive(s string, joiners bool) bool {
	if ascii(s) {
		return false // controls are refused everywhere
	}
	runes := []rune(s)
	for i, r := range runes {
		if r == 0xa0 || r == 0x202f {
			if !joiners {
				return true
			}
			continue
		}
		if !deceives(r) {
			continue
		}
		joined := (r == '\u200c' || r == '\u200d') && i > 0 && i+1 < len(runes) && unicode.In(runes[i-1], joining...) && unicode.In(runes[i+1], joining...)
		if !joiners || !joined {
			return true
		}
	}
	return false
}

// joining are the scripts in which the joiners change how letters are written.
var joining = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati,
	unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar, unicode.Tibetan,
}

func deceives(r rune) bool {
	switch {
	case r < 0x80, unicode.Is(unicode.Prepended_Concatenation_Mark, r): // signs over Arabic numbers are seen
		return false
	case r == 0x1680, r >= 0x2000 && r <= 0x200a, r == 0x205f:
		return true
	case r == 0x2800, unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r), unicode.Is(unicode.Variation_Selector, r):
		return true // an empty pattern of Braille looks like a blank
	}
	return !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Zs)
}
