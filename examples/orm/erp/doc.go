// Package erp is what the programs share: an ERP's database with an invoice table
// of its own beside the library's tables, and a story in three parts that each of
// them must tell alike.
package erp
