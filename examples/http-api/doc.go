// Command http-api puts opportunities behind a JSON API with net/http alone: problem
// details (RFC 9457) for every error, the Idempotency-Key header as a RequestID, If-Match
// as IfVersion and ETag as the version, lists with filters and a Link to the next page.
//
// Without a flag it serves on a free port of the loopback interface, talks to itself,
// prints what was said, and ends. With -addr it goes on serving, on data in memory.
package main
