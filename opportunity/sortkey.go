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

// KeyOf gives the sort key of a root as text whose bytes compare as the values
// do: times and amounts as fixed-width numbers moved above zero, dates as ISO
// dates, names folded. A row that lacks the value has the key "", and comes last
// in both directions.
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

// ValidKey says whether KeyOf can give a key, of whatever row.
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

// The moments that stores keep: those of the years 1 to 9999.
var (
	firstMicro = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	lastMicro  = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro() - 1
)
