package customer

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/pursuit-crm/pursuit/internal/text"
)

// domainKey returns a domain in lower-case ASCII; labels with other letters
// become "xn--" labels. A domain needs at least two labels.
func domainKey(s string) (string, bool) {
	s = strings.ReplaceAll(text.Fold(s), "。", ".") // East Asian keyboards type it
	s = strings.TrimSuffix(s, ".")
	labels := strings.Split(s, ".")
	if len(labels) < 2 {
		return "", false
	}
	for i, l := range labels {
		a, ok := part(l)
		if !ok {
			return "", false
		}
		labels[i] = a
	}
	s = strings.Join(labels, ".")
	return s, len(s) <= maxDomain
}

func part(l string) (string, bool) {
	ascii := true
	for _, r := range l {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_':
		case r >= 0x80 && r != unicode.ReplacementChar && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)):
			ascii = false
		default:
			return "", false
		}
	}
	if !ascii {
		l = "xn--" + punycode(norm.NFC.String(l))
	}
	return l, l != "" && len(l) <= 63 && l[0] != '-' && l[len(l)-1] != '-'
}

// punycode encodes a label (RFC 3492, section 6.3).
func punycode(s string) string {
	const base, tMin, tMax, skew, damp = 36, 1, 26, 38, 700
	in := []rune(s)
	var out []byte
	for _, r := range in {
		if r < 0x80 {
			out = append(out, byte(r))
		}
	}
	basic := len(out)
	done := basic
	if basic > 0 {
		out = append(out, '-')
	}
	digit := func(d int) byte {
		if d < 26 {
			return byte('a' + d)
		}
		return byte('0' + d - 26)
	}
	n, delta, bias := 0x80, 0, 72
	for done < len(in) {
		next := int(unicode.MaxRune)
		for _, r := range in {
			if int(r) >= n && int(r) < next {
				next = int(r)
			}
		}
		delta += (next - n) * (done + 1)
		n = next
		for _, r := range in {
			if int(r) < n {
				delta++
			}
			if int(r) != n {
				continue
			}
			q := delta
			for k := base; ; k += base {
				t := min(max(k-bias, tMin), tMax)
				if q < t {
					break
				}
				out = append(out, digit(t+(q-t)%(base-t)))
				q = (q - t) / (base - t)
			}
			out = append(out, digit(q))
			// Adapt the bias.
			if done == basic {
				delta /= damp
			} else {
				delta /= 2
			}
			delta += delta / (done + 1)
			bias = 0
			for delta > (base-tMin)*tMax/2 {
				delta /= base - tMin
				bias += base
			}
			bias += (base - tMin + 1) * delta / (delta + skew)
			delta = 0
			done++
		}
		delta++
		n++
	}
	return string(out)
}
