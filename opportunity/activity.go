package opportunity

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
)

// Limits of follow-up.
const (
	MaxActivities = 2000
	MaxExpenses   = 1000
)

// ActivityKind says what is done.
type ActivityKind string

// The kinds of activities, as gates of kind stage.GateActivity name them.
const (
	Call          ActivityKind = "call"    // 电话
	Visit         ActivityKind = "visit"   // 拜访
	Meeting       ActivityKind = "meeting" // 会议
	Email         ActivityKind = "email"   // 邮件
	Demo          ActivityKind = "demo"    // 演示
	Task          ActivityKind = "task"    // 任务
	OtherActivity ActivityKind = "other"   // 其他
)

// ActivityKinds returns all of them, in order.
func ActivityKinds() []ActivityKind {
	return []ActivityKind{Call, Visit, Meeting, Email, Demo, Task, OtherActivity}
}

// Valid says whether k is one of the kinds.
func (k ActivityKind) Valid() bool { return (&ActivityCounts{}).of(k) != nil }

// ActivityStatus says how far an activity is (R01).
type ActivityStatus string

// The statuses of activities: planned and not done yet; done; called off.
const (
	ActivityOpen      ActivityStatus = "open"      // 待办
	ActivityDone      ActivityStatus = "done"      // 已完成
	ActivityCancelled ActivityStatus = "cancelled" // 已取消
)

// ActivityStatuses returns all of them, in order.
func ActivityStatuses() []ActivityStatus {
	return []ActivityStatus{ActivityOpen, ActivityDone, ActivityCancelled}
}

// Valid says whether s is one of the statuses.
func (s ActivityStatus) Valid() bool { return slices.Contains(ActivityStatuses(), s) }

// Activity is something that is done, or to be done, for the deal 商机活动 (R01).
type Activity struct {
	ID      uuid.UUID    `json:"id"`
	Kind    ActivityKind `json:"kind"`
	Subject string       `json:"subject"`
	Note    string       `json:"note,omitempty"`
	// Assignee is the user who does it, or did it. Who is to do it may see the
	// opportunity (H04).
	Assignee string         `json:"assignee" host:"user"`
	Status   ActivityStatus `json:"status"`
	// Due is when it is planned for; zero for one that was only logged.
	Due time.Time `json:"due,omitzero"`
	// Done is when it was done, and Result what came of it; zero and empty if it
	// wasn't.
	Done   time.Time `json:"done,omitzero"`
	Result string    `json:"result,omitempty"`
	// Reason is why it was cancelled.
	Reason    string    `json:"reason,omitempty"`
	Created   time.Time `json:"created"`
	CreatedBy string    `json:"created_by" host:"user"`
}

// When is the moment that lists are sorted by: when it was done, else when it is
// due.
func (a *Activity) When() time.Time {
	if a.Status == ActivityDone {
		return a.Done
	}
	return a.Due
}

// ActivityMarks are the earliest due moment of open activities and the latest
// moment of done ones; zero if there are none.
type ActivityMarks struct {
	Next, Last time.Time
}

// with takes one more activity in.
func (m ActivityMarks) with(a *Activity) ActivityMarks {
	switch a.Status {
	case ActivityOpen:
		if m.Next.IsZero() || a.Due.Before(m.Next) {
			m.Next = a.Due
		}
	case ActivityDone:
		if a.Done.After(m.Last) {
			m.Last = a.Done
		}
	}
	return m
}

// MarksOf gives the marks of all activities but one.
func MarksOf(list []Activity, other uuid.UUID) ActivityMarks {
	var m ActivityMarks
	for i := range list {
		if list[i].ID != other {
			m = m.with(&list[i])
		}
	}
	return m
}

// ActivityCounts counts activities by kind.
type ActivityCounts struct {
	Call    int `json:"call,omitempty"`
	Visit   int `json:"visit,omitempty"`
	Meeting int `json:"meeting,omitempty"`
	Email   int `json:"email,omitempty"`
	Demo    int `json:"demo,omitempty"`
	Task    int `json:"task,omitempty"`
	Other   int `json:"other,omitempty"`
}

// of points to the count of a kind; nil if there is no such kind.
func (c *ActivityCounts) of(k ActivityKind) *int {
	switch k {
	case Call:
		return &c.Call
	case Visit:
		return &c.Visit
	case Meeting:
		return &c.Meeting
	case Email:
		return &c.Email
	case Demo:
		return &c.Demo
	case Task:
		return &c.Task
	case OtherActivity:
		return &c.Other
	}
	return nil
}

// Of gives the count of a kind.
func (c ActivityCounts) Of(k ActivityKind) int {
	if n := c.of(k); n != nil {
		return *n
	}
	return 0
}

// byKind gives the counts that aren't zero, as gates look at them (P07).
func (c ActivityCounts) byKind() map[string]int {
	var out map[string]int
	for _, k := range ActivityKinds() {
		if n := c.Of(k); n > 0 {
			if out == nil {
				out = map[string]int{}
			}
			out[string(k)] = n
		}
	}
	return out
}

// checkTime checks a moment that is given, and brings it to what stores keep.
func checkTime(f *fault.Fields, path string, t *time.Time) {
	if t.IsZero() {
		f.Add(path, "required", "is required")
		return
	}
	*t = t.UTC()
	if y := t.Year(); y < 1970 || y > 9999 {
		f.Add(path, "out_of_range", "must be in the years 1970 to 9999")
		*t = time.Time{}
		return
	}
	*t = calendar.Truncate(*t)
}
