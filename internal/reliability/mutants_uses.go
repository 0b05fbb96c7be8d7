package reliability

import (
	"context"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
)

// uses are what makes a thing one that is in use: in the other tenant.
var uses = []struct {
	command string
	ahead   func(ctx context.Context, w *World, id uuid.UUID) error
}{
	{"Customers.Delete", func(ctx context.Context, w *World, id uuid.UUID) error {
		in := w.Deal(1)
		in.Customer = id
		return done(w.S.Opportunities().Record(ctx, in))
	}},
	{"Customers.Delete", func(ctx context.Context, w *World, id uuid.UUID) error {
		in := w.Deal(1)
		in.BillTo = id
		return done(w.S.Opportunities().Record(ctx, in))
	}},
	{"Customers.Delete", func(ctx context.Context, w *World, id uuid.UUID) error {
		in := w.Deal(1)
		in.EndUser = id
		return done(w.S.Opportunities().Record(ctx, in))
	}},
	{"Customers.Delete", func(ctx context.Context, w *World, id uuid.UUID) error {
		return done(w.S.Customers().Create(ctx, customer.CreateInput{Name: "Child", Parent: id}))
	}},
	{"Customers.Delete", func(ctx context.Context, w *World, id uuid.UUID) error {
		return done(w.S.Customers().Merge(ctx, id, customer.MergeInput{Loser: w.Customer, Reason: "the same"}))
	}},
	{"Customers.Delete", func(ctx context.Context, w *World, id uuid.UUID) error { // a contact that is on a deal of another one
		r, err := w.S.Customers().AddContact(ctx, id, customer.ContactInput{Name: "Zoe"})
		if err != nil {
			return err
		}
		in := w.Deal(1)
		in.Contacts = []opportunity.ContactInput{{Contact: r.Contact, Role: opportunity.Champion, External: true}}
		return done(w.S.Opportunities().Record(ctx, in))
	}},
	{"Customers.RemoveContact", func(ctx context.Context, w *World, _ uuid.UUID) error {
		in := w.Deal(1)
		in.Contacts = []opportunity.ContactInput{{Contact: w.Contact, Role: opportunity.Champion}}
		return done(w.S.Opportunities().Record(ctx, in))
	}},
	{"Archives.Delete", func(ctx context.Context, w *World, id uuid.UUID) error {
		in := w.Deal(1)
		in.Source = id
		return done(w.S.Opportunities().Record(ctx, in))
	}},
	{"Processes.Delete", func(ctx context.Context, w *World, id uuid.UUID) error {
		in := w.Deal(1)
		in.Process = id
		return done(w.S.Opportunities().Record(ctx, in))
	}},
	{"Opportunities.Delete", func(ctx context.Context, w *World, id uuid.UUID) error { return done(plan(ctx, w, id)) }},
	{"Opportunities.Delete", func(ctx context.Context, w *World, id uuid.UUID) error { return done(spend(ctx, w, id)) }},
	{"Opportunities.Delete", func(ctx context.Context, w *World, id uuid.UUID) error {
		if _, err := selling(ctx, w); err != nil {
			return err
		}
		return done(w.S.Quotes().Create(ctx, id, quote.CreateInput{Title: "Offer"}))
	}},
	{"Opportunities.Close", func(ctx context.Context, w *World, id uuid.UUID) error { return done(plan(ctx, w, id)) }},
	{"Opportunities.Win", func(ctx context.Context, w *World, id uuid.UUID) error {
		if _, err := selling(ctx, w); err != nil {
			return err
		}
		r, err := w.S.Quotes().Create(ctx, id, quote.CreateInput{Title: "Offer"})
		if err == nil {
			_, err = send(ctx, w, r.ID)
		}
		return err
	}},
}

func done(_ result, err error) error { return err }

// useOf deletes an entry of each kind that the other tenant uses.
func useOf(kind archive.Kind, use func(ctx context.Context, w *World, id uuid.UUID) error) scene {
	c := Command{"Archives.Delete " + string(kind), func(ctx context.Context, w *World) (uuid.UUID, error) {
		return made(w.S.Archives().Create(ctx, archive.CreateInput{Kind: kind, Code: "used", Names: map[string]string{"en": "Used"}}))
	}, func(ctx context.Context, w *World, id uuid.UUID, o ...pursuit.CallOption) (result, error) {
		return w.S.Archives().Delete(ctx, id, o...)
	}}
	return given(&c, use)
}

// usesOfEntries are how an entry of each kind is used.
var usesOfEntries = map[archive.Kind]func(ctx context.Context, w *World, id uuid.UUID) error{
	archive.WinReason: func(ctx context.Context, w *World, id uuid.UUID) error {
		d, err := w.Record(ctx, 1)
		if err == nil {
			_, err = w.S.Opportunities().Win(ctx, d, opportunity.WinInput{Reasons: []opportunity.Choice{{Reason: id}}, Summary: "signed"})
		}
		return err
	},
	archive.LossReason: func(ctx context.Context, w *World, id uuid.UUID) error {
		d, err := w.Record(ctx, 1)
		if err == nil {
			_, err = w.S.Opportunities().Lose(ctx, d, opportunity.LoseInput{Reasons: []opportunity.Choice{{Reason: id}}, Summary: "gone"})
		}
		return err
	},
	archive.Competitor: func(ctx context.Context, w *World, id uuid.UUID) error {
		d, err := w.Record(ctx, 1)
		if err == nil {
			_, err = w.S.DealCompetitors().Add(ctx, d, opportunity.CompetitorInput{Competitor: id})
		}
		return err
	},
	archive.ExpenseKind: func(ctx context.Context, w *World, id uuid.UUID) error {
		d, err := w.Record(ctx, 1)
		w.Travel = id
		if err == nil {
			_, err = spend(ctx, w, d)
		}
		return err
	},
	archive.DocumentKind: func(ctx context.Context, w *World, id uuid.UUID) error {
		d, err := w.Record(ctx, 1)
		if err == nil {
			_, err = w.S.Documents().Add(ctx, d, opportunity.AddDocumentInput{Kind: id, Name: "a.pdf", MediaType: "application/pdf", Location: "https://files.example/1"}, nil)
		}
		return err
	},
}
