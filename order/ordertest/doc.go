// Package ordertest tests sales systems: it checks the promises of
// order.SalesSystem, for the embedded one and a host's own, through an engine
// that uses it (pursuit.Options.SalesSystem). The package's own tests seed bugs
// and check that each is caught.
//
//	func TestSalesSystem(t *testing.T) {
//		ordertest.Run(t, func(t testing.TB) *pursuit.Engine { … })
//	}
//
// The rules carry the ids of the invariants that they check: Q04–Q09, J02, J03,
// J08, O11 and O13.
package ordertest
