// Package pursuittest is a test harness for hosts: it sets up a world in one
// line, in memory or on the host's own store, with a clock set by hand and
// counted ids.
//
//	w := pursuittest.New(t)
//	deal := w.Deal().Lines(2).In("propose").Owner("ann").Record()
//	w.Clock.Advance(48 * time.Hour)
//	_, err := w.As("bob").Opportunities().Win(w.Ctx, deal, w.Win())
//	pursuittest.RequireRefused(t, err, fault.ErrNotFound, fault.OpportunityNotFound)
//
// The same test produces the same ids, times and bytes each time. At its end the
// whole tenant is audited ([RequireIntact]), unless [Unaudited] is passed.
//
// [Failing] makes storage calls fail, hang or panic, so that hosts can test their
// own error handling. Package policytest is a suite for policies, package
// gatetest one for kinds of gates; storagetest has suites for stores and blobs,
// ordertest one for sales systems.
package pursuittest
