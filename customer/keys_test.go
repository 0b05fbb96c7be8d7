package customer_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/customer"
)

func TestC03_EmailKeys(t *testing.T) {
	for typed, want := range map[string]string{
		"Ann.Lee@Example.COM":         "ann.lee@example.com",
		"  ann@example.com. ":         "ann@example.com",
		"ann+deals@example.co.uk":     "ann+deals@example.co.uk",
		"o'neil_x@ex-ample.com":       "o'neil_x@ex-ample.com",
		"info@BÜCHER.example":         "info@xn--bcher-kva.example",
		"info@bu\u0308cher.example":   "info@xn--bcher-kva.example",
		"info@xn--bcher-kva.example":  "info@xn--bcher-kva.example",
		"王@例子。公司":                     "王@xn--fsqu00a.xn--55qx5d",
		"ann＠ｅｘａｍｐｌｅ．com":             "ann@example.com",
		"JOSÉ@example.com":            "josé@example.com",
		"a@президент.рф":              "a@xn--d1abbgf6aiiy.xn--p1ai",
		"1@163.com":                   "1@163.com",
		"a@ليهمابتكلموشعربي؟.example": "",
		"ann":                                    "",
		"@example.com":                           "",
		"ann@":                                   "",
		"ann@localhost":                          "",
		"ann@example..com":                       "",
		"ann@-example.com":                       "",
		"ann@example-.com":                       "",
		"ann@exa mple.com":                       "",
		"a b@example.com":                        "",
		"a@b@example.com":                        "",
		".ann@example.com":                       "",
		"ann.@example.com":                       "",
		"a..b@example.com":                       "",
		"\"a\"@example.com":                      "",
		"<ann@example.com>":                      "",
		"ann@example.com, b@example.com":         "",
		"ann@\ufffd.com":                         "",
		strings.Repeat("a", 65) + "@example.com": "",
		"a@" + strings.Repeat("b", 64) + ".com":  "",
		"a@" + strings.Repeat("bcdefghi.", 30) + "com":                   "",
		strings.Repeat("a", 64) + "@" + strings.Repeat("b", 63) + ".com": strings.Repeat("a", 64) + "@" + strings.Repeat("b", 63) + ".com",
	} {
		key, domain, ok := customer.EmailKey(typed)
		require.Equal(t, want, key, typed)
		require.Equal(t, want != "", ok, typed)
		require.Equal(t, want[strings.LastIndex(want, "@")+1:], domain, typed)
	}
}

