package pursuit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// position is the content of a cursor: the end of the previous page.
type position struct {
	Key string    `json:"k"`
	ID  uuid.UUID `json:"i"`
}

// place reports whether a page of a list can end at a position. A cursor is
// input: no part of it reaches a store before this check.
type place func(position) bool

// Bytes of checksum before the position. Without a key it only distinguishes
// queries.
const (
	cursorSum = 8
	cursorMAC = 16
)

// MinCursorKey is the shortest Options.CursorKey, in bytes.
const MinCursorKey = 16

// sumOf returns the checksum of a cursor: an HMAC if there is a key.
func sumOf(key []byte, tenant string, query any, body []byte) []byte {
	q, _ := json.Marshal(query) // queries are plain data; a test encodes each
	size := cursorSum
	var h hash.Hash = sha256.New()
	if len(key) > 0 {
		size, h = cursorMAC, hmac.New(sha256.New, key)
	}
	fmt.Fprintf(h, "%d:%s%T:%d:%s", len(tenant), tenant, query, len(q), q)
	h.Write(body)
	return h.Sum(nil)[:size]
}

func cursor(key []byte, tenant string, query any, p position) string {
	body, _ := json.Marshal(p)
	return base64.RawURLEncoding.EncodeToString(append(sumOf(key, tenant, query, body), body...))
}

// maxCursor limits a cursor's text: a long folded name fits.
const maxCursor = 8192

// parseCursor parses a cursor. Errors: ErrInvalid for anything that differs by a
// byte from the cursor made for this tenant and query, and for a position that
// the list can't have.
func parseCursor(key []byte, tenant string, query any, text string, at place) (position, error) {
	var p position
	if text == "" {
		return p, nil
	}
	if len(text) > maxCursor {
		return p, badCursor()
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	size := cursorSum
	if len(key) > 0 {
		size = cursorMAC
	}
	if err != nil || len(b) < size || !hmac.Equal(sumOf(key, tenant, query, b[size:]), b[:size]) || json.Unmarshal(b[size:], &p) != nil {
		return position{}, badCursor()
	}
	// One value may have many encodings; accept only ours.
	if cursor(key, tenant, query, p) != text || !at(p) {
		return position{}, badCursor()
	}
	return p, nil
}

func badCursor() error {
	return fault.Invalid("cursor.invalid", fault.Field{Path: "/cursor", Code: "bad_cursor", Message: "isn't a cursor of this list"})
}

// maxPlain limits a text in a cursor, in characters: folded names and the numbers
// of a host's own orders fit.
const maxPlain = 500

// plain reports whether a text can be compared on every store.
func plain(s string) bool {
	return s != "" && utf8.ValidString(s) && !strings.ContainsRune(s, 0) && utf8.RuneCountInString(s) <= maxPlain
}

// The places of the lists; that of opportunities depends on the sort.

// byText is the place in lists by number or name.
func byText(p position) bool { return p.ID != uuid.Nil && plain(p.Key) }

func byDate(p position) bool {
	d, err := calendar.Parse(p.Key)
	return p.ID != uuid.Nil && err == nil && !d.IsZero() && d.String() == p.Key
}

func byMoment(p position) bool {
	t, err := time.Parse(time.RFC3339Nano, p.Key)
	return p.ID != uuid.Nil && err == nil && stored(t) && momentKey(t) == p.Key
}

func momentKey(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// stored reports whether stores can keep a time.
func stored(t time.Time) bool {
	y := t.UTC().Year()
	return y >= 1 && y <= 9999 && calendar.Truncate(t).Equal(t)
}

func byRole(p position) bool {
	return p.ID != uuid.Nil && opportunity.ContactRole(p.Key).Valid()
}

func byCode(p position) bool {
	kind, code, _ := strings.Cut(p.Key, "/")
	return p.ID != uuid.Nil && archive.Kind(kind).Valid() && plain(code) && utf8.RuneCountInString(code) <= text.MaxCode
}

// bySort is the place in a list of opportunities.
func bySort(o opportunity.Sort) place {
	return func(p position) bool { return p.ID != uuid.Nil && utf8.ValidString(p.Key) && o.ValidKey(p.Key) }
}

// byTimeline is the place in a timeline.
func byTimeline(p position) bool {
	at, ok := timelineMoment(p)
	return ok && p.ID != uuid.Nil && stored(at.At) && at.Entry >= 0 && timelineText(at) == p.Key
}

// byEvent is the place in an order's events, which are compared in memory.
func byEvent(p position) bool {
	micros, rest := p.Key[:min(20, len(p.Key))], p.Key[min(20, len(p.Key)):]
	external, line, ok := strings.Cut(rest, "\x00")
	return p.ID == uuid.Nil && ok && len(micros) == 20 && digits(micros) && plain(external) && len(line) >= 6 && digits(line)
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }
