package opportunity_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// try makes an opportunity and gives the fields at fault.
func tryNew(t *testing.T, in opportunity.RecordInput, f opportunity.Found, r opportunity.Rules) error {
	t.Helper()
	o, err := opportunity.New(id(99), "acme", "N-1", in, f, r, journal.Moment{Effective: start, Recorded: start, By: "ann"})
	if err != nil {
		require.Nil(t, o)
		require.NotEmpty(t, fault.CodeOf(err))
	}
	return err
}

func TestO01_ARecordedOpportunityHasAllThatItNeeds(t *testing.T) {
	d := record(t, rich())
	s := d.snap
	require.Equal(t, "OPP-2026-000001", s.Number)
	require.Equal(t, opportunity.Open, s.Status)
	require.Equal(t, "offer", s.Stage)
	require.Equal(t, crmV1, s.ProcessVersion)
	require.EqualValues(t, 1, s.Version)
	require.Equal(t, 1, s.Cycle)
	require.Equal(t, d.now, s.Created)
	require.Equal(t, []string{"ann", "bob", "carol"}, []string{s.Members[0].User, s.Members[1].User, s.Members[2].User})
	require.Equal(t, "lead", record(t, basic()).snap.Stage) // the first one, if none is named

	t.Run("O01/everything that is missing is named at once", func(t *testing.T) {
		o, err := opportunity.New(uuid.Nil, "", "", opportunity.RecordInput{}, opportunity.Found{}, opportunity.Rules{}, journal.Moment{})
		require.Nil(t, o)
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Equal(t, []string{"/currency unknown", "/customer required", "/id required", "/name required", "/number required", "/owner required", "/process not_found", "/tenant required"}, fields(err))
	})
	t.Run("O01/everything that is wrong is named at once", func(t *testing.T) {
		long := strings.Repeat("x", 5000)
		in := opportunity.RecordInput{
			Name: strings.Repeat("长", 201), Description: long, Customer: id(201), BillTo: id(202), EndUser: id(203), Source: oldFair, Department: " east", Owner: "a\x00",
			Stage: "final", Currency: "XXX", Estimated: usd(-1), Override: ptr(usd(-1)), Probability: ptr(10000), Category: stage.Closed, Rating: 6,
			Attributes:  map[string]string{"Not a key": "x"},
			Members:     []opportunity.MemberInput{{User: "", Role: "boss", Access: "all", Split: -1, Overlay: -1}, {User: "x", Role: opportunity.RoleOwner, Access: opportunity.Read}},
			Lines:       []opportunity.LineInput{{Quantity: dec("-1"), Price: dec("0.1234567"), Discount: dec("101"), Tax: ptr(dec("-1")), Unit: long}},
			Contacts:    []opportunity.ContactInput{{Contact: id(204), Role: "friend", Note: long}},
			Competitors: []opportunity.CompetitorInput{{Competitor: oldRival, Strengths: long, Weaknesses: long, Price: ptr(usd(-1))}, {Competitor: oldRival}},
		}
		err := tryNew(t, in, found(), rules(crmV1))
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Equal(t, []string{
			"/attributes bad_key", "/bill_to not_found", "/category not_open",
			"/competitors/0/competitor retired", "/competitors/0/price/amount negative", "/competitors/0/strengths too_long", "/competitors/0/weaknesses too_long",
			"/competitors/1 duplicate", "/competitors/1/competitor retired",
			"/contacts/0/contact not_found", "/contacts/0/note too_long", "/contacts/0/role unknown", "/currency unknown", "/customer not_found",
			"/department blank_ends", "/description too_long", "/end_user not_found", "/estimated/amount negative",
			"/lines/0/discount out_of_range", "/lines/0/price too_precise", "/lines/0/product required", "/lines/0/quantity not_positive", "/lines/0/tax out_of_range", "/lines/0/unit too_long",
			"/members/0/access unknown", "/members/0/overlay out_of_range", "/members/0/role unknown", "/members/0/split out_of_range", "/members/0/user required",
			"/members/1/role owner",
			"/name too_long", "/override/amount negative", "/owner control", "/probability out_of_range", "/rating out_of_range", "/source retired", "/stage not_a_start",
		}, fields(err))
	})
	t.Run("O01/too many of everything", func(t *testing.T) {
		in := basic()
		in.Members = make([]opportunity.MemberInput, opportunity.MaxMembers)
		in.Lines = make([]opportunity.LineInput, opportunity.MaxLines+1)
		in.Contacts = make([]opportunity.ContactInput, opportunity.MaxContacts+1)
		in.Competitors = make([]opportunity.CompetitorInput, opportunity.MaxCompetitors+1)
		require.Equal(t, []string{"/competitors too_many", "/contacts too_many", "/lines too_many", "/members too_many"}, fields(tryNew(t, in, found(), rules(crmV1))))
	})
}

