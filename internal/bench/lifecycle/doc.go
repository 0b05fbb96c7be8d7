// Package lifecycle compares ways of writing the life of an opportunity into a
// database: the library, hand-written database/sql, GORM in two forms, and bun;
// where the library is on a pool of pgx, pgx with batches written by hand as well.
//
// One life is nine commands, each in a transaction of its own: a customer with a
// contact; an opportunity with three lines and two members beside the owner; four
// moves to the next stage; the win; an order of the three lines; the closing.
//
// The comparison is fair because everybody writes the same rows into the same
// tables, made by the library's own migrations: roots, parts, ledger, and the
// journal with its chain of hashes (the tests compare them row by row). It is
// honest because rounds are interleaved: in each round every contender has its
// turn, and what is reported is the median of the rounds' ratios.
package lifecycle
