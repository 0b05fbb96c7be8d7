package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// importer is who gives all commands.
func importer() pursuit.Actor {
	return pursuit.Actor{Tenant: "crm", User: "replay", Roles: []access.Role{access.Administrator}}
}

// The ids of the stages.
const (
	prospectingID = "prospecting"
	engagingID    = "engaging"
)

// crm is the sales mode of the file.
func crm() stage.Process {
	return stage.Process{Code: "CRM", Names: stage.Names{"en": "CRM"}, Stages: []stage.Stage{
		{ID: prospectingID, Names: stage.Names{"en": prospecting}, Probability: 1000, Category: stage.Pipeline},
		{ID: engagingID, Names: stage.Names{"en": engaging}, Probability: 5000, Category: stage.BestCase, Start: true},
	}}
}

// base is what all rows refer to.
type base struct {
	process   uuid.UUID
	customers map[string]uuid.UUID // by name
	won, lost []opportunity.Choice
}

// setUp makes the sales mode, the two reasons and the customers, in one
// transaction, unless they are there.
func setUp(ctx context.Context, s *pursuit.Session, accounts []account) (base, error) {
	var made base
	err := s.Batch(ctx, func(ctx context.Context, s *pursuit.Session) error {
		made = base{customers: map[string]uuid.UUID{}}
		process, err := s.Processes().Publish(ctx, crm(), pursuit.RequestID("process/CRM"))
		if err != nil {
			return fmt.Errorf("process CRM: %w", err)
		}
		made.process = process.ID
		if made.won, err = unspecified(ctx, s, archive.WinReason); err != nil {
			return err
		}
		if made.lost, err = unspecified(ctx, s, archive.LossReason); err != nil {
			return err
		}
		for _, a := range append([]account{{name: unknownAccount}}, accounts...) {
			res, err := s.Customers().Create(ctx, customer.CreateInput{
				Name: a.name, Status: customer.Active, Sector: a.sector, Parent: made.customers[a.subsidiaryOf], Attributes: a.attributes,
			}, pursuit.RequestID("account/"+a.name))
			if err != nil {
				return fmt.Errorf("%s, line %d: %w", accountsFile, a.line, err)
			}
			made.customers[a.name] = res.ID
		}
		return nil
	})
	return made, err
}

// unspecified makes the one reason of its kind: the file doesn't tell any.
func unspecified(ctx context.Context, s *pursuit.Session, kind archive.Kind) ([]opportunity.Choice, error) {
	r, err := s.Archives().Create(ctx, archive.CreateInput{Kind: kind, Code: "unspecified", Names: map[string]string{"en": "Unspecified"}},
		pursuit.RequestID("archive/"+string(kind)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", kind, err)
	}
	return []opportunity.Choice{{Reason: r.ID}}, nil
}
