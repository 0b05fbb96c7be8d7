// Package customer holds the archives of customers and their contacts (C1 of
// the process; C01–C08).
package customer
