package audit

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// indexed checks the amount that lists and reports go by, which is derived: no port
// returns it, but a filter finds a deal by it.
func indexed(ctx context.Context, tx storage.Tx, s *opportunity.Snapshot) error {
	amount := s.Amount()
	minor := amount.Minor()
	n, err := tx.Opportunities().Count(ctx, s.Tenant, opportunity.Query{Scope: access.Scope{All: true}, Filter: opportunity.Filter{
		Customer: s.Customer, Owner: s.Owner, Currency: amount.Currency(), AmountFrom: &minor, AmountTo: &minor,
		CreatedFrom: s.Created, CreatedTo: s.Created.Add(1000),
	}})
	if err == nil && n == 0 {
		err = fmt.Errorf("the amount that is searched by isn't %s", amount)
	}
	return err
}

// sameScorecards compares the published versions of a scorecard with its journal.
func sameScorecards(ctx context.Context, tx storage.Tx, tenant string, id uuid.UUID, chain []journal.Entry) error {
	for _, e := range chain {
		if e.Type != archive.EventScorecardPublished {
			continue
		}
		var p archive.ScorecardPublishedPayload
		if err := json.Unmarshal(e.Payload, &p); err != nil {
			return err
		}
		got, err := tx.Archives().ScorecardVersion(ctx, tenant, id, p.Version.Number)
		if err != nil {
			return err
		}
		if err := Equal("scorecard", got, p.Version); err != nil {
			return err
		}
	}
	return nil
}

// sameProcess compares a process and its versions with its journal.
func sameProcess(ctx context.Context, tx storage.Tx, got *stage.Record, chain []journal.Entry) error {
	want, err := stage.Replay(chain)
	if err != nil {
		return err
	}
	var versions []stage.Process
	for _, e := range chain {
		payload, err := stage.Decode(e)
		if err != nil {
			return err
		}
		if p, ok := payload.(*stage.PublishedPayload); ok {
			versions = append(versions, p.Process)
		}
	}
	if err := Equal("process", got, &want); err != nil {
		return err
	}
	stored, err := tx.Processes().Versions(ctx, got.Tenant, got.ID)
	if err != nil {
		return err
	}
	for i := range versions {
		one, err := tx.Processes().Version(ctx, got.Tenant, versions[i].VersionID)
		if err != nil {
			return err
		}
		if err := Equal("version", one, versions[i]); err != nil {
			return err
		}
	}
	return Equal("versions", stored, versions)
}

// oneDefault checks that one process of the tenant is the default, if there is any
// (P01).
func oneDefault(ctx context.Context, tx storage.Tx, tenant string) error {
	list, err := tx.Processes().List(ctx, tenant)
	if err != nil {
		return err
	}
	marked := 0
	for i := range list {
		if list[i].Default {
			marked++
		}
	}
	if len(list) > 0 && marked != 1 {
		return fmt.Errorf("P01: %d processes are the default", marked)
	}
	return nil
}
