package customer_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/customer"
)

// Names are counted in characters, after trimming and NFC, of customers and of
// contacts alike.
func TestC01_C02_NamesOf1To200Characters(t *testing.T) {
	for name, want := range map[string]string{
		strings.Repeat("n", 200):                      "",
		strings.Repeat("名", 200):                      "",
		strings.Repeat("\U0001F600", 200):             "",
		" \t" + strings.Repeat("n", 200) + "\u3000\n": "",
		strings.Repeat("e\u0301", 200):                "", // 400 before NFC
		strings.Repeat("n", 201):                      "too_long",
		strings.Repeat("名", 201):                      "too_long",
		strings.Repeat("e\u0301", 201):                "too_long",
		"x":                                           "",
		"":                                            "required",
		"\u3000\u00a0\t\n":                            "required",
		"a\nb":                                        "control",
		"a\x00":                                       "control",
		"\xff":                                        "bad_utf8",
	} {
		a, err := customer.New(id(1), "acme", customer.CreateInput{Name: name, Contacts: []customer.ContactInput{{Name: name}}}, []uuid.UUID{id(11)}, at(0))
		if want != "" {
			require.Equal(t, []string{"/name " + want, "/contacts/0/name " + want}, wrong(err), "%.20q", name)
			continue
		}
		require.NoError(t, err, "%.20q", name)
		require.LessOrEqual(t, len([]rune(a.Customer.Name)), 200)
		require.Equal(t, a.Customer.Name, a.Contacts[0].Name)
		require.NotContains(t, a.Customer.Name, "\u0301")
		require.Equal(t, strings.TrimSpace(a.Customer.Name), a.Customer.Name)
	}
}

// The words that stores and hosts keep.
func TestC01_KindsAndStatuses(t *testing.T) {
	for _, k := range []customer.Kind{"organisation", "person"} {
		require.True(t, k.Valid())
	}
	for _, s := range []customer.Status{"prospect", "active", "inactive"} {
		require.True(t, s.Valid())
	}
	for _, bad := range []string{"", "Person", "organization", "deleted"} {
		require.False(t, customer.Kind(bad).Valid())
		require.False(t, customer.Status(bad).Valid())
	}
}

// Codes differ by byte: case, accents and blanks are never folded.
func TestC01_CodesAreKeptByByte(t *testing.T) {
	for _, code := range []string{"ACME", "acme", "a.b-c_d/e", strings.Repeat("c", 64)} {
		a, err := customer.New(id(1), "acme", customer.CreateInput{Name: "Acme", Code: code}, nil, at(0))
		require.NoError(t, err)
		require.Equal(t, code, a.Customer.Code)
	}
	for code, want := range map[string]string{strings.Repeat("c", 65): "too_long", "é": "bad_code", "a b": "bad_code"} {
		_, err := customer.New(id(1), "acme", customer.CreateInput{Name: "Acme", Code: code}, nil, at(0))
		require.Equal(t, []string{"/code " + want}, wrong(err))
	}
}
