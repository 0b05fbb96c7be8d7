package journal

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
)

// Moment says when a command takes effect, when it was recorded, and who gave
// it. Both times are UTC with whole microseconds. The engine makes it; the
// domain never asks a clock.
type Moment struct {
	Effective time.Time `json:"effective"`
	Recorded  time.Time `json:"recorded"`
	// By is the user, as the host names it.
	By string `json:"by"`
}

// Begin refuses a moment that runs backwards or lies in the future (O12), and a
// command while the change of the one before wasn't taken (O11). last is when the
// last change took effect. Errors: ErrInternal with the code pending; ErrInvalid with
// the codes future and backwards.
func (m Moment) Begin(taken bool, last time.Time, pending, future, backwards string) error {
	switch {
	case !taken:
		return fault.New(fault.ErrInternal, pending, "the change of the command before wasn't taken")
	case m.Effective.After(m.Recorded):
		return fault.Invalid(future, fault.Field{Path: "/at", Code: "future", Message: "must not be in the future"})
	case m.Effective.Before(last):
		return Backwards(backwards, last)
	}
	return nil
}

// Backwards refuses a moment that is before an aggregate's last change, and says
// when that was. Errors: ErrInvalid with the code given.
func Backwards(code string, last time.Time) error {
	at := last.UTC().Format(time.RFC3339Nano)
	message := "must not be before the last change, " + at
	return fault.Invalid(code, fault.Field{Path: "/at", Code: "backwards", Message: message,
		Texts: map[string]string{"en": message, "zh": "不得早于上次变更（" + at + "）"}})
}

// Kind names a sort of aggregate.
type Kind string

// The aggregates that leave events.
const (
	KindOpportunity Kind = "opportunity"
	KindCustomer    Kind = "customer"
	KindArchive     Kind = "archive"
	KindProcess     Kind = "process"
	KindOrder       Kind = "order"
	KindQuote       Kind = "quote"
	KindSales       Kind = "sales_system"
)

// Event is what a command leaves: a name with a version, such as
// "opportunity.won.v1", and a payload that encodes to JSON.
type Event struct {
	Type    string
	Payload any
}

// Hash is a SHA-256. Its text is 64 hexadecimal digits in lower case.
type Hash [sha256.Size]byte

// String gives the text.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText gives the text.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what MarshalText gives. Errors: ErrInvalid.
func (h *Hash) UnmarshalText(b []byte) error {
	var v Hash
	if n, err := hex.Decode(v[:], b[:min(len(b), 2*len(v))]); err != nil || n != len(v) || v.String() != string(b) {
		return fault.Invalid("journal.hash", fault.Field{Code: "bad_hash", Message: "must be 64 hexadecimal digits in lower case"})
	}
	*h = v
	return nil
}

// Head is the end of an aggregate's chain: how many entries it has, and the
// hash of the last one.
type Head struct {
	Seq  int64 `json:"seq"`
	Hash Hash  `json:"hash"`
}

// Entry is one journalled event.
type Entry struct {
	Tenant    string    `json:"tenant"`
	Kind      Kind      `json:"kind"`
	Aggregate uuid.UUID `json:"aggregate"`
	// Seq counts from 1 within the aggregate.
	Seq int64 `json:"seq"`
	// ID is unique; it grows with time and orders entries across aggregates.
	ID uuid.UUID `json:"id"`
	// Version is the aggregate's version after the command.
	Version int64  `json:"version"`
	Type    string `json:"type"`
	// Payload is JSON.
	Payload json.RawMessage `json:"payload"`
	Moment  Moment          `json:"moment"`
	Prev    Hash            `json:"prev"`
	Hash    Hash            `json:"hash"`
}

// Append makes the entry of an event at the end of a chain and moves the head.
// Errors: ErrInternal if the payload doesn't encode.
func (h *Head) Append(tenant string, kind Kind, aggregate, id uuid.UUID, version int64, ev Event, at Moment) (Entry, error) {
	payload, err := json.Marshal(ev.Payload)
	if err != nil {
		return Entry{}, fault.Wrap(fault.ErrInternal, "journal.encode", "event payload doesn't encode", err)
	}
	e := Entry{
		Tenant: tenant, Kind: kind, Aggregate: aggregate, Seq: h.Seq + 1, ID: id, Version: version,
		Type: ev.Type, Payload: payload, Moment: at, Prev: h.Hash,
	}
	e.Hash = e.sum()
	h.Seq, h.Hash = e.Seq, e.Hash
	return e, nil
}

// sum hashes every field, each with its length, after the hash before.
func (e *Entry) sum() Hash {
	var stack [512]byte
	b := append(stack[:0], e.Prev[:]...)
	str := func(s string) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	num := func(n int64) { b = binary.BigEndian.AppendUint64(b, uint64(n)) }
	str(e.Tenant)
	str(string(e.Kind))
	b = append(b, e.Aggregate[:]...)
	num(e.Seq)
	b = append(b, e.ID[:]...)
	num(e.Version)
	str(e.Type)
	num(e.Moment.Effective.UnixMicro())
	num(e.Moment.Recorded.UnixMicro())
	str(e.Moment.By)
	b = binary.BigEndian.AppendUint32(b, uint32(len(e.Payload)))
	b = append(b, e.Payload...)
	return sha256.Sum256(b)
}

// Verify checks a whole chain, in order of Seq, against the head that the
// aggregate's row keeps (J06).
// Errors: ErrCorrupt naming the first entry that doesn't fit.
func Verify(entries []Entry, head Head) error {
	var at Head
	for i := range entries {
		e := &entries[i]
		switch {
		case e.Seq != at.Seq+1:
			return corrupt(i, "sequence", "an entry is missing or out of order")
		case e.Prev != at.Hash:
			return corrupt(i, "prev", "doesn't chain to the entry before")
		case e.sum() != e.Hash:
			return corrupt(i, "hash", "was altered")
		case i > 0 && (e.Tenant != entries[0].Tenant || e.Kind != entries[0].Kind || e.Aggregate != entries[0].Aggregate):
			return corrupt(i, "aggregate", "belongs to another aggregate")
		}
		at = Head{Seq: e.Seq, Hash: e.Hash}
	}
	if at != head {
		return corrupt(len(entries), "head", "the chain doesn't end where its aggregate says")
	}
	return nil
}

func corrupt(i int, code, msg string) error {
	return fault.New(fault.ErrCorrupt, "journal.broken", "the journal's chain is broken",
		fault.Field{Path: fault.Index("/entries", i), Code: code, Message: msg})
}

// Repository reads and relays the journal. Entries are written by the
// aggregates' repositories, in the same transaction as the state.
// All errors that aren't named are storage errors (fault.ErrInternal and kin).
type Repository interface {
	// Entries returns the entries of one aggregate with Seq > after, in order of
	// Seq, at most limit. An unknown aggregate has none.
	Entries(ctx context.Context, tenant string, kind Kind, aggregate uuid.UUID, after int64, limit int) ([]Entry, error)
	// Unrelayed returns up to limit entries that aren't marked as relayed, of one
	// tenant, in order of ID, so that entries of one aggregate come in order.
	Unrelayed(ctx context.Context, tenant string, limit int) ([]Entry, error)
	// MarkRelayed marks entries as relayed. Marking twice is no error.
	MarkRelayed(ctx context.Context, tenant string, ids []uuid.UUID) error
}
