package opportunity

import (
	"github.com/pursuit-crm/pursuit/fault"
)

// Status is an opportunity's status. Its meaning for figures is a property of the
// status, never inferred from a stage's name or a probability.
type Status uint8

// The statuses (O02). The zero Status is no status.
const (
	Open   Status = iota + 1 // 进行中
	OnHold                   // 暂停
	Won                      // 成功
	Lost                     // 失败
	Void                     // 作废
	Closed                   // 关闭: won, with all follow-up work done
)

var statusNames = [...]string{Open: "open", OnHold: "on_hold", Won: "won", Lost: "lost", Void: "void", Closed: "closed"}

// Statuses returns all statuses, in order.
func Statuses() []Status { return []Status{Open, OnHold, Won, Lost, Void, Closed} }

// String returns the stable name: "open", "on_hold", "won", "lost", "void",
// "closed".
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return ""
}

// Valid reports whether s is a known status.
func (s Status) Valid() bool { return s >= Open && s <= Closed }

// IsWon reports whether the opportunity was won: Won or Closed.
func (s Status) IsWon() bool { return s == Won || s == Closed }

// IsDecided reports whether the opportunity counts in a win rate.
func (s Status) IsDecided() bool { return s == Won || s == Closed || s == Lost }

// TakesFollowUp reports whether activities, expenses and the like may be recorded
// (O08): a void or closed opportunity can only be reopened.
func (s Status) TakesFollowUp() bool { return s.Valid() && s != Void && s != Closed }

// ParseStatus parses a stable name. Errors: ErrInvalid.
func ParseStatus(name string) (Status, error) {
	for _, s := range Statuses() {
		if statusNames[s] == name {
			return s, nil
		}
	}
	return 0, fault.Invalid("opportunity.status.unknown", fault.Field{Path: "/status", Code: "unknown", Message: "is not a status"})
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
