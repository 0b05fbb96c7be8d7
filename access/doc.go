// Package access says who may do what, and who may see what (C6 of the
// process; J01–J03).
//
// A [Policy] answers two questions. Allow: may this actor do this action on this
// subject? Each attempt of a command asks it exactly once about each of its
// subjects, before any write: one thing for most commands, both customers for a
// merge, deal and customer for the recording of both. Scope: which rows may this actor see? Its answer is pushed into every query. [Default] is a
// good policy for departments and the posts that the process names; a host may
// bring its own. Policies are called from several goroutines at once.
//
// # Overrides
//
// As the policy is asked once about a thing, a command that overrides something asks for the
// override in place of the plain action: opportunity.override.gates for a move or
// an ending past a gate, opportunity.override.close for closing with work left. The
// right to override holds the right to the plain action.
//
// # Transfers
//
// An update that gives something away asks for the right to that in the same manner:
// customer.transfer if it changes a customer's owner or department, and
// opportunity.transfer if it changes a deal's department, each in place of the update's
// own action and about the present owner and department. Otherwise whoever may update
// a customer could first take it, and then merge or delete it.
//
// Nobody is asked about the place where something goes. A transfer may name any
// owner and any department, and so may a new customer, or a new opportunity within
// what opportunity.record allows: that takes nothing away from anybody. A customer
// without an owner and a department is nobody's own; administrators transfer and
// merge it. A new opportunity for a new customer is about both: opportunity.record
// is asked for, and customer.create after it.
//
// # What Default shows
//
// Customers and archives: all of the tenant, for every role. Opportunities, quotes
// and orders:
//
//	administrator  all
//	marketing      all opportunities; quotes and orders of their own or their teams'
//	sales          their own, and those whose team they are in
//	manager        those of their departments, their own, and their teams'
//	support        those of their departments, their own, and their teams'
//
// "Their departments" are the actor's own, and those that Default.Departments adds.
// What an actor doesn't see is ErrNotFound, like what doesn't exist; what the actor
// sees but may not do is ErrForbidden.
//
// # What Default allows
//
// An administrator may do everything that is listed here. For the others:
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
//	own      what the actor owns; a new thing if it names the actor as owner, or nobody
//	written  own, and where the actor is in the team with the right to write
//	unit     written, and all of the actor's departments; a new thing if its
//	         department is one of them, or not given
//	seen     all that the actor sees; every new thing; lists and reports
//	listed   archives that the role looks after: marketing the sources; managers
//	         sources, competitors, win and loss reasons. Subject.Kind says which it is
//	-        nothing
//
// A question about no subject in particular (its ID is Nil) is about a new one.
// The journal is read by opportunity: what isn't one needs an administrator, or a
// subject of the actor's departments. What was deleted is asked about as what it was
// last: journal and history of a deleted opportunity are read by administrators, and
// by the manager and support of its department and the owner that it had.
//
// # Errors
//
// Validate gives ErrInvalid ("actor.invalid"). Allow gives ErrForbidden
// ("access.forbidden") and ErrNotFound ("opportunity.not_found", "customer.not_found",
// "archive.not_found", "quote.not_found", "order.not_found", "journal.not_found").
package access