func TestC03_C10_PhoneKeys(t *testing.T) {
	for typed, want := range map[string]string{
		"+86 10 1234-5678":    "+861012345678",
		"0086 10 1234 5678":   "+861012345678",
		"+49 (0)30 / 123.456": "+4930123456",
		"0049 (0) 30 123":     "+4930123",
		"(0) 30 123":          "030123",
		"(030) 123-456":       "030123456",
		"030 – 123 456":       "030123456",
		"１３８ ００１３ ８０００":       "13800138000",
		"＋８６１３８００１３８０００":      "+8613800138000",
		"٠١٢٣٤٥":              "012345",
		"𞥐𞥑𞥒𞥓":                "0123",
		"010-12345678 转 802":  "01012345678x802",
		// C10
		"021-68886888 分机801":      "02168886888x801",
		"021-68886888转分机801":      "02168886888x801",
		"021-68886888 分机号：８０１":    "02168886888x801",
		"021-68886888（分机：801）":    "02168886888x801",
		"021-68886888(转801)":      "02168886888x801",
		"021-68886888 转801分机":     "02168886888x801",
		"021－68886888，分機號 801":    "02168886888x801",
		"021-68886888 内线801":      "02168886888x801",
		"０２１－６８８８６８８８＃８０１":        "02168886888x801",
		"021-68886888 ｘ８０１":       "02168886888x801",
		"021-68886888转801号":       "02168886888x801",
		"021-68886888转801號":       "02168886888x801",
		"021-68886888 分机号801号":    "02168886888x801",
		"021-68886888-801":        "02168886888x801",
		"021-6888-6888-801":       "02168886888x801",
		"02168886888－801":         "02168886888x801",
		"021 6888 6888 – 801":     "02168886888x801",
		"(021)68886888-801":       "02168886888x801",
		"021-68886888(801)":       "02168886888x801",
		"021-68886888（８０１）":       "02168886888x801",
		"021-6888-6888 (801)":     "02168886888x801",
		"0755-83286888-6001":      "075583286888x6001",
		"0371-6328688-123456":     "03716328688x123456",
		"+86 21 68886888-801":     "+862168886888x801",
		"+86-(0)21-6888-6888-801": "+862168886888x801",
		"0086-755-83286888(801)":  "+8675583286888x801",
		// what is no extension
		"021-6888-6888":                "02168886888",
		"(021)6888-6888":               "02168886888",
		"021(6888)6888":                "02168886888",
		"0755-8328-6888":               "075583286888",
		"0755 8328-688":                "07558328688",
		"0371-632-8688":                "03716328688",
		"+86-755-8328-6888":            "+8675583286888",
		"+86 21 6888-6888":             "+862168886888",
		"021-68886888 801":             "02168886888801",
		"021-68886888-80":              "0216888688880",
		"021-68886888-8011234":         "021688868888011234",
		"138-0013-8000":                "13800138000",
		"+86-138-0013-8000":            "+8613800138000",
		"400-820-8820":                 "4008208820",
		"+1-555-123-4567":              "+15551234567",
		"+1 (555) 123-4567":            "+15551234567",
		"(030) 123-456789":             "030123456789",
		"030-12345678-200":             "03012345678200",
		"020-7946-0958":                "02079460958",
		"03-1234-5678":                 "0312345678",
		"021-68886888(801":             "",
		"021-68886888 801)":            "",
		"021-68886888转号":               "",
		"tel 021-68886888 分机801":       "",
		"021-68886888 分机":              "",
		"021-68886888 分801":            "",
		"021-68886888(分机801":           "",
		"021-68886888 分机801)":          "",
		"021-68886888 分机8x1":           "",
		"+86-21-68886888;ext=801":      "+862168886888x801",
		"010-12345678轉802":             "01012345678x802",
		"+1 555 123 4567 ext. 12":      "+15551234567x12",
		"+1 555 123 4567, x12":         "+15551234567x12",
		"+1 555 123 4567 Extension: ٣": "+15551234567x3",
		"+1 555 123 4567#9":            "+15551234567x9",
		"112":                          "112",
		"12":                           "",
		"":                             "",
		"call me":                      "",
		"12345 or 67890":               "",
		"12+345":                       "",
		"++12345":                      "",
		"((12345)":                     "",
		"12345)":                       "",
		"(12345":                       "",
		"1234567890123456789012":       "",
		"12345 ext":                    "",
		"12345 x12a":                   "",
		"12345 x123456789":             "",
		"12345½":                       "",
		"12²45":                        "12245",
	} {
		key, ok := customer.PhoneKey(typed)
		require.Equal(t, want, key, typed)
		require.Equal(t, want != "", ok, typed)
	}
}

func TestC03_URLKeys(t *testing.T) {
	for typed, want := range map[string]string{
		"https://www.Example.COM/":                           "example.com",
		"http://example.com":                                 "example.com",
		"example.com":                                        "example.com",
		"WWW.example.com/Shop/":                              "example.com/Shop",
		"https://example.com:443/a?b=c#d":                    "example.com/a?b=c",
		"http://example.com:443/":                            "example.com:443",
		"https://example.com:8443":                           "example.com:8443",
		"http://example.com:80":                              "example.com",
		"example.com:8080/x":                                 "example.com:8080/x",
		"https://bücher.example/ä":                           "xn--bcher-kva.example/%C3%A4",
		"https://www.de":                                     "www.de",
		"http://10.0.0.1/x":                                  "10.0.0.1/x",
		"http://[2001:DB8::1]:81/":                           "[2001:db8::1]:81",
		"http://[fe80::1%25eth0]/":                           "",
		"ftp://example.com":                                  "",
		"javascript:alert(1)":                                "",
		"https://ann:secret@example.com":                     "",
		"https://":                                           "",
		"localhost":                                          "",
		"not a url":                                          "",
		"https://example.com/%zz":                            "",
		"https://exa_mple..com":                              "",
		"mailto:ann@example.com":                             "",
		"https://example.com:http":                           "",
		"https://example.com/\xff":                           "example.com/%FF",
		"https://example.com/?q=\xff":                        "",
		"https://example.com/a?" + strings.Repeat("x", 1000): "",
	} {
		key, ok := customer.URLKey(typed)
		require.Equal(t, want, key, typed)
		require.Equal(t, want != "", ok, typed)
	}
}

