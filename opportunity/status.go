package opportunity

import (
	"github.com/pursuit-crm/pursuit/fault"
)

// Status says where an opportunity stands. What a status means for figures is a
// property of the status, never inferred from a stage's name or a probability.
type Status uint8

// The statuses (O02). The zero Status is no status.
const (
	Open   Status = iota + 1 // 进行中
	OnHold                   // 暂停
	Won                      // 成功
	Lost                     // 失败
	Void                     // 作废
	Closed                   // 关闭: won, and all follow-up work is done
)

var statusNames = [...]string{Open: "open", OnHold: "on_hold", Won: "won", Lost: "lost", Void: "void", Closed: "closed"}

// Statuses returns all of them, in order.
func Statuses() []Status { return []Status{Open, OnHold, Won, Lost, Void, Closed} }

// String gives the stable name: "open", "on_hold", "won", "lost", "void", "closed".
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return ""
}

// Valid says whether s is one of the statuses.
func (s Status) Valid() bool { return s >= Open && s <= Closed }

// IsWon says whether the deal was won: Won or Closed.
func (s Status) IsWon() bool { return s == Won || s == Closed }

// IsDecided says whether the deal counts in a win rate.
func (s Status) IsDecided() bool { return s == Won || s == Closed || s == Lost }

// TakesFollowUp says whether activities, expenses and the like go on (O08): a
// void or closed one takes nothing but a reopening.
func (s Status) TakesFollowUp() bool { return s.Valid() && s != Void && s != Closed }

// ParseStatus reads a stable name. Errors: ErrInvalid.
func ParseStatus(name string) (Status, error) {
	for _, s := range Statuses() {
		if statusNames[s] == name {
			return s, nil
		}
	}
	return 0, fault.Invalid("opportunity.status.unknown", fault.Field{Path: "/status", Code: "unknown", Message: "is not a status"})
}

// MarshalText gives the stable name, "" for none.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a stable name, or "" for none.
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
