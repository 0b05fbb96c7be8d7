package opportunity_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/opportunity"
)

// BenchmarkAdvance is what an engine does beside the store: restore, advance,
// take the change with its journal entry and ledger row.
func BenchmarkAdvance(b *testing.B) {
	d := record(b, rich())
	rec := opportunity.Record{Snapshot: d.snap}
	rec.Snapshot.Loaded, rec.Snapshot.Members, rec.Snapshot.Lines, rec.Snapshot.Contacts, rec.Snapshot.Competitors = 0, nil, nil, nil, nil
	r, at, entry := rules(crmV1), d.next(), id(7)
	in := opportunity.AdvanceInput{To: "lead", Summary: "back to the start"}
	newID := func() uuid.UUID { return entry }
	b.ReportAllocs()
	for b.Loop() {
		o, err := opportunity.Restore(rec, r)
		if err != nil {
			b.Fatal(err)
		}
		if err := o.Advance(in, at); err != nil {
			b.Fatal(err)
		}
		if _, ok, err := o.Change(newID); err != nil || !ok {
			b.Fatal(err)
		}
	}
}

// BenchmarkReplay gives the time for one entry of a journal.
func BenchmarkReplay(b *testing.B) {
	d := record(b, rich())
	for range 50 {
		d.must(none, hold)
		d.must(none, resume)
	}
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		if _, _, _, err := opportunity.Replay(d.entries); err != nil {
			b.Fatal(err)
		}
		n += len(d.entries)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/entry")
}