func TestC04_P06_InactiveCustomersAndRetiredProcessesTakeNone(t *testing.T) {
	in := basic()
	in.Customer, in.BillTo = idle, idle // the same: asked once
	f := found()
	f.Process = &stage.Record{ID: crm, State: stage.RetiredProcess, Current: crmV1}
	err := tryNew(t, in, f, rules(crmV1))
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, []string{"/customer inactive", "/process retired"}, fields(err))
	d := record(t, basic())
	require.Equal(t, []string{"/bill_to inactive"}, d.refused(fault.ErrNotAllowed, none, update(opportunity.UpdateInput{BillTo: &idle})))
}

func TestP07_P08_RecordingAsksTheEntryGates(t *testing.T) {
	in := basic()
	in.Stage = "offer"
	err := tryNew(t, in, found(), rules(crmV1))
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, []string{"gate/expected_close_set unmet", "gate/lines_min unmet"}, fields(err)) // both of them
}

func TestO15_Attributes(t *testing.T) {
	at := func(n int) map[string]string {
		m := map[string]string{}
		for i := range n {
			m[fmt.Sprintf("k%d", i)] = "v"
		}
		return m
	}
	d := record(t, basic())
	for _, x := range []struct {
		name string
		m    map[string]string
		want string
	}{
		{"50 attributes", at(50), ""}, {"51 attributes", at(51), "/attributes too_many"},
		{"a key of 64", map[string]string{strings.Repeat("a", 64): ""}, ""}, {"a key of 65", map[string]string{strings.Repeat("a", 65): ""}, "/attributes bad_key"},
		{"an empty key", map[string]string{"": "x"}, "/attributes bad_key"}, {"a key's characters", map[string]string{"az_09.": "x"}, ""}, {"a capital", map[string]string{"A": "x"}, "/attributes bad_key"},
		{"a value of 1000", map[string]string{"k": strings.Repeat("值", 1000)}, ""}, {"a value of 1001", map[string]string{"k": strings.Repeat("值", 1001)}, "/attributes/k too_long"},
		{"NUL", map[string]string{"k": "a\x00"}, "/attributes/k control"}, {"bad UTF-8", map[string]string{"k": "\xff"}, "/attributes/k bad_utf8"},
		{"none", map[string]string{}, ""},
	} {
		t.Run("O15/"+x.name, func(t *testing.T) {
			in := basic()
			in.Attributes = x.m
			err := tryNew(t, in, found(), rules(crmV1))
			if x.want == "" {
				require.NoError(t, err)
				d.must(none, update(opportunity.UpdateInput{Attributes: &x.m}))
				require.Len(t, d.snap.Attributes, len(x.m))
				return
			}
			require.Equal(t, []string{x.want}, fields(err))
			require.Equal(t, []string{x.want}, d.refused(fault.ErrInvalid, none, update(opportunity.UpdateInput{Attributes: &x.m})))
		})
	}
}

