package opportunity_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

func TestRestoreChecksShapeOnly(t *testing.T) {
	d := record(t, rich())
	old := d.snap
	old.Name, old.Rating, old.Stage, old.Estimated = "", 99, "a stage of long ago", usd(-1) // rules that came later
	old.Updated = d.now.Add(time.Hour)
	o, err := opportunity.Restore(opportunity.Record{Snapshot: old}, opportunity.Rules{})
	require.NoError(t, err)
	require.Equal(t, old, o.Snapshot())
	_, ok, err := o.Change(d.newID)
	require.NoError(t, err)
	require.False(t, ok) // nothing happened yet
	// What wasn't given isn't checked again.
	require.NoError(t, o.Update(opportunity.UpdateInput{Description: ptr("x")}, opportunity.Found{}, journal.Moment{Effective: old.Updated, Recorded: old.Updated, By: "ann"}))

	for name, spoil := range map[string]func(s *opportunity.Snapshot){
		"no id": func(s *opportunity.Snapshot) { s.ID = uuid.Nil }, "no tenant": func(s *opportunity.Snapshot) { s.Tenant = "" },
		"no status": func(s *opportunity.Snapshot) { s.Status = 0 }, "a status of the future": func(s *opportunity.Snapshot) { s.Status = 7 },
		"no version": func(s *opportunity.Snapshot) { s.Version = 0 }, "no cycle": func(s *opportunity.Snapshot) { s.Cycle = 0 }, "no owner": func(s *opportunity.Snapshot) { s.Owner = "" },
	} {
		t.Run(name, func(t *testing.T) {
			s := d.snap
			spoil(&s)
			_, err := opportunity.Restore(opportunity.Record{Snapshot: s}, rules(crmV1))
			require.ErrorIs(t, err, fault.ErrCorrupt)
		})
	}
	lacks := in(t, opportunity.Won)
	lacks.snap.Outcome = nil
	require.ErrorIs(t, analyse("x")(lacks.load(none), lacks.next()), fault.ErrCorrupt)
	require.ErrorIs(t, reopen("")(lacks.load(none), lacks.next()), fault.ErrCorrupt)
}

func TestO02_StatusesHaveStableNames(t *testing.T) {
	var names []string
	for _, s := range opportunity.Statuses() {
		names = append(names, s.String())
		b, err := json.Marshal(s)
		require.NoError(t, err)
		var back opportunity.Status
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, s, back)
		require.True(t, s.Valid())
	}
	require.Equal(t, []string{"open", "on_hold", "won", "lost", "void", "closed"}, names)
	var s opportunity.Status
	require.NoError(t, s.UnmarshalText(nil))
	require.Zero(t, s)
	require.ErrorIs(t, s.UnmarshalText([]byte("sold")), fault.ErrInvalid)
	require.Empty(t, opportunity.Status(99).String())
	require.Empty(t, opportunity.Command(99).String())
	require.False(t, opportunity.Status(99).Valid())
	to, ok := opportunity.Lifecycle().Next(opportunity.Open, opportunity.CommandWin)
	require.True(t, ok)
	require.Equal(t, opportunity.Won, to)
}

func TestFiltersAreChecked(t *testing.T) {
	require.NoError(t, (&opportunity.Filter{}).Validate())
	require.NoError(t, (&opportunity.Filter{Statuses: opportunity.Statuses(), Stages: []string{"lead"}, Owner: "ann", Currency: money.USD, AmountFrom: ptr(int64(1)), AmountTo: ptr(int64(1)), Search: "deal"}).Validate())
	long := strings.Repeat("x", 201)
	err := (&opportunity.Filter{
		Statuses: []opportunity.Status{0, opportunity.Won}, Stages: []string{""}, Owner: long, Member: long, Department: long, Product: long, Number: long,
		Currency: "XXX", Search: long, AmountFrom: ptr(int64(2)), AmountTo: ptr(int64(1)),
	}).Validate()
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, []string{"/amount_from order", "/currency unknown", "/department too_long", "/member too_long", "/number too_long", "/owner too_long",
		"/product too_long", "/search too_long", "/stages/0 required", "/statuses/0 unknown"}, fields(err))
	require.Equal(t, []string{"/statuses too_many"}, fields((&opportunity.Filter{Statuses: slices.Repeat(opportunity.Statuses(), 20)}).Validate()))
	// Times that stores would turn around, and that a cursor couldn't name.
	late, early := time.Unix(1<<60, 0), start.AddDate(-9000, 0, 0)
	require.Equal(t, []string{"/closed_to out_of_range", "/created_from out_of_range", "/created_to out_of_range", "/decided_from out_of_range", "/idle_since out_of_range"},
		fields((&opportunity.Filter{CreatedFrom: early, CreatedTo: late, ClosedTo: late, DecidedFrom: late, IdleSince: start.AddDate(7974, 0, 0)}).Validate()))
	for _, o := range opportunity.Sorts() {
		require.True(t, o.Valid())
	}
	require.False(t, opportunity.Sort("random").Valid())
}

