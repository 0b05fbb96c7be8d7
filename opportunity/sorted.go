package opportunity

import (
	"cmp"
	"slices"
	"strings"

	"github.com/google/uuid"
)

func compareMembers(a, b Member) int { return strings.Compare(a.User, b.User) }
func compareLines(a, b Line) int     { return cmp.Compare(a.Number, b.Number) }
func compareIDs(a, b uuid.UUID) int  { return slices.Compare(a[:], b[:]) }
func compareCompetitors(a, b DealCompetitor) int {
	return compareIDs(a.Competitor, b.Competitor)
}
func compareActivities(a, b Activity) int    { return compareIDs(a.ID, b.ID) }
func compareExpenses(a, b Expense) int       { return compareIDs(a.ID, b.ID) }
func compareDocuments(a, b Document) int     { return compareIDs(a.ID, b.ID) }
func compareEvaluations(a, b Evaluation) int { return compareIDs(a.ID, b.ID) }
func compareContacts(a, b DealContact) int {
	if c := compareIDs(a.Contact, b.Contact); c != 0 {
		return c
	}
	return strings.Compare(string(a.Role), string(b.Role))
}

// put inserts or replaces an element of a sorted slice; it doesn't modify the old
// slice.
func put[T any](list []T, x T, compare func(a, b T) int) []T {
	i, found := slices.BinarySearchFunc(list, x, compare)
	list = slices.Clone(list)
	if found {
		list[i] = x
		return list
	}
	return slices.Insert(list, i, x)
}

func drop[T any](list []T, gone func(T) bool) []T {
	out := make([]T, 0, len(list))
	for _, x := range list {
		if !gone(x) {
			out = append(out, x)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