func TestO16_FourAmountsAreKeptApart(t *testing.T) {
	d := record(t, basic())
	amount := func() money.Money { return d.snap.Amount() }
	require.Equal(t, usd(5000_00), amount()) // the estimate
	d.must(none, addLines(line("100")))
	require.Equal(t, usd(100_00), amount()) // the lines
	d.must(none, update(opportunity.UpdateInput{Override: ptr(usd(7))}))
	d.must(none, addLines(line("1")))
	d.must(none, update(opportunity.UpdateInput{Estimated: ptr(usd(6000_00)), ExpectedClose: ptr(day("2026-12-31"))}))
	d.must(none, advance("offer", ""))
	require.Equal(t, usd(7), amount()) // sticks through lines, estimates and stages
	d.must(lines, removeLines(1, 2, 2))
	require.Equal(t, usd(7), amount())
	d.must(none, update(opportunity.UpdateInput{ReleaseOverride: true}))
	require.Equal(t, usd(6000_00), amount()) // no lines: the estimate again
	require.Equal(t, usd(0), d.snap.LineTotal)
	d.must(none, addLines(opportunity.LineInput{Product: "gift", Quantity: dec("1")}))
	require.Equal(t, usd(0), amount()) // lines for nothing are lines
	require.Equal(t, []string{"/release_override contradiction"}, d.refused(fault.ErrInvalid, none, update(opportunity.UpdateInput{Override: ptr(usd(1)), ReleaseOverride: true})))
	require.Equal(t, []string{"/estimated/amount negative", "/override/currency mismatch"},
		d.refused(fault.ErrInvalid, none, update(opportunity.UpdateInput{Override: ptr(money.FromMinor(1, money.EUR)), Estimated: ptr(usd(-1))})))
	d.must(none, win(price))
	d.must(none, orderMade(usd(30)))
	d.must(none, orderMade(usd(12)))
	s := d.snap
	require.Equal(t, []money.Money{usd(6000_00), usd(0), usd(0), usd(42), usd(0)}, []money.Money{s.Estimated, s.LineTotal, s.Quoted, s.Ordered, s.Amount()})
	d.must(none, orderEnded(usd(30), true))
	require.Equal(t, usd(12), d.snap.Ordered)
	d.must(none, orderEnded(usd(12), false))
	require.Equal(t, usd(12), d.snap.Ordered)
	require.Equal(t, 1, d.snap.Counts.DoneOrders)
	d.refused(fault.ErrNotAllowed, none, orderEnded(usd(12), false))
}

func TestQ04_Q07_OrdersAreNotedInTheDealsCurrency(t *testing.T) {
	d := in(t, opportunity.Won)
	require.Equal(t, []string{"/total/currency mismatch"}, d.refused(fault.ErrInvalid, none, orderMade(money.FromMinor(1, money.EUR))))
	require.Equal(t, []string{"/total/amount negative"}, d.refused(fault.ErrInvalid, none, orderMade(usd(-1))))
	d.must(none, orderMade(usd(math.MaxInt64)))
	require.ErrorIs(t, d.try(none, orderMade(usd(1))), fault.ErrLimit)
	d.must(none, orderEnded(usd(math.MaxInt64), true))
	d.must(none, orderMade(usd(1)))
	require.Equal(t, []string{"/total too_large"}, d.refused(fault.ErrInvalid, none, orderEnded(usd(2), true)))
	require.Equal(t, []string{"/total/currency mismatch"}, d.refused(fault.ErrInvalid, none, orderEnded(money.FromMinor(1, money.EUR), false)))
	d.must(none, func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Close(opportunity.CloseInput{Override: "the order runs on"}, at)
	})
	d.must(none, orderEnded(usd(1), false)) // the order's life goes on
	require.Equal(t, opportunity.Closed, d.snap.Status)
}

