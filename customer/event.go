package customer

import "github.com/pursuit-crm/pursuit/journal"

// The types of a customer's events in the journal. Each has a payload of the same
// name: [EventMerged] has [MergedPayload].
const (
	EventCreated              = "customer.created.v1"
	EventUpdated              = "customer.updated.v1"
	EventStatusChanged        = "customer.status_changed.v1"
	EventDeleted              = "customer.deleted.v1"
	EventMerged               = "customer.merged.v1"
	EventMergedAway           = "customer.merged_away.v1"
	EventContactAdded         = "customer.contact_added.v1"
	EventContactUpdated       = "customer.contact_updated.v1"
	EventContactPrimarySet    = "customer.contact_primary_set.v1"
	EventContactStatusChanged = "customer.contact_status_changed.v1"
	EventContactRemoved       = "customer.contact_removed.v1"
)

var events = journal.NewRegistry(journal.KindCustomer,
	func(r *Record) journal.Marks {
		return journal.Marks{ID: &r.Customer.ID, Version: &r.Customer.Version, Updated: &r.Customer.Updated, Head: &r.Head}
	},
	journal.On(EventCreated, (*CreatedPayload).apply).First(),
	journal.On(EventUpdated, (*UpdatedPayload).apply),
	journal.On(EventStatusChanged, (*StatusChangedPayload).apply),
	journal.On(EventDeleted, func(*DeletedPayload, *Record, journal.Moment) {}).Last(),
	journal.On(EventMerged, (*MergedPayload).apply),
	journal.On(EventMergedAway, (*MergedAwayPayload).apply),
	journal.On(EventContactAdded, (*ContactAddedPayload).apply),
	journal.On(EventContactUpdated, (*ContactUpdatedPayload).apply),
	journal.On(EventContactPrimarySet, (*ContactPrimarySetPayload).apply),
	journal.On(EventContactStatusChanged, (*ContactStatusChangedPayload).apply),
	journal.On(EventContactRemoved, (*ContactRemovedPayload).apply),
)

// Events returns all types of a customer's events with their payloads.
func Events() []journal.EventType { return events.Types() }

// Decode returns the payload of a customer's entry, such as a *[MergedPayload].
// Errors: ErrCorrupt.
func Decode(e journal.Entry) (any, error) { return events.Decode(&e) }

// Replay rebuilds a customer and its contacts, ordered by id, from all entries of
// its journal, in order. After a deletion both are empty. Replay doesn't check
// the chain; journal.Verify does. Errors: ErrCorrupt.
func Replay(entries []journal.Entry) (Customer, []Contact, error) {
	r, deleted, err := events.Replay(entries, nil)
	if deleted {
		return Customer{}, nil, err
	}
	return r.Customer, r.Contacts, err
}
