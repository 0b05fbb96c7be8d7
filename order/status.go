package order

import "github.com/pursuit-crm/pursuit/fault"

// Status is an order's status (Q05).
type Status uint8

// The statuses of an order. The zero Status is no status.
const (
	Draft Status = iota + 1
	Confirmed
	Executing
	Completed
	Cancelled
)

var statusNames = [...]string{Draft: "draft", Confirmed: "confirmed", Executing: "executing", Completed: "completed", Cancelled: "cancelled"}

// Statuses returns all statuses, in order.
func Statuses() []Status { return []Status{Draft, Confirmed, Executing, Completed, Cancelled} }

// String returns the stable name: "draft", "confirmed", …
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return ""
}

// Valid reports whether s is a known status.
func (s Status) Valid() bool { return s >= Draft && s <= Cancelled }

// Live reports whether the order is neither completed nor cancelled.
func (s Status) Live() bool { return s >= Draft && s <= Executing }

// Ended reports whether the order is completed or cancelled.
func (s Status) Ended() bool { return s == Completed || s == Cancelled }

// ParseStatus parses a stable name. Errors: ErrInvalid.
func ParseStatus(name string) (Status, error) {
	for _, s := range Statuses() {
		if statusNames[s] == name {
			return s, nil
		}
	}
	return 0, fault.Invalid("order.status.unknown", fault.Field{Path: "/status", Code: "unknown", Message: "is not a status"})
}

// MarshalText returns the stable name, "" for none.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText parses a stable name, or "" for none.
func (s *Status) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*s = 0
		return nil
	}
	v, err := ParseStatus(string(b))
	if err == nil {
		*s = v
	}
	return err
}