func TestSortKeysCompareAsTheValuesDo(t *testing.T) {
	amount := func(n int64) opportunity.Root { return opportunity.Root{Estimated: usd(n)} }
	created := func(s time.Time) opportunity.Root { return opportunity.Root{Created: s, Updated: s} }
	for name, x := range map[string]struct {
		order opportunity.Sort
		list  []opportunity.Root
	}{
		"amounts": {opportunity.ByAmount, []opportunity.Root{amount(math.MinInt64), amount(-1), amount(0), amount(9), amount(10), amount(math.MaxInt64)}},
		"created": {opportunity.ByCreated, []opportunity.Root{created(time.Unix(-1, 0)), created(start), created(start.Add(time.Microsecond))}},
		"updated": {opportunity.ByUpdated, []opportunity.Root{created(time.Unix(-1, 0)), created(start), created(start.Add(time.Microsecond))}},
		"dates":   {opportunity.ByExpectedClose, []opportunity.Root{{ExpectedClose: day("0999-12-31")}, {ExpectedClose: day("2026-01-02")}}},
		"stages":  {opportunity.ByStageEntered, []opportunity.Root{{StageEntered: start}, {StageEntered: start.Add(time.Microsecond)}}},
		"chances": {opportunity.ByProbability, []opportunity.Root{{}, {Probability: 900}, {Probability: 10000}}},
		"next":    {opportunity.ByNextActivity, []opportunity.Root{{NextActivity: time.Unix(0, 0)}, {NextActivity: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)}}},
		"last":    {opportunity.ByLastActivity, []opportunity.Root{{LastActivity: time.Unix(-1, 0)}, {LastActivity: start}}},
		"names":   {opportunity.ByName, []opportunity.Root{{Name: "alpha"}, {Name: "BETA"}, {Name: "gamma"}}},
		"numbers": {opportunity.ByNumber, []opportunity.Root{{Number: "OPP-1"}, {Number: "OPP-2"}}},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range x.list[1:] {
				require.Less(t, opportunity.KeyOf(x.order, &x.list[i]), opportunity.KeyOf(x.order, &x.list[i+1]))
			}
		})
	}
	for _, o := range []opportunity.Sort{opportunity.ByExpectedClose, opportunity.ByNextActivity, opportunity.ByLastActivity} {
		require.Empty(t, opportunity.KeyOf(o, &opportunity.Root{}), "%s: a row without the value", o)
	}
}

func TestB24_ErrorsHoldNoPersonalData(t *testing.T) {
	d := record(t, rich())
	const canary = "canary-7731"
	for _, c := range []command{
		update(opportunity.UpdateInput{Name: ptr(canary + strings.Repeat("x", 300)), Attributes: &map[string]string{"k": canary + "\x00"}}),
		transfer(opportunity.TransferInput{To: canary + "\x00"}),
		addContact(opportunity.ContactInput{Contact: wei, Note: canary}),
		advance(canary, ""),
	} {
		err := d.try(members, c)
		require.Error(t, err)
		if fault.CodeOf(err) != "stage.unknown" { // names the stage that was asked for
			require.NotContains(t, fmt.Sprintf("%+v", err), canary)
		}
	}
}
