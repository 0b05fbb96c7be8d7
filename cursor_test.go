package pursuit

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

var (
	cursorID  = uuid.MustParse("01936a5e-0000-7000-8000-000000000001")
	cursorKey = []byte("0123456789abcdef0123456789abcdef")
)

// A cursor is good only for the tenant and the query that it came from (J02).
func TestJ02_CursorsAreBoundToTenantAndQuery(t *testing.T) {
	at := position{Key: "大单", ID: cursorID}
	for _, key := range [][]byte{nil, cursorKey} {
		q := OpportunityQuery{Desc: true}
		c := cursor(key, "acme", q, at)
		got, err := parseCursor(key, "acme", q, c, byText)
		require.NoError(t, err)
		require.Equal(t, at, got)
		raw, err := base64.RawURLEncoding.DecodeString(c)
		require.NoError(t, err)
		flipped := append([]byte(nil), raw...)
		flipped[len(flipped)-3] ^= 1
		other := slices.Clone(cursorKey)
		other[0]++
		for name, try := range map[string]struct {
			key          []byte
			tenant, text string
			query        any
		}{
			"another tenant": {key, "evil", c, q},
			"another query":  {key, "acme", c, OpportunityQuery{}},
			"another list":   {key, "acme", c, struct{ OpportunityQuery }{q}},
			"another key":    {other, "acme", c, q},
			"altered":        {key, "acme", base64.RawURLEncoding.EncodeToString(flipped), q},
			"cut":            {key, "acme", c[:len(c)/2], q},
			"padded":         {key, "acme", c + "=", q},
			"broken lines":   {key, "acme", c[:8] + "\r\n" + c[8:], q},
			"a line's end":   {key, "acme", c + "\n", q},
			"too long":       {key, "acme", strings.Repeat("A", maxCursor+1), q},
			"not base64":     {key, "acme", "!!", q},
		} {
			_, err := parseCursor(try.key, try.tenant, try.query, try.text, byText)
			require.ErrorIs(t, err, fault.ErrInvalid, name)
			require.Equal(t, "/cursor", fault.FieldsOf(err)[0].Path, name)
		}
		none, err := parseCursor(key, "acme", q, "", byText)
		require.NoError(t, err)
		require.Zero(t, none)
	}
}

type noStore struct{ storage.Store }

// forged makes a cursor as anybody can without a key: its checksum fits what it holds.
func forged(tenant string, query any, body string) string {
	return base64.RawURLEncoding.EncodeToString(append(sumOf(nil, tenant, query, []byte(body)), body...))
}

// Where a key is set, a cursor that was made without it is refused, whatever it holds.
func TestJ02_CursorsAreSigned(t *testing.T) {
	at := position{Key: "N", ID: cursorID}
	_, err := parseCursor(cursorKey, "acme", 1, cursor(nil, "acme", 1, at), byText)
	require.ErrorIs(t, err, fault.ErrInvalid)
	for _, short := range [][]byte{{}, cursorKey[:MinCursorKey-1]} {
		_, err = New(noStore{}, &Options{CursorKey: short})
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Equal(t, "/cursor_key", fault.FieldsOf(err)[0].Path)
	}
	mine := slices.Clone(cursorKey)
	eng, err := New(noStore{}, &Options{CursorKey: mine})
	require.NoError(t, err)
	mine[0]++
	require.Equal(t, cursorKey, eng.opts.CursorKey, "the key is copied")
}

