// Package access decides who may do what, and who may see what (C6 of the
// process; J01–J03).
//
// # For hosts
//
// A [Policy] has two methods. [Policy.Allow] decides whether an actor may do an
// action on a subject. Each attempt of a command calls it exactly once for each
// of its subjects, before any write: one subject for most commands, both
// customers for a merge, opportunity and customer if both are recorded.
// [Policy.Scope] returns the rows an actor may see; every query applies it.
// [Default] is a policy for departments and the posts that the process names; a
// host may bring its own:
//
//	type policy struct{ access.Default }
//
//	func (p policy) Allow(ctx context.Context, a access.Actor, action access.Action, on access.Subject) error {
//		if action == access.OpportunityDelete {
//			return fault.New(fault.ErrForbidden, fault.AccessForbidden, "")
//		}
//		return p.Default.Allow(ctx, a, action, on)
//	}
//
// Policies are called from several goroutines at once.
//
// # Overrides
//
// The policy is asked once about a subject, so a command that overrides something
// asks for the override in place of the plain action: opportunity.override.gates
// for a move or an ending past a gate, opportunity.override.close for closing
// with work left. The right to override includes the right to the plain action.
//
// # Transfers
//
// An update that gives something away asks for that right in the same way:
// customer.transfer if it changes a customer's owner or department, and
// opportunity.transfer if it changes an opportunity's department. Each replaces
// the update's own action, and concerns the current owner and department.
// Otherwise anybody who may update a customer could first take it, and then merge
// or delete it.
//
// The receiving side isn't asked. A transfer may name any owner and any
// department, and so may a new customer, or a new opportunity within the limits
// of opportunity.record, because that takes nothing away from anybody. A customer
// without an owner and a department belongs to nobody; administrators transfer
// and merge it. A new opportunity for a new customer asks for opportunity.record
// first and for customer.create second.
//
// # What Default shows
//
// Every role sees all customers and archives of the tenant. Opportunities, quotes
// and orders:
//
//	administrator  all
//	marketing      all opportunities; quotes and orders of their own or their teams'
//	sales          their own, and those whose team they are in
//	manager        those of their departments, their own, and their teams'
//	support        those of their departments, their own, and their teams'
//
// "Their departments" are the actor's own, and those that Default.Departments
// adds. A row that the actor doesn't see is ErrNotFound, as if it didn't exist; a
// forbidden action on a visible row is ErrForbidden.
//
// # What Default allows
//
// An administrator may do every listed action. For the others:
//
//	action                      marketing  sales    manager  support
//	opportunity.record          seen       own      unit     -
//	opportunity.read            seen       seen     seen     seen
//	opportunity.update          own        written  unit     -
//	opportunity.team            -          own      unit     -
//	opportunity.transfer        own        own      unit     -
//	opportunity.lines           -          written  unit     written
//	opportunity.contacts        own        written  unit     unit
//	opportunity.competitors     -          written  unit     unit
//	opportunity.checklist       -          written  unit     unit
//	opportunity.approve         -          -        unit     -
//	opportunity.advance         -          written  unit     -
//	opportunity.win             -          written  unit     -
//	opportunity.lose            -          written  unit     -
//	opportunity.hold            -          written  unit     -
//	opportunity.resume          -          written  unit     -
//	opportunity.void            -          -        unit     -
//	opportunity.reopen          -          -        unit     -
//	opportunity.close           -          written  unit     -
//	opportunity.delete          -          -        unit     -
//	opportunity.migrate         -          -        unit     -
//	opportunity.analyse         -          written  unit     -
//	opportunity.override.gates  -          -        unit     -
//	opportunity.override.close  -          -        unit     -
//	opportunity.follow_up       own        written  unit     unit
//	opportunity.expense.approve -          -        unit     -
//	opportunity.expense.settle  -          -        unit     unit
//	customer.create             seen       seen     seen     seen
//	customer.read               seen       seen     seen     seen
//	customer.update             seen       seen     seen     seen
//	customer.transfer           own        own      unit     own
//	customer.contacts           seen       seen     seen     seen
//	customer.delete             -          own      seen     -
//	customer.merge              -          -        unit     -
//	archive.create              listed     -        listed   -
//	archive.read                seen       seen     seen     seen
//	archive.update              listed     -        listed   -
//	archive.retire              listed     -        listed   -
//	archive.activate            listed     -        listed   -
//	archive.delete              -          -        listed   -
//	process.publish             -          -        -        -
//	process.retire              -          -        -        -
//	process.default             -          -        -        -
//	process.migrate             -          -        -        -
//	process.read                seen       seen     seen     seen
//	quote.create                -          written  unit     unit
//	quote.read                  seen       seen     seen     seen
//	quote.update                -          written  unit     unit
//	quote.send                  -          written  unit     -
//	quote.answer                -          written  unit     unit
//	quote.withdraw              -          written  unit     -
//	quote.expire                -          -        -        -
//	order.create                -          written  unit     unit
//	order.read                  seen       seen     seen     seen
//	order.confirm               -          written  unit     unit
//	order.execute               -          written  unit     unit
//	order.complete              -          written  unit     unit
//	order.cancel                -          -        unit     -
//	sales_system.enable         -          -        -        -
//	sales_system.initialise     -          -        -        -
//	sales_system.read           seen       seen     seen     seen
//	report.read                 seen       seen     seen     seen
//	journal.read                -          seen     seen     seen
//	document.clean_up           -          -        -        -
//
//	own      the actor's own; a new one if it names the actor as owner, or nobody
//	written  own, and where the actor is in the team with the right to write
//	unit     written, and all of the actor's departments; a new one if its
//	         department is one of them, or isn't set
//	seen     everything the actor sees; every new one; lists and reports
//	listed   archives that the role maintains: marketing the sources; managers
//	         sources, competitors, win and loss reasons. Subject.Kind says which it is
//	-        nothing
//
// A check without a subject (its ID is Nil) is about a new one. The journal is
// read by opportunity; other journals need an administrator, or a subject of the
// actor's departments. A deleted opportunity is checked in its last state: its
// journal and history are open to administrators, to the manager and support of
// its department, and to its last owner.
//
// # Errors
//
// Actor.Validate returns ErrInvalid ("actor.invalid"). Allow returns ErrForbidden
// ("access.forbidden") and ErrNotFound ("opportunity.not_found",
// "customer.not_found", "archive.not_found", "quote.not_found",
// "order.not_found", "journal.not_found").
package access
