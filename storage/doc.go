// Package storage composes the ports of the domain packages into a Store that
// runs transactions, and adds idempotency keys and number series. Adapters are
// in its sub-packages.
package storage