func TestC03_C07_KeysOf(t *testing.T) {
	k := customer.KeysOf(customer.Customer{
		Name: "  ＭÜLLER  Straße GmbH ", Email: "Info@Example.COM", Phone: "0049 30 123", URL: "www.example.com", TaxID: " de 123/45-6ｂ ",
	})
	require.Equal(t, customer.Keys{
		Name: "müller strasse gmbh", Email: "info@example.com", EmailDomain: "example.com", Phone: "+4930123", URL: "example.com", TaxID: "DE123456B",
	}, k)
	require.Equal(t, customer.Keys{}, customer.KeysOf(customer.Customer{Email: "bad", Phone: "bad", URL: "bad url", TaxID: "-"}), "empty keys match nothing")
	require.Equal(t, customer.Keys{Name: "ann", Email: "a@b.de", EmailDomain: "b.de", Phone: "112"},
		customer.KeysOfContact(customer.Contact{Name: "Ann", Email: "A@B.de", Phone: "112"}))

	k = customer.KeysOf(customer.Customer{Name: strings.Repeat("\ufdfa", customer.MaxName), TaxID: strings.Repeat("㍿", customer.MaxTaxID)})
	require.LessOrEqual(t, utf8.RuneCountInString(k.Name), customer.MaxNameKey)
	require.LessOrEqual(t, len(k.TaxID), customer.MaxTaxIDKey)
	require.NotEmpty(t, k.TaxID)
	require.True(t, utf8.ValidString(k.TaxID))
}

func TestC07_PublicMailDomain(t *testing.T) {
	for _, d := range []string{"gmail.com", "QQ.com", "163.com", "yahoo.co.jp", "yahoo.com", "hotmail.fr", "live.com.mx", "outlook.com", "gmx.net", "web.de"} {
		require.True(t, customer.PublicMailDomain(d), d)
	}
	for _, d := range []string{"", "example.com", "live", "live.nation.com", "yahoo.example", "yahoo.co.jp.example", "mail.example.com", "notgmail.com"} {
		require.False(t, customer.PublicMailDomain(d), d)
	}
}

func FuzzEmailKey(f *testing.F) {
	for _, s := range []string{"a@b.de", "王@例子。公司", "A+b@BÜCHER.example", "a@b@c", "a@xn--.de", "İ@İ.com", "\xff@\xfe.com"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key, domain, ok := customer.EmailKey(s)
		if !ok {
			require.Empty(t, key+domain)
			return
		}
		require.True(t, utf8.ValidString(key))
		require.LessOrEqual(t, len(key), customer.MaxEmailKey)
		require.True(t, strings.HasSuffix(key, "@"+domain))
		again, domainAgain, ok := customer.EmailKey("x@" + domain)
		require.True(t, ok, "a key's domain is a domain: %q", domain)
		require.Equal(t, domain, domainAgain)
		require.Equal(t, "x@"+domain, again)
		for i := range len(domain) {
			require.Less(t, domain[i], byte(0x80))
		}
	})
}

func FuzzPhoneKey(f *testing.F) {
	for _, s := range []string{"+49 (0)30 123", "010-12345678 转 802", "１３８", "00+1", "++", "(((", "x", "123x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key, ok := customer.PhoneKey(s)
		if !ok {
			require.Empty(t, key)
			return
		}
		require.LessOrEqual(t, len(key), customer.MaxPhoneKey)
		require.Empty(t, strings.Trim(key, "+x0123456789"))
		again, ok := customer.PhoneKey(key)
		require.True(t, ok)
		require.Equal(t, key, again, "a key is its own key")
	})
}

func FuzzURLKey(f *testing.F) {
	for _, s := range []string{"https://www.example.com/", "example.com:8080/x?y=z#a", "http://[::1]/", "a.b/%2F", "www.www.www.de"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key, ok := customer.URLKey(s)
		if !ok {
			require.Empty(t, key)
			return
		}
		require.True(t, utf8.ValidString(key))
		require.LessOrEqual(t, len(key), customer.MaxURLKey)
		require.NotContains(t, key, " ")
		_, ok = customer.URLKey("http://" + key)
		require.True(t, ok, "a key is an address: %q", key)
	})
}
