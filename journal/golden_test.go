package journal_test

// golden holds the hashes of the chain of two. They were computed by another
// program from the description of Entry's hash, and must never change.
var golden = [2]string{
	"06f19307c7bb4fa1b0368581329c04cbe9d5c0e9dbe5bef89e26a2b292d97624",
	"07187220702d51cc1eeab8a7b6301b92a46958fd4d566b499d8b3838c119dc02",
}