// JSON that says the same in another way isn't a cursor, even if the sum fits.
func TestJ02_CursorsHaveOneForm(t *testing.T) {
	id := cursorID.String()
	_, err := parseCursor(nil, "acme", 1, forged("acme", 1, `{"k":"N","i":"`+id+`"}`), byText)
	require.NoError(t, err)
	for _, body := range []string{
		`{"k":"N", "i":"` + id + `"}`, `{"i":"` + id + `","k":"N"}`, `{"K":"N","i":"` + id + `"}`, `{"k":"M","k":"N","i":"` + id + `"}`,
		`{"k":"N","i":"` + strings.ToUpper(id) + `"}`, `{"k":"N","i":"urn:uuid:` + id + `"}`, `{"k":"N","i":"{` + id + `}"}`, `{"k":"\u004e","i":"` + id + `"}`,
		`{"k":"N","i":"` + id + `","x":1}`, `{"k":"N` + "\xff" + `","i":"` + id + `"}`, `{}`, `null`, ``, `{"k":"N"}`,
	} {
		_, err := parseCursor(nil, "acme", 1, forged("acme", 1, body), byText)
		require.ErrorIs(t, err, fault.ErrInvalid, body)
	}
}

// placed is a list's place with keys that it has, and ones that it hasn't.
type placed struct {
	at        place
	good, bad []string
	noID      bool // its positions have no id
}

func places() map[string]placed {
	stored := time.Date(2026, 3, 2, 9, 0, 0, 123456000, time.UTC)
	micros := fmt.Sprintf("%020d", uint64(stored.UnixMicro())+1<<63)
	moments := placed{good: []string{micros}, bad: []string{"", "x", "1", micros + "0", "+" + micros[1:], fmt.Sprintf("%020d", uint64(1<<64-1)), fmt.Sprintf("%020d", 0)}}
	out := map[string]placed{
		"numbers":    {at: byText, good: []string{"OPP-2026-000001", "大单"}, bad: []string{"", "a\x00", strings.Repeat("x", maxPlain+1)}},
		"dates":      {at: byDate, good: []string{"2026-03-01"}, bad: []string{"", "2026-02-30", "2026-3-1", "2026-03-01 ", "0000-01-01", "2026-03-01\x00"}},
		"activities": {at: byMoment, good: []string{momentKey(stored)}, bad: []string{"", "2026-03-02", "2026-03-02T09:00:00.1234560Z", "2026-03-02T09:00:00.1234567Z", "2026-03-02T10:00:00+01:00", "0000-03-02T09:00:00Z"}},
		"roles":      {at: byRole, good: []string{"user", "other"}, bad: []string{"", "boss", "user\x00", "User"}},
		"archives":   {at: byCode, good: []string{"source/a", "source/a/b"}, bad: []string{"", "source", "source/", "x/a", "source/a\x00", "source/" + strings.Repeat("a", 65)}},
		"timeline":   {at: byTimeline, good: []string{"1772442000123456/7/true", "-1/0/false"}, bad: []string{"", "x", "1/2", "1/2/true ", "+1/2/true", "01/2/true", "1/-2/true", "1/2/TRUE", "9223372036854775807/1/true", "1/2/true\x00"}},
		"events":     {at: byEvent, noID: true, good: []string{eventKeyAt(stored.UnixMicro(), "D-1", 3), eventKeyAt(0, "D\u2028", 1234567)}, bad: []string{"", "x", micros, micros + "D-1", micros + "D-1\x00x", micros + "\x00000001"}},
	}
	for _, o := range opportunity.Sorts() {
		p := moments
		switch o {
		case opportunity.ByNumber, opportunity.ByName:
			p = placed{good: []string{"a", "大单"}, bad: []string{"", "a\x00b", strings.Repeat("x", 251)}}
		case opportunity.ByAmount:
			p = placed{good: []string{fmt.Sprintf("%020d", 0), fmt.Sprintf("%020d", uint64(1<<64-1))}, bad: []string{"", "5", "-0000000000000000001", strings.Repeat("9", 20)}}
		case opportunity.ByProbability:
			p = placed{good: []string{fmt.Sprintf("%020d", uint64(1<<63)+10000)}, bad: []string{"", micros, fmt.Sprintf("%020d", uint64(1<<63)+10001), fmt.Sprintf("%020d", uint64(1<<63)-1)}}
		case opportunity.ByExpectedClose:
			p = placed{good: []string{"", "2026-03-01"}, bad: []string{"2026-02-30", "x", "2026-03-01\x00"}}
		case opportunity.ByNextActivity, opportunity.ByLastActivity:
			p = placed{good: []string{"", micros}, bad: moments.bad[1:]}
		}
		p.at = bySort(o)
		out["by "+string(o)] = p
	}
	return out
}

