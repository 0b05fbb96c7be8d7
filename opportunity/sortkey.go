package opportunity

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/internal/text"
)

// KeyOf returns the sort key of a root as text whose bytes compare like the
// values: times and amounts as fixed-width numbers shifted above zero, dates as
// ISO dates, names folded. The key of a row without the value is "", and comes
// last in both directions.
func KeyOf(o Sort, r *Root) string {
	number := func(n int64) string { return fmt.Sprintf("%020d", uint64(n)+1<<63) }
	moment := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return number(t.UnixMicro())
	}
	switch o {
	case ByNumber:
		return r.Number
	case ByName:
		return text.FoldName(r.Name)
	case ByAmount:
		return number(r.Amount().Minor())
	case ByExpectedClose:
		return r.ExpectedClose.String()
	case ByUpdated:
		return number(r.Updated.UnixMicro())
	case ByStageEntered:
		return number(r.StageEntered.UnixMicro())
	case ByProbability:
		return number(int64(r.Probability))
	case ByNextActivity:
		return moment(r.NextActivity)
	case ByLastActivity:
		return moment(r.LastActivity)
	}
	return number(r.Created.UnixMicro())
}

// ValidKey reports whether KeyOf can return the key for some row.
func (o Sort) ValidKey(key string) bool {
	n, err := strconv.ParseUint(key, 10, 64)
	value := int64(n - 1<<63)
	number := err == nil && fmt.Sprintf("%020d", n) == key
	moment := number && value >= firstMicro && value <= lastMicro
	switch o {
	case ByNumber, ByName:
		return key != "" && utf8.ValidString(key) && !strings.ContainsRune(key, 0) && utf8.RuneCountInString(key) <= text.MaxFold
	case ByAmount:
		return number
	case ByProbability:
		return number && value >= 0 && value <= 10000
	case ByExpectedClose:
		d, err := calendar.Parse(key)
		return key == "" || err == nil && d.String() == key
	case ByNextActivity, ByLastActivity:
		return key == "" || moment
	}
	return moment
}

// The times that stores keep: those in the years 1 to 9999.
var (
	firstMicro = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	lastMicro  = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro() - 1
)
