package opportunity

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
)

// Limits of activities.
const (
	MaxActivities = 2000
	MaxExpenses   = 1000
)

// ActivityKind is a kind of activity.
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

// ActivityKinds returns all kinds, in order.
func ActivityKinds() []ActivityKind {
	return []ActivityKind{Call, Visit, Meeting, Email, Demo, Task, OtherActivity}
}

// Valid reports whether k is a known kind.
func (k ActivityKind) Valid() bool { return (&ActivityCounts{}).of(k) != nil }

// ActivityStatus is the progress of an activity (R01).
type ActivityStatus string

// The statuses of activities: planned but not done; done; cancelled.
const (
	ActivityOpen      ActivityStatus = "open"      // 待办
	ActivityDone      ActivityStatus = "done"      // 已完成
	ActivityCancelled ActivityStatus = "cancelled" // 已取消
)

// ActivityStatuses returns all statuses, in order.
func ActivityStatuses() []ActivityStatus {
	return []ActivityStatus{ActivityOpen, ActivityDone, ActivityCancelled}
}

// Valid reports whether s is a known status.
func (s ActivityStatus) Valid() bool { return slices.Contains(ActivityStatuses(), s) }

// Activity is a piece of work for the opportunity 商机活动, planned or done (R01).
type Activity struct {
	ID      uuid.UUID    `json:"id"`
	Kind    ActivityKind `json:"kind"`
	Subject string       `json:"subject"`
	Note    string       `json:"note,omitempty"`
	// Assignee is the user who does it or did it. The assignee of an open
	// activity may see the opportunity (H04).
	Assignee string         `json:"assignee" host:"user"`
	Status   ActivityStatus `json:"status"`
	// Due is the planned time; zero if the activity was only logged.
	Due time.Time `json:"due,omitzero"`
	// Done is when it was done, and Result its result; zero and empty if it
	// wasn't.
	Done   time.Time `json:"done,omitzero"`
	Result string    `json:"result,omitempty"`
	// Reason explains why it was cancelled.
	Reason    string    `json:"reason,omitempty"`
	Created   time.Time `json:"created"`
	CreatedBy string    `json:"created_by" host:"user"`
}

// When returns the time that lists sort by: when it was done, else when it is
// due.
func (a Activity) When() time.Time {
	if a.Status == ActivityDone {
		return a.Done
	}
	return a.Due
}

// ActivityMarks are the earliest due time of open activities and the latest time
// of done ones; zero if there are none.
type ActivityMarks struct {
	Next, Last time.Time
}

// with returns the marks with one more activity.
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

// MarksOf returns the marks of all activities except one.
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

// of returns a pointer to the count of a kind; nil for an unknown kind.
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

// Of returns the count of a kind.
func (c ActivityCounts) Of(k ActivityKind) int {
	if n := c.of(k); n != nil {
		return *n
	}
	return 0
}

// byKind returns the counts above zero, as gates use them (P07).
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

// checkTime checks a time, and truncates it to what stores keep.
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
