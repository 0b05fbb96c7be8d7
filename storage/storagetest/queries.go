package storagetest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/quote"
)

// Queries for everything.
func everyDeal() opportunity.Query {
	return opportunity.Query{Scope: access.Scope{All: true}, Customers: access.Scope{All: true}, Limit: 1000}
}
func everyActivity() opportunity.ActivityQuery {
	return opportunity.ActivityQuery{Scope: access.Scope{All: true}, Limit: 1000}
}
func everyExpense() opportunity.ExpenseQuery {
	return opportunity.ExpenseQuery{Scope: access.Scope{All: true}, Limit: 1000}
}
func everyCustomer() customer.Query {
	return customer.Query{Scope: access.Scope{All: true}, Limit: 1000}
}
func everyEntry() archive.Query { return archive.Query{Limit: 1000} }
func everyQuote() quote.Query {
	return quote.Query{Scope: access.Scope{All: true}, Limit: 1000}
}
func everyOrder() order.Query { return order.Query{Scope: access.Scope{All: true}, Limit: 1000} }

func compareIDs(a, b uuid.UUID) int { return strings.Compare(string(a[:]), string(b[:])) }

func sortMembers(s *opportunity.Snapshot) {
	slices.SortFunc(s.Members, func(a, b opportunity.Member) int { return cmp.Compare(a.User, b.User) })
}

func without(list []opportunity.Member, user string) []opportunity.Member {
	return slices.DeleteFunc(slices.Clone(list), func(m opportunity.Member) bool { return m.User == user })
}

func rootID(r opportunity.Root) uuid.UUID         { return r.ID }
func rootName(r opportunity.Root) string          { return r.Name }
func activityID(a opportunity.Activity) uuid.UUID { return a.ID }
func expenseID(x opportunity.Expense) uuid.UUID   { return x.ID }
func customerID(c customer.Customer) uuid.UUID    { return c.ID }
func entryID(a archive.Entry) uuid.UUID           { return a.ID }
