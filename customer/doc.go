// Package customer holds the archives of customers and their contacts (C1 of the
// process; C01–C08).
//
// # For hosts
//
// A [Customer] is an organisation or a person; it is a prospect, active or
// inactive. A [Contact] belongs to one customer and is written through it: every
// change of a contact raises the customer's version, which keeps "at most one
// primary" (C02) true under concurrency. Only an active contact can be the
// primary one; a deactivated contact loses the mark.
//
// # Commands
//
// The package is pure: it reads no clock, makes no ids, and stores nothing. [New]
// and [Open] return an [Aggregate]. Its methods check everything, then change
// everything or nothing; [Aggregate.Change] returns the change to save and
// journal. [Replay] rebuilds a customer and its contacts from their journal
// exactly. Created and Updated are times of recording.
//
//	a := customer.Open(rec)
//	if err := a.SetStatus(customer.Active, at); err != nil {
//		return err
//	}
//	change, err := a.Change(newID)
//
// # Keys
//
// E-mail addresses, phone numbers and URLs are checked for shape, kept as typed
// (trimmed, NFC), and compared by the keys that [KeysOf] and [KeysOfContact] make
// (C03). Keys never decide identity. They are deterministic and bounded
// (MaxNameKey and so on), so that every store can index them:
//
//	name     NFKC, case-folded, blanks squeezed; the first 400 characters
//	e-mail   local part folded, "@", domain; bücher.example is xn--bcher-kva.example
//	phone    digits, "+" before an international number, "x" before an extension
//	URL      host without "www.", port if unusual, path, query
//	tax id   letters and digits in upper case
//
// # For stores
//
// A store implements [Repository]. It stores the keys beside the data, keeps
// codes unique within the tenant, compared byte by byte, and writes a [Change] in
// the order its fields document.
//
// # Invariants
//
//	C01  name, kind, status are valid; the code is unique (the store's part)
//	C02  a contact has a name; at most one is primary; the mark moves
//	C03  shapes are checked, keys are normalised
//	C04  an inactive customer takes no new opportunity (TakesOpportunity)
//	C05  a customer or contact in use is deactivated, not deleted
//	C06  New records customer and contacts together; the engine adds the opportunity
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
// "customer.contacts.too_many"; ErrCorrupt "journal.order"; ErrInternal for
// misuse ("customer.ids", "customer.unchanged"). Stores add ErrDuplicate
// "customer.code.taken", ErrNotFound and ErrConflict.
//
// Values are plain data, safe to share while nobody writes to them; an Aggregate
// belongs to one goroutine.
package customer
