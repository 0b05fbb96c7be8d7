// Package ordertest tests sales systems: what every order.SalesSystem promises,
// the embedded one and a host's own, held through an engine that it is plugged
// into (pursuit.Options.SalesSystem). Its own tests seed bugs, and each is caught.
//
//	func TestSalesSystem(t *testing.T) {
//		ordertest.Run(t, func(t testing.TB) *pursuit.Engine { … })
//	}
//
// The rules carry the ids of the invariants that they hold: Q04–Q09, J02, J03, J08,
// O11 and O13.
package ordertest