func TestO17_TheCurrencyIsFixedByWhatIsInIt(t *testing.T) {
	eur := update(opportunity.UpdateInput{Currency: money.EUR, Estimated: ptr(money.Zero(money.EUR))})
	d := record(t, rich())
	require.Equal(t, []string{"/currency fixed", "/currency fixed"}, d.refused(fault.ErrNotAllowed, competitors, update(opportunity.UpdateInput{Currency: money.EUR, Estimated: ptr(money.Zero(money.EUR)), ReleaseOverride: true}))) // lines, a price
	d.must(lines, removeLines(1, 2))
	require.Equal(t, []string{"/currency fixed"}, d.refused(fault.ErrNotAllowed, competitors, update(opportunity.UpdateInput{Currency: money.EUR, Estimated: ptr(money.Zero(money.EUR)), ReleaseOverride: true})))
	d.must(competitors, updateCompetitor(opportunity.CompetitorInput{Competitor: contoso}.Update()))
	require.Equal(t, []string{"/override required"}, d.refused(fault.ErrInvalid, competitors, eur)) // O16: it sticks until released
	require.Equal(t, []string{"/currency unknown"}, d.refused(fault.ErrInvalid, competitors, update(opportunity.UpdateInput{Currency: "XAU", Estimated: ptr(money.Zero("XAU")), ReleaseOverride: true})))
	require.Equal(t, []string{"/estimated/currency mismatch"}, d.refused(fault.ErrInvalid, competitors, update(opportunity.UpdateInput{Currency: money.EUR, Estimated: ptr(usd(1)), ReleaseOverride: true})))
	d.must(competitors, update(opportunity.UpdateInput{Currency: money.EUR, Estimated: ptr(money.Zero(money.EUR)), Override: ptr(money.FromMinor(5, money.EUR))}))
	require.Equal(t, money.FromMinor(5, money.EUR), d.snap.Amount())
	require.Equal(t, money.Zero(money.EUR), d.snap.Estimated)
	d.must(none, update(opportunity.UpdateInput{Currency: money.EUR})) // no change

	ordered := in(t, opportunity.Won)
	ordered.must(none, orderMade(usd(1)))
	ordered.must(none, orderEnded(usd(1), false))
	ordered.must(none, reopen(""))
	ordered.must(lines, removeLines(1, 2))
	ordered.must(competitors, removeCompetitor(contoso))
	require.Equal(t, []string{"/currency fixed"}, ordered.refused(fault.ErrNotAllowed, none, update(opportunity.UpdateInput{Currency: money.EUR, Estimated: ptr(money.Zero(money.EUR)), ReleaseOverride: true})))
	quoted := record(t, basic())
	quoted.snap.Counts.Quotes = 1 // as if stored so
	require.ErrorIs(t, eur(quoted.load(none), quoted.next()), fault.ErrNotAllowed)
	require.ErrorIs(t, eur(record(t, rich()).load(none), quoted.next()), fault.ErrInternal) // competitors weren't loaded
}

func TestO18_CustomersOfTheDeal(t *testing.T) {
	d := record(t, basic())
	require.Equal(t, []string{"/bill_to not_found", "/customer required", "/end_user not_found"},
		d.refused(fault.ErrInvalid, none, update(opportunity.UpdateInput{Customer: &uuid.Nil, BillTo: ptr(id(201)), EndUser: ptr(id(202))})))
	d.must(none, update(opportunity.UpdateInput{Customer: &buyer, BillTo: &payer, EndUser: &buyer}))
	require.Equal(t, payer, d.snap.BillTo)
	require.Equal(t, uuid.Nil, d.snap.EndUser) // the same as the customer
	d.must(none, update(opportunity.UpdateInput{Customer: &payer}))
	require.Equal(t, uuid.Nil, d.snap.BillTo)
	for name, set := range map[string]func(*opportunity.Counts){
		"live order": func(c *opportunity.Counts) { c.LiveOrders = 1 }, "completed order": func(c *opportunity.Counts) { c.DoneOrders = 1 },
		"open quote": func(c *opportunity.Counts) { c.OpenQuotes = 1 }, "accepted quote": func(c *opportunity.Counts) { c.AcceptedQuotes = 1 },
	} {
		t.Run("O18/"+name, func(t *testing.T) {
			x := record(t, basic())
			set(&x.snap.Counts) // as if stored so
			err := update(opportunity.UpdateInput{Customer: &user})(x.load(none), x.next())
			require.ErrorIs(t, err, fault.ErrNotAllowed)
			require.Equal(t, []string{"/customer fixed"}, fields(err))
			require.NoError(t, update(opportunity.UpdateInput{Customer: &buyer, EndUser: &user})(x.load(none), x.next()))
		})
	}
	t.Run("O18/who is on the deal stays though inactive since", func(t *testing.T) {
		x := record(t, rich())
		f := opportunity.Found{Customers: []customer.Customer{{ID: buyer, Status: customer.Inactive}, {ID: payer, Status: customer.Inactive}}}
		require.NoError(t, x.load(contacts).Update(opportunity.UpdateInput{Customer: &buyer, BillTo: &payer}, f, x.next()))
	})
}

