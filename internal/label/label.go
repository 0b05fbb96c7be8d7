package label

import "strings"

// Names is a word in both languages: English, then Chinese.
type Names [2]string

// In gives the word in a language, a BCP 47 tag such as "en" or "zh-CN": the
// Chinese one for any kind of Chinese, else the English one.
func (n Names) In(lang string) string {
	if base, _, _ := strings.Cut(lang, "-"); strings.EqualFold(base, "zh") || strings.EqualFold(lang, "zho") {
		return n[1]
	}
	return n[0]
}

// Table has the words of one sort of values.
type Table[K comparable] map[K]Names

// Of gives the word for a value, or other if the table lacks it.
func (t Table[K]) Of(k K, lang, other string) string {
	if n, ok := t[k]; ok {
		return n.In(lang)
	}
	return other
}
