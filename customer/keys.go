package customer

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/pursuit-crm/pursuit/internal/text"
)

// Bounds of keys, in bytes unless noted, so that stores can index them.
const (
	// MaxNameKey is in characters: folding may lengthen a name, and the excess is
	// cut off.
	MaxNameKey  = text.MaxFold
	MaxEmailKey = maxLocal + 1 + maxDomain
	MaxPhoneKey = 1 + maxDigits + 1 + maxExtension
	MaxURLKey   = 1000
	MaxTaxIDKey = 256

	maxLocal     = 64
	maxDomain    = 253
	maxDigits    = 20
	minDigits    = 3
	maxExtension = 8
)

// KeysOf returns a customer's search keys (C03, C07).
func KeysOf(c Customer) Keys {
	k := Keys{Name: nameKey(c.Name), TaxID: taxKey(c.TaxID)}
	k.Email, k.EmailDomain, _ = EmailKey(c.Email)
	k.Phone, _ = PhoneKey(c.Phone)
	k.URL, _ = URLKey(c.URL)
	return k
}

// KeysOfContact returns a contact's search keys; URL and TaxID stay empty.
func KeysOfContact(c Contact) Keys {
	k := Keys{Name: nameKey(c.Name)}
	k.Email, k.EmailDomain, _ = EmailKey(c.Email)
	k.Phone, _ = PhoneKey(c.Phone)
	return k
}

func nameKey(s string) string { return text.FoldName(s) }

// taxKey keeps letters and digits, in upper case.
func taxKey(s string) string {
	s = strings.ToUpper(norm.NFKC.String(s))
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
	for len(s) > MaxTaxIDKey {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}

// EmailKey checks the shape of an e-mail address, and returns its comparison key
// and the key's domain: the local part folded, the domain in lower-case ASCII
// (IDNs as "xn--"). If it isn't an address, ok is false and the keys are empty.
func EmailKey(s string) (key, domain string, ok bool) {
	s = text.Clean(s)
	at := strings.LastIndexAny(s, "@＠")
	if at <= 0 {
		return "", "", false
	}
	_, n := utf8.DecodeRuneInString(s[at:])
	local, host := text.Fold(s[:at]), s[at+n:]
	if local == "" || len(local) > maxLocal || strings.HasPrefix(local, ".") ||
		strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return "", "", false
	}
	for _, r := range local {
		if r <= ' ' || r == 0x7f || r == utf8.RuneError || strings.ContainsRune(`"(),:;<>@[\]`, r) ||
			unicode.IsSpace(r) || unicode.IsControl(r) {
			return "", "", false
		}
	}
	domain, ok = domainKey(host)
	if !ok {
		return "", "", false
	}
	return local + "@" + domain, domain, true
}

// URLKey checks the shape of a web address, with or without http(s)://, and
// returns its comparison key: the host in lower-case ASCII without "www.", the
// port unless it is the scheme's default, the path without a trailing slash, and
// the query. If it isn't a web address, ok is false and the key is empty.
func URLKey(s string) (key string, ok bool) {
	s = text.Clean(s)
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return "", false
	}
	if !strings.Contains(s, "://") {
		s = "http://" + s
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil || u.Opaque != "" {
		return "", false
	}
	host, ok := hostKey(u.Hostname())
	if !ok {
		return "", false
	}
	switch port := u.Port(); {
	case port == "" || port == "80" && u.Scheme == "http" || port == "443" && u.Scheme == "https":
	default:
		host += ":" + port
	}
	key = host + strings.TrimRight(u.EscapedPath(), "/")
	if u.RawQuery != "" {
		key += "?" + u.RawQuery
	}
	if len(key) > MaxURLKey || !utf8.ValidString(key) {
		return "", false
	}
	return key, true
}

func hostKey(host string) (string, bool) {
	if ip, err := netip.ParseAddr(host); err == nil && ip.Zone() == "" {
		if ip.Is6() {
			return "[" + ip.String() + "]", true
		}
		return ip.String(), true
	}
	key, ok := domainKey(host)
	if !ok {
		return "", false
	}
	// "www.de" is itself a registrable name.
	if rest, cut := strings.CutPrefix(key, "www."); cut && strings.Contains(rest, ".") {
		key = rest
	}
	return key, true
}