func TestR04_ACustomerLeavesWithItsContacts(t *testing.T) {
	d := record(t, rich())
	require.Equal(t, []string{"/contacts/2 other_customer"}, d.refused(fault.ErrNotAllowed, contacts, update(opportunity.UpdateInput{BillTo: &uuid.Nil})))
	d.must(contacts, removeContact(opportunity.ContactKey{Contact: ana, Role: opportunity.EndUserRole}))
	d.must(contacts, update(opportunity.UpdateInput{BillTo: &uuid.Nil}))
	d.must(contacts, update(opportunity.UpdateInput{Customer: &payer, BillTo: &buyer})) // still one of the deal's
	require.ErrorIs(t, update(opportunity.UpdateInput{BillTo: &uuid.Nil})(d.load(none), d.next()), fault.ErrInternal)
}

func TestUpdate_NamesAllFieldsAtFault(t *testing.T) {
	d := record(t, rich())
	in := opportunity.UpdateInput{
		Name: ptr(" "), Description: ptr("\x01"), Department: ptr(" x"), Rating: ptr(-1), Source: &oldFair, Attributes: &map[string]string{"?": ""},
		Customer: ptr(id(201)), BillTo: ptr(id(202)), EndUser: ptr(id(203)), Currency: "???", Estimated: ptr(usd(-1)), Override: ptr(usd(-1)),
		ReleaseOverride: true, Probability: ptr(-1), ReleaseProbability: true, Category: ptr(stage.Closed), ReleaseCategory: true,
	}
	require.Equal(t, []string{
		"/attributes bad_key", "/bill_to not_found", "/category not_open", "/currency unknown", "/customer not_found", "/department blank_ends", "/description control",
		"/end_user not_found", "/estimated/amount negative", "/name required", "/override/amount negative", "/probability out_of_range", "/rating out_of_range",
		"/release_category contradiction", "/release_override contradiction", "/release_probability contradiction", "/source retired",
	}, d.refused(fault.ErrInvalid, opportunity.AllParts, update(in)))
	d.must(none, update(opportunity.UpdateInput{Name: ptr(" Ca\u0301fe "), ExpectedClose: &calendar.Date{}, Source: &uuid.Nil}))
	require.Equal(t, "C\u00e1fe", d.snap.Name)
	require.Zero(t, d.snap.ExpectedClose)
	require.Zero(t, d.snap.Source)
}

func TestA02_ASourceRetiredSinceStays(t *testing.T) {
	d := record(t, rich())
	rec := opportunity.Record{Snapshot: d.snap, Archive: []opportunity.Named{{Entry: archive.Entry{ID: fair, Kind: archive.Source, Status: archive.Retired}}}}
	o, err := opportunity.Restore(rec, rules(crmV1))
	require.NoError(t, err)
	require.NoError(t, o.Update(opportunity.UpdateInput{Source: &fair}, opportunity.Found{}, d.next()))
}
