package opportunity_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
)

const (
	none        = opportunity.Parts(0)
	members     = opportunity.PartMembers
	lines       = opportunity.PartLines
	contacts    = opportunity.PartContacts
	competitors = opportunity.PartCompetitors
	documents   = opportunity.PartDocuments
	evaluations = opportunity.PartEvaluations
)

// Commands as the tests give them.

func win(reason uuid.UUID) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Win(opportunity.WinInput{Reasons: chosen(reason), Summary: "signed"}, at)
	}
}

func winning(in opportunity.WinInput) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.Win(in, at) }
}

func lose(in opportunity.LoseInput) command {
	if in.Summary == "" {
		in.Summary = "they chose another"
	}
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.Lose(in, at) }
}

func hold(o *opportunity.Opportunity, at journal.Moment) error {
	return o.Hold(opportunity.HoldInput{Reason: "budget frozen", ResumeOn: calendar.Date{}}, at)
}

func resume(o *opportunity.Opportunity, at journal.Moment) error { return o.Resume(at) }

func void(o *opportunity.Opportunity, at journal.Moment) error {
	return o.Void(opportunity.VoidInput{Reason: "entered twice"}, at)
}

func closeIt(o *opportunity.Opportunity, at journal.Moment) error {
	return o.Close(opportunity.CloseInput{Summary: "all done"}, at)
}

func reopen(to string) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Reopen(opportunity.ReopenInput{Reason: "they called back", Stage: to}, at)
	}
}

func advance(to, override string) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Advance(opportunity.AdvanceInput{To: to, Summary: "done with it", Override: override}, at)
	}
}

func update(in opportunity.UpdateInput) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.Update(in, found(), at) }
}

func addLines(in ...opportunity.LineInput) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		_, err := o.AddLines(in, at)
		return err
	}
}

func updateLine(n int, in opportunity.UpdateLineInput) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.UpdateLine(n, in, at) }
}

func removeLines(n ...int) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.RemoveLines(n, at) }
}

func setMember(user string, role opportunity.MemberRole) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.SetMember(opportunity.MemberInput{User: user, Role: role, Access: opportunity.Write}, at)
	}
}

func removeMember(user string) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.RemoveMember(user, at) }
}

func splits(revenue, overlay map[string]int) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.SetSplits(opportunity.SetSplitsInput{Revenue: revenue, Overlay: overlay}, at)
	}
}

func transfer(in opportunity.TransferInput) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.Transfer(in, at) }
}

func addContact(in opportunity.ContactInput) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.AddContact(in, found(), at) }
}

func addCompetitor(in opportunity.CompetitorInput) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.AddCompetitor(in, at) }
}

func updateCompetitor(in opportunity.UpdateCompetitorInput) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.UpdateCompetitor(in, at) }
}

func removeCompetitor(id uuid.UUID) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.RemoveCompetitor(id, at) }
}

func removeContact(key opportunity.ContactKey) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.RemoveContact(key, at) }
}

func setPrimary(key opportunity.ContactKey) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.SetPrimaryContact(key, at) }
}

func tick(item string, off bool) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Tick(opportunity.TickInput{Item: item, Undo: off}, at)
	}
}

func approve(role string) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Approve(opportunity.ApproveInput{Role: access.Role(role), Note: "fine"}, at)
	}
}

func analyse(text string, reasons ...opportunity.Choice) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Analyse(opportunity.AnalyseInput{Analysis: text, Reasons: reasons}, at)
	}
}

func study(in opportunity.AnalyseInput) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.Analyse(in, at) }
}

func migrate(process, version uuid.UUID, stages map[string]string, override string) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.Migrate(version, versions[version], opportunity.MigrateInput{Process: process, Stages: stages, Override: override}, at)
	}
}

func remove(o *opportunity.Opportunity, at journal.Moment) error {
	return o.Delete(opportunity.DeleteInput{Reason: "a typo"}, at)
}

func orderMade(total money.Money) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.OrderMade(id(71), total, at) }
}

func orderEnded(total money.Money, cancelled bool) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.OrderEnded(id(71), total, cancelled, at)
	}
}

func quoteMade(o *opportunity.Opportunity, at journal.Moment) error { return o.QuoteMade(id(81), at) }

func quoteSent(net money.Money) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.QuoteSent(id(81), net, at) }
}

func quoteAccepted(net money.Money, open, accepted int) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.QuoteAccepted(id(81), net, open, accepted, at)
	}
}

func quoteEnded(what string, accepted bool, latest money.Money) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.QuoteEnded(id(81), what, accepted, latest, at)
	}
}

func quoteExtended(net money.Money, expired bool) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		return o.QuoteExtended(id(81), net, expired, at)
	}
}

// settled gives a command that comes with what it did about quotes.
func settled(x opportunity.SettledQuotes, c command) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error {
		o.SettleQuotes(x)
		return c(o, at)
	}
}

// as lets another user give a command.
func (d *deal) as(user string) *deal {
	d.by = user
	return d
}

// in brings a fresh deal into a status.
func in(t testing.TB, s opportunity.Status) *deal {
	t.Helper()
	d := record(t, rich())
	switch s {
	case opportunity.OnHold:
		d.must(none, hold)
	case opportunity.Won:
		d.must(none, win(price))
	case opportunity.Lost:
		d.must(none, lose(opportunity.LoseInput{Reasons: chosen(noBudget)}))
	case opportunity.Void:
		d.must(none, void)
	case opportunity.Closed:
		d.must(none, win(price))
		d.must(none, closeIt)
	}
	require.Equal(t, s, d.snap.Status)
	return d
}
