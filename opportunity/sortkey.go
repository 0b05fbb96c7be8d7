package opportunity

import (
	"fmt"
	"math"
	"time"

	"github.com/pursuit-crm/pursuit/internal/text"
)

// KeyOf gives the sort key of a root as text whose bytes compare as the values
// do: times and amounts as fixed-width numbers moved above zero, dates as ISO
// dates, names folded. Without a next activity it is MaxInt64, without a last one
// -MaxInt64.
func KeyOf(o Sort, r *Root) string {
	number := func(n int64) string { return fmt.Sprintf("%020d", uint64(n)+1<<63) }
	moment := func(t time.Time, none int64) string {
		if t.IsZero() {
			return number(none)
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
		return moment(r.NextActivity, math.MaxInt64)
	case ByLastActivity:
		return moment(r.LastActivity, -math.MaxInt64)
	}
	return number(r.Created.UnixMicro())
}
