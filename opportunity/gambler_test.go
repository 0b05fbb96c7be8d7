package opportunity_test

import (
	"math/rand/v2"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// gambler gives random commands, right and wrong ones.
type gambler struct {
	*rand.Rand
	on *uuid.UUID // the activity or expense that the command is on
}

func pick[T any](g gambler, list ...T) T { return list[g.IntN(len(list))] }

func maybe[T any](g gambler, v T) *T {
	if g.IntN(3) > 0 {
		return nil
	}
	return &v
}

func (g gambler) user() string { return pick(g, "ann", "bob", "carol", "dave", "erin", "zoe", "") }

func (g gambler) customer() uuid.UUID {
	return pick(g, buyer, buyer, payer, user, idle, uuid.Nil, id(200))
}

func (g gambler) contact() opportunity.ContactKey {
	return opportunity.ContactKey{Contact: pick(g, wei, ana, gone, stranger), Role: pick(g, opportunity.Champion, opportunity.DecisionMaker, opportunity.Gatekeeper, "")}
}

func (g gambler) money() money.Money {
	return money.FromMinor(pick(g, int64(0), 1, 99_99, 777_00, 12345_67, -1), pick(g, money.USD, money.USD, money.USD, money.USD, money.USD, money.EUR))
}

func (g gambler) line() opportunity.LineInput {
	if g.IntN(2) == 0 {
		return line("12.5")
	}
	l := opportunity.LineInput{Product: pick(g, "GTX", "MG", ""), Description: pick(g, "", "Fitting"), Quantity: dec(pick(g, "1", "2.5", "0.333333", "0", "1e1")),
		Price: dec(pick(g, "0", "99.99", "1234.567891", "-1")), Discount: dec(pick(g, "0", "0", "12.5", "100", "101"))}
	l.Tax = maybe(g, dec(pick(g, "13", "0", "101")))
	return l
}

func (g gambler) reasons(list ...uuid.UUID) []opportunity.Choice {
	if g.IntN(2) == 0 {
		return chosen(list[0])
	}
	var out []opportunity.Choice
	for range g.IntN(3) {
		out = append(out, opportunity.Choice{Reason: pick(g, list...), Explanation: pick(g, "", "because")})
	}
	return out
}

func (g gambler) text() string {
	if g.IntN(8) == 0 {
		return pick(g, "", "\x00")
	}
	return pick(g, "done", "说明\nmore", " x ")
}

func (g gambler) shares() map[string]int {
	switch g.IntN(4) {
	case 0:
		return nil
	case 1:
		return map[string]int{"ann": 10000}
	case 2:
		n := g.IntN(10001)
		return map[string]int{g.user(): n, g.user(): 10000 - n}
	}
	return map[string]int{g.user(): g.IntN(12000) - 500}
}

// command gives a random one and the parts that it needs.
func (g gambler) command(s *opportunity.Snapshot) (opportunity.Parts, command) {
	n := 1 + g.IntN(max(s.Counts.LineSeq, 1)+1)
	price := maybe(g, g.money())
	rival := opportunity.CompetitorInput{Competitor: pick(g, contoso, fabrikam, oldRival), Strengths: g.text(), Price: price}
	switch ended := s.Outcome != nil; {
	case s.Counts.LiveOrders > 0 && g.IntN(3) == 0:
		return none, orderEnded(s.Ordered, g.IntN(2) == 0)
	case s.Status == opportunity.Won && g.IntN(6) == 0:
		return none, orderMade(usd(100_00))
	case ended && g.IntN(8) == 0, s.Status == opportunity.Closed && g.IntN(2) == 0:
		return none, reopen("")
	case s.Status == opportunity.OnHold && g.IntN(5) == 0:
		return none, resume
	}
	if g.IntN(4) == 0 {
		return g.followUp(s)
	}
	switch g.IntN(46) {
	case 40, 41:
		in := document("a.pdf", pick(g, uuid.Nil, contract, drawing, oldPaper))
		if n := len(s.Documents); n > 0 && g.IntN(3) == 0 {
			return documents, removeDocument(s.Documents[g.IntN(n)].ID)
		}
		return none, addDocument(uuid.UUID{0: 0x04, 13: byte(g.IntN(256)), 14: byte(g.IntN(256)), 15: byte(g.IntN(256))}, in)
	case 42, 43:
		in := opportunity.EvaluationInput{Scorecard: pick(g, bant, meddic), Values: pick(g, values(g.IntN(7), g.IntN(6)), nil), Note: pick(g, nil, ptr(g.text()))}
		draft := uuid.Nil
		for _, e := range s.Evaluations {
			if e.Status == opportunity.EvaluationDraft {
				draft = e.ID
			}
		}
		if draft != uuid.Nil && g.IntN(2) == 0 {
			in.ID, in.Scorecard = draft, uuid.Nil
		}
		fresh := uuid.UUID{0: 0x03, 13: byte(g.IntN(256)), 14: byte(g.IntN(256)), 15: byte(g.IntN(256))}
		switch g.IntN(4) {
		case 0:
			return evaluations, discard(draft)
		case 1:
			return evaluations, save(fresh, in)
		}
		return evaluations, submit(fresh, in)
	case 44, 45:
		return none, g.quote(s)
	case 0, 1, 2:
		return none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Advance(opportunity.AdvanceInput{To: pick(g, "lead", "offer", "final", "qualify"), Summary: g.text(), Override: pick(g, "", "boss")}, at)
		}
	case 3:
		return none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Win(opportunity.WinInput{Reasons: g.reasons(price0...), Summary: g.text(), Analysis: g.text(), Override: pick(g, "", "boss")}, at)
		}
	case 4:
		return none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Lose(opportunity.LoseInput{Reasons: g.reasons(noBudget, otherLoss, toRival), Summary: g.text(), Competitor: pick(g, uuid.Nil, contoso, fabrikam, oldRival), Override: pick(g, "", "boss")}, at)
		}
	case 5:
		return none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Hold(opportunity.HoldInput{Reason: g.text(), ResumeOn: pick(g, calendar.Date{}, day("2030-01-01"), day("2020-01-01"))}, at)
		}
	case 6, 7:
		return none, resume
	case 8:
		if g.IntN(3) > 0 {
			return none, approve("manager")
		}
		return none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Void(opportunity.VoidInput{Reason: g.text()}, at)
		}
	case 9:
		return none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Close(opportunity.CloseInput{Summary: g.text(), Override: pick(g, "", "boss")}, at)
		}
	case 10, 11:
		return none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Reopen(opportunity.ReopenInput{Reason: g.text(), Stage: pick(g, "", "", "lead", "offer", "final")}, at)
		}
	case 12:
		in := opportunity.AnalyseInput{Analysis: g.text(), Reasons: g.reasons(append(price0, noBudget)...)}
		if g.IntN(2) == 0 {
			lessons, rival, price := g.text(), pick(g, contoso, fabrikam, uuid.Nil), g.money()
			in.Lessons, in.Competitor, in.CompetitorPrice = &lessons, &rival, &price
		}
		if len(in.Reasons) > 1 && g.IntN(2) == 0 {
			in.Main = in.Reasons[1].Reason
		}
		return none, study(in)
	case 13:
		return none, tick(pick(g, "budget", "draft", "nothing"), g.IntN(3) == 0)
	case 14, 15:
		return none, approve(pick(g, "manager", "support", ""))
	case 33, 34:
		return none, closeIt
	case 35:
		return none, win(price0[0])
	case 16:
		stages := map[string]string{"lead": "qualify", "qualify": "lead"}
		return none, migrate(crm, pick(g, crmV1, crmV2), stages, pick(g, "", "boss"))
	case 17:
		if g.IntN(8) > 0 { // else every history is short
			return none, hold
		}
		return none, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.Delete(opportunity.DeleteInput{Reason: g.text()}, at)
		}
	case 18, 19:
		return lines, addLines(g.line(), g.line())
	case 20:
		return lines, updateLine(n, g.line().Update())
	case 21:
		return lines, removeLines(n, 1+g.IntN(n))
	case 22:
		return members, setMember(g.user(), pick(g, opportunity.RoleSales, opportunity.RoleSupport, opportunity.RoleOwner))
	case 23:
		return members | activities, removeMember(g.user())
	case 24:
		return members, splits(g.shares(), g.shares())
	case 25:
		return members | activities, transfer(opportunity.TransferInput{To: g.user(), Remove: g.IntN(2) == 0, KeepActivities: g.IntN(3) == 0, Role: pick(g, "", opportunity.RoleManager), Reason: g.text()})
	case 26:
		k := g.contact()
		return contacts, addContact(opportunity.ContactInput{Contact: k.Contact, Role: k.Role, Primary: g.IntN(2) == 0, External: g.IntN(2) == 0, Note: g.text()})
	case 27:
		return contacts, removeContact(g.contact())
	case 28:
		return contacts, setPrimary(g.contact())
	case 29:
		return none, addCompetitor(rival)
	case 30:
		return competitors, updateCompetitor(rival.Update())
	case 31:
		return competitors, removeCompetitor(rival.Competitor)
	case 32:
		if g.IntN(2) == 0 {
			return none, orderMade(g.money())
		}
		return none, orderEnded(pick(g, s.Ordered, g.money()), g.IntN(2) == 0)
	case 36:
		from, into := g.customer(), g.customer()
		return contacts, func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.CustomerMerged(from, into, opportunity.Found{}, at)
		}
	}
	in := opportunity.UpdateInput{
		Name: maybe(g, pick(g, "Other", "")), Description: maybe(g, g.text()), Department: maybe(g, pick(g, "", "west", " x")), Rating: maybe(g, g.IntN(7)),
		Source: maybe(g, pick(g, fair, oldFair, uuid.Nil)), Attributes: maybe(g, pick(g, nil, map[string]string{}, map[string]string{"debrief": "yes"}, map[string]string{"Bad": ""})),
		ExpectedClose: maybe(g, pick(g, calendar.Date{}, day("2027-05-01"))),
	}
	switch g.IntN(4) { // not all at once, or nothing ever fits
	case 0:
		in.Customer, in.BillTo, in.EndUser = maybe(g, g.customer()), maybe(g, g.customer()), maybe(g, g.customer())
	case 1:
		in.Estimated, in.Override, in.ReleaseOverride = maybe(g, g.money()), maybe(g, g.money()), g.IntN(2) == 0
		in.Currency = pick(g, "", "", money.USD, money.EUR, "XXX")
	case 2:
		in.Probability, in.ReleaseProbability = maybe(g, g.IntN(11000)-100), g.IntN(3) == 0
		in.Category, in.ReleaseCategory = maybe(g, pick(g, stage.Commit, stage.Omitted, stage.Closed)), g.IntN(3) == 0
	}
	return contacts | competitors, update(in)
}

// quote gives what a command on a quote means to the deal.
func (g gambler) quote(s *opportunity.Snapshot) command {
	net := money.FromMinor(pick(g, int64(1), 99_99), pick(g, s.Currency, s.Currency, s.Currency, money.EUR))
	switch g.IntN(6) {
	case 0:
		return quoteMade
	case 1:
		return quoteSent(net)
	case 2:
		return quoteAccepted(net, max(0, s.Counts.OpenQuotes-1), s.Counts.AcceptedQuotes)
	case 3:
		return quoteEnded("rejected", g.IntN(2) == 0, net)
	case 4:
		return quoteExtended(net, g.IntN(2) == 0)
	}
	return settled(opportunity.SettledQuotes{Ended: s.Counts.OpenQuotes}, pick(g, win(price), lose(opportunity.LoseInput{Reasons: chosen(noBudget)})))
}

var price0 = []uuid.UUID{price, otherWin, oldWin}
