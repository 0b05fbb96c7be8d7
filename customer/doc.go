// Package customer holds the archives of customers and their contacts (C1 of
// the process; C01–C08).
//
// # Customers and contacts
//
// A [Customer] is an organisation or a person; it is a prospect, active or
// inactive. A [Contact] belongs to one customer and is written through it: every
// change of a contact raises the customer's version, so that "at most one primary"
// (C02) holds under concurrency. Active contacts can be the primary one; one that is
// deactivated loses the mark.
//
// # Commands
//
// The package is pure: no clock, no ids of its own, no storage. [New] or [Open]
// give an [Aggregate]; its methods check everything, then change all or nothing;
// [Aggregate.Change] says what to save and journal. [Replay] rebuilds customer and
// contacts from their journal exactly. Created and Updated are times of recording.
//
// # Keys
//
// E-mail, phone and URL are checked for shape, kept as typed (trimmed, NFC), and
// compared by keys that [KeysOf] and [KeysOfContact] make (C03). Keys never decide
// identity. They are deterministic and bounded (MaxNameKey and so on), so that
// every store can index them:
//
//	name     NFKC, case-folded, blanks squeezed; the first 400 characters
//	e-mail   local part folded, "@", domain; bücher.example is xn--bcher-kva.example
//	phone    digits, "+" before an international number, "x" before an extension
//	URL      host without "www.", port if unusual, path, query
//	tax id   letters and digits in upper case
//
// # Invariants
//
//	C01  name, kind, status are valid; the code is unique (the store's part)
//	C02  a contact has a name; at most one is primary; the mark moves
//	C03  shapes are checked, keys are normalised
//	C04  an inactive customer takes no new opportunity (TakesOpportunity)
//	C05  what something refers to is deactivated, not deleted
//	C06  New records customer and contacts in one; the engine adds the opportunity
//	C07  Probe, its Keys, DuplicatesOf; PublicMailDomain
//	C08  Aggregate.Merge, Customer.MergedInto
//
// # Errors
//
// ErrInvalid "customer.invalid" and "customer.contact.invalid" with every field;
// ErrNotAllowed "customer.status.move", "customer.deleted", "customer.new",
// "customer.inactive", "customer.prospect", "customer.contact.inactive",
// "customer.contact.active", "customer.contact.primary", "customer.merged";
// ErrInvalid "customer.merge.invalid" and "customer.probe.invalid"; ErrNotFound
// "customer.contact.not_found"; ErrInUse "customer.in_use" and
// "customer.contact.in_use"; ErrDuplicate "customer.contact.id_taken"; ErrLimit
// "customer.contacts.too_many"; ErrCorrupt "journal.order"; ErrInternal for misuse
// ("customer.ids", "customer.unchanged"). Stores add ErrDuplicate
// "customer.code.taken", ErrNotFound and ErrConflict.
//
// Values are plain data, safe to share while nobody writes to them; an Aggregate
// belongs to one goroutine.
package customer
