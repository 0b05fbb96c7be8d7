package opportunity

import (
	"fmt"

	"github.com/pursuit-crm/pursuit/internal/text"
)

// KeyOf gives the sort key of a root as text whose bytes compare as the values
// do: times and amounts as fixed-width numbers moved above zero, dates as ISO
// dates, names folded.
func KeyOf(o Sort, r *Root) string {
	number := func(n int64) string { return fmt.Sprintf("%020d", uint64(n)+1<<63) }
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
	}
	return number(r.Created.UnixMicro())
}
