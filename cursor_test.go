package pursuit

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
)

// A cursor is good only for the tenant and the query that it came from (J02).
func TestJ02_CursorsAreBoundToTenantAndQuery(t *testing.T) {
	at := position{Key: "大单", ID: uuid.MustParse("01936a5e-0000-7000-8000-000000000001")}
	q := OpportunityQuery{Desc: true}
	c := cursor("acme", q, at)
	got, err := parseCursor("acme", q, c)
	require.NoError(t, err)
	require.Equal(t, at, got)
	raw, err := base64.RawURLEncoding.DecodeString(c)
	require.NoError(t, err)
	flipped := append([]byte(nil), raw...)
	flipped[len(flipped)-3] ^= 1
	for name, try := range map[string]struct {
		tenant, text string
		query        any
	}{
		"another tenant": {"evil", c, q},
		"another query":  {"acme", c, OpportunityQuery{}},
		"altered":        {"acme", base64.RawURLEncoding.EncodeToString(flipped), q},
		"cut":            {"acme", c[:len(c)/2], q},
		"padded":         {"acme", c + "=", q},
		"too long":       {"acme", strings.Repeat("A", maxCursor+1), q},
		"not base64":     {"acme", "!!", q},
	} {
		_, err := parseCursor(try.tenant, try.query, try.text)
		require.ErrorIs(t, err, fault.ErrInvalid, name)
		require.Equal(t, "/cursor", fault.FieldsOf(err)[0].Path, name)
	}
	none, err := parseCursor("acme", q, "")
	require.NoError(t, err)
	require.Zero(t, none)
}

func FuzzCursor(f *testing.F) {
	q := OpportunityQuery{}
	f.Add(cursor("acme", q, position{Key: "x"}))
	f.Add("")
	f.Add("AAAAAAAAAAB7fQ")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parseCursor("acme", q, text)
		if err != nil {
			require.ErrorIs(t, err, fault.ErrInvalid)
			return
		}
		if text != "" {
			require.Equal(t, text, cursor("acme", q, p), "only our own cursors are taken")
		}
	})
}
