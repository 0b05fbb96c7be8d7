package audit

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
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
		var p archive.ScorecardPublished
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

// sameProcess compares a process and its versions with its journal. Whether the first
// entry made it the default isn't in it: see oneDefault.
func sameProcess(ctx context.Context, tx storage.Tx, got *stage.Record, chain []journal.Entry) error {
	want := stage.Record{ID: got.ID, Tenant: got.Tenant, State: stage.ActiveProcess, Default: got.Default, Created: chain[0].Moment.Effective,
		Head: got.Head, Version: int64(len(chain)), Updated: chain[len(chain)-1].Moment.Recorded}
	var versions []stage.Process
	for _, e := range chain {
		switch e.Type {
		case pursuit.EventProcessPublished:
			var p stage.Process
			if err := json.Unmarshal(e.Payload, &p); err != nil {
				return err
			}
			versions = append(versions, p)
			want.Code, want.Current, want.Latest = p.Code, p.VersionID, p.Version
		case pursuit.EventProcessState:
			var x struct {
				State stage.State `json:"state"`
			}
			if err := json.Unmarshal(e.Payload, &x); err != nil {
				return err
			}
			want.State = x.State
		case pursuit.EventProcessDefault:
			want.Default = true
		case pursuit.EventProcessUnmarked:
			want.Default = false
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
