package customer

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/pursuit-crm/pursuit/internal/text"
)

// PhoneKey checks the shape of a phone number and returns its comparison key: its
// digits, after a "+" for an international number, and "x" with the extension if
// it has one ("ext. 12", "x12", "#12", "转12", "分机12", "转分机12", "分机号：12", "转12号",
// "(内线12)", full width or not; C10). After a whole Chinese fixed-line number,
// three to six digits after a hyphen or in parentheses are an extension too:
// "021-68886888-801", but not "021-6888-6888". A leading 00 counts as "+", and
// "(0)" after a country code is dropped. If it isn't a phone number, ok is false
// and the key is empty. National numbers aren't completed, because their country
// isn't known here.
func PhoneKey(s string) (key string, ok bool) {
	s = strings.ToLower(norm.NFKC.String(text.Clean(s)))
	s, ext, ok := extension(s)
	if !ok {
		return "", false
	}
	if strings.HasPrefix(s, "+") || strings.HasPrefix(s, "00") {
		s = strings.Replace(s, "(0)", "", 1)
	}
	var b strings.Builder
	plus := false
	depth := 0
	for i, r := range s {
		switch d, digit := digitOf(r); {
		case digit:
			b.WriteByte(d)
		case r == '+' && i == 0:
			plus = true
		case r == '(' && depth == 0:
			depth++
		case r == ')' && depth == 1:
			depth--
		case strings.ContainsRune(" .-/", r) || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Zs, r):
		default:
			return "", false
		}
	}
	digits := b.String()
	if !plus {
		if rest, cut := strings.CutPrefix(digits, "00"); cut {
			digits, plus = rest, true
		}
	}
	if depth != 0 || len(digits) < minDigits || len(digits) > maxDigits {
		return "", false
	}
	if plus {
		digits = "+" + digits
	}
	if ext != "" {
		digits += "x" + ext
	}
	return digits, true
}

// extensionWords introduce an extension, in lower case, after NFKC. A word
// precedes any other that is a prefix of it.
var extensionWords = []string{
	";ext=", "extension", "extn.", "extn", "ext.", "ext", "x.", "x", "#",
	"转分机号", "转分机", "转", "轉分機號", "轉分機", "轉", "分机号码", "分机号", "分机", "分機號碼", "分機號", "分機", "内线", "內線",
}

// extension cuts off the extension: the text after the first of the words. Word
// and extension may be in parentheses together, with a colon or a dot between
// them, and with 分机 after them.
func extension(s string) (rest, ext string, ok bool) {
	at, tail := -1, ""
	for _, word := range extensionWords {
		if i := strings.Index(s, word); i >= 0 && (at < 0 || i < at) {
			at, tail = i, s[i+len(word):]
		}
	}
	if at < 0 {
		rest, ext = dialled(s)
		return rest, ext, true
	}
	rest = strings.TrimSpace(s[:at])
	tail = strings.TrimSpace(tail)
	if before, open := strings.CutSuffix(rest, "("); open {
		if tail, ok = strings.CutSuffix(tail, ")"); !ok {
			return "", "", false
		}
		rest, tail = before, strings.TrimSpace(tail)
	}
	for _, word := range []string{"分机", "分機", "号", "號"} {
		tail = strings.TrimSuffix(tail, word)
	}
	var b strings.Builder
	for _, r := range strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(tail), ":.")) {
		d, digit := digitOf(r)
		if !digit {
			return "", "", false
		}
		b.WriteByte(d)
	}
	ext = b.String()
	return strings.TrimSpace(strings.TrimRight(strings.TrimSpace(rest), ",;、。")), ext, ext != "" && len(ext) <= maxExtension
}

// landline matches a whole Chinese fixed-line number: an unbroken area code, and
// seven or eight digits.
var landline = regexp.MustCompile(strings.ReplaceAll(`^_(0|(\+|00)86_0?_)((10|2\d)(_\d){8}|[3-9]\d\d(_\d){7,8})_$`, "_", `[\pZ\p{Pd}./()]*`))

// lastGroup matches a possible extension without an introducing word.
var lastGroup = regexp.MustCompile(`^(.*\d\)?)(?:\pZ*\p{Pd}\pZ*(\d{3,6})|\pZ*\((\d{3,6})\))$`)

// dialled cuts off an extension without an introducing word: the last group of
// digits, if everything before it is a whole Chinese fixed-line number.
func dialled(s string) (rest, ext string) {
	m := lastGroup.FindStringSubmatch(s)
	if m == nil || !landline.MatchString(m[1]) {
		return s, ""
	}
	return m[1], m[2] + m[3]
}

// digitOf returns the ASCII digit of a decimal digit in any script.
func digitOf(r rune) (byte, bool) {
	if r >= '0' && r <= '9' {
		return byte(r), true
	}
	if r < 0x80 || !unicode.IsDigit(r) {
		return 0, false
	}
	// Unicode's decimal digits come in runs of ten, from zero to nine.
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return '0' + byte((r-rune(t.Lo))%10), true
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return '0' + byte((r-rune(t.Lo))%10), true
		}
	}
	return 0, false
}
