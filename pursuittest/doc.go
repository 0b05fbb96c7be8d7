// Package pursuittest is a test harness for hosts: a world in one line, on memory or on
// the host's own store, with a clock that is turned by hand and ids that are counted.
//
//	w := pursuittest.New(t)
//	deal := w.Deal().Lines(2).In("propose").Owner("ann").Record()
//	w.Clock.Advance(48 * time.Hour)
//	_, err := w.As("bob").Opportunities().Win(w.Ctx, deal, w.Win())
//	pursuittest.RequireRefused(t, err, fault.ErrNotFound, fault.OpportunityNotFound)
//
// The same test gives the same ids, times and bytes each time. At the end of each test
// the whole tenant is audited ([RequireIntact]), unless [Unaudited] is given.
//
// [Failing] lets storage calls fail, hang or panic, so that hosts can test their own
// ways out. Package policytest is a suite for policies, package gatetest one for kinds of
// gates; storagetest has those for stores and blobs, ordertest that for sales systems.
package pursuittest
