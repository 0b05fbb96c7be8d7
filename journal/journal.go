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

// Moment holds when a command takes effect, when it was recorded, and who gave
// it. Both times are UTC with whole microseconds. The engine makes it; the domain
// never reads a clock.
type Moment struct {
	Effective time.Time `json:"effective"`
	Recorded  time.Time `json:"recorded"`
	// By is the user, as the host names it.
	By string `json:"by"`
}

// Begin refuses a moment that runs backwards or lies in the future (O12), and a
// command on an aggregate whose previous change wasn't taken (O11). last is the
// effective time of the last change. Errors: ErrInternal with the code pending;
// ErrInvalid with the codes future and backwards.
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

// Backwards refuses a moment before an aggregate's last change; the message
// states when that was. Errors: ErrInvalid with the given code.
func Backwards(code string, last time.Time) error {
	at := last.UTC().Format(time.RFC3339Nano)
	message := "must not be before the last change, " + at
	return fault.Invalid(code, fault.Field{Path: "/at", Code: "backwards", Message: message,
		Texts: map[string]string{"en": message, "zh": "不得早于上次变更（" + at + "）"}})
}

// Kind is a kind of aggregate.
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

// Event is the record of a command: a name with a version, such as
// "opportunity.won.v1", and a payload that encodes to JSON.
type Event struct {
	Type    string
	Payload any
}

// Hash is a SHA-256. Its text is 64 hexadecimal digits in lower case.
type Hash [sha256.Size]byte

// String returns the hexadecimal text.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText returns the hexadecimal text.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText parses the output of MarshalText. Errors: ErrInvalid.
func (h *Hash) UnmarshalText(b []byte) error {
	var v Hash
	if n, err := hex.Decode(v[:], b[:min(len(b), 2*len(v))]); err != nil || n != len(v) || v.String() != string(b) {
		return fault.Invalid("journal.hash", fault.Field{Code: "bad_hash", Message: "must be 64 hexadecimal digits in lower case"})
	}
	*h = v
	return nil
}

// Head is the end of an aggregate's chain: the number of entries and the hash of
// the last one.
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

// Append adds an event to the end of a chain, moves the head, and returns the new
// entry. Errors: ErrInternal if the payload can't be encoded.
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

// sum hashes the previous hash and then every field, each with its length.
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

// Verify checks a whole chain, in order of Seq, against the head kept in the
// aggregate's row (J06). Errors: ErrCorrupt naming the first entry that doesn't
// fit.
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

// Repository reads the journal and marks entries as relayed. The aggregates'
// repositories write the entries, in the same transaction as the state. Errors
// not named here are storage errors (such as fault.ErrInternal).
type Repository interface {
	// Entries returns up to limit entries of one aggregate with Seq > after, in
	// order of Seq. An unknown aggregate has none.
	Entries(ctx context.Context, tenant string, kind Kind, aggregate uuid.UUID, after int64, limit int) ([]Entry, error)
	// Unrelayed returns up to limit entries of one tenant that aren't marked as
	// relayed, in order of ID, which keeps the entries of one aggregate in order.
	Unrelayed(ctx context.Context, tenant string, limit int) ([]Entry, error)
	// MarkRelayed marks entries as relayed. Marking one twice is no error.
	MarkRelayed(ctx context.Context, tenant string, ids []uuid.UUID) error
}
