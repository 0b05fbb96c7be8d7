package opportunity

import (
	"fmt"
	"time"

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