func eventKeyAt(micros int64, external string, line int) string {
	return fmt.Sprintf("%020d%s\x00%06d", micros, external, line)
}

// Whatever a forged cursor holds is checked by the list's type before a store sees it (J02).
func TestJ02_PositionsOfCursorsAreChecked(t *testing.T) {
	for name, p := range places() {
		id := cursorID
		if p.noID {
			id = uuid.Nil
		}
		parse := func(pos position) error {
			body, err := json.Marshal(pos)
			require.NoError(t, err)
			_, err = parseCursor(nil, "acme", name, forged("acme", name, string(body)), p.at)
			return err
		}
		for _, key := range p.good {
			require.NoError(t, parse(position{key, id}), "%s %q", name, key)
		}
		for _, key := range p.bad {
			require.ErrorIs(t, parse(position{key, id}), fault.ErrInvalid, "%s %q", name, key)
			// The twin: where nothing looks at the position, each of them gets through.
			body, err := json.Marshal(position{key, id})
			require.NoError(t, err)
			_, err = parseCursor(nil, "acme", name, forged("acme", name, string(body)), func(position) bool { return true })
			require.NoError(t, err, "%s %q", name, key)
		}
		if id == uuid.Nil {
			id = cursorID
		} else {
			id = uuid.Nil
		}
		require.ErrorIs(t, parse(position{p.good[0], id}), fault.ErrInvalid, "%s, its id", name)
	}
	// What is listed has a place that is taken.
	for _, name := range []string{"Ünïcode", strings.Repeat("ﷺ", 100), "a"} {
		require.True(t, byText(position{customer.KeysOf(customer.Customer{Name: name}).Name, cursorID}))
		for _, o := range opportunity.Sorts() {
			r := opportunity.Root{Name: name, Number: "N", Created: time.Now(), Updated: time.Now(), StageEntered: time.Now()}
			require.True(t, bySort(o)(position{opportunity.KeyOf(o, &r), cursorID}), "%s %s", o, name)
		}
	}
}

// FuzzCursor takes texts as they are, and bodies under a sum that fits, which is what
// anybody can forge without a key: nothing but a canonical cursor with a position of
// the list is taken.
func FuzzCursor(f *testing.F) {
	f.Add(cursor(nil, "acme", OpportunityQuery{}, position{Key: "x", ID: cursorID}), false)
	f.Add("", false)
	f.Add("AAAAAAAAAAB7fQ", false)
	f.Add(`{"k":"x","i":"01936a5e-0000-7000-8000-000000000001"}`, true)
	f.Add(`{"k":"1772442000123456/7/true","i":"01936a5e-0000-7000-8000-000000000001"}`, true)
	q := OpportunityQuery{}
	f.Fuzz(func(t *testing.T, text string, body bool) {
		if body {
			text = forged("acme", q, text)
		}
		for name, x := range places() {
			p, err := parseCursor(nil, "acme", q, text, x.at)
			if err != nil {
				require.ErrorIs(t, err, fault.ErrInvalid)
				continue
			}
			if text == "" {
				continue
			}
			require.Equal(t, text, cursor(nil, "acme", q, p), "only our own cursors are taken")
			require.Equal(t, x.noID, p.ID == uuid.Nil, name)
			require.True(t, x.noID || !strings.ContainsRune(p.Key, 0), "%s: %q", name, p.Key)
			_, err = parseCursor(cursorKey, "acme", q, text, x.at)
			require.ErrorIs(t, err, fault.ErrInvalid, "it isn't signed")
		}
	})
}
