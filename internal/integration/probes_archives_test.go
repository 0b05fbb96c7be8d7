package integration

import (
	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/stage"
)

// archiveProbes are those on customers, archives and processes, and reports.
var archiveProbes = map[string]probe{
	"Customers.Create": {creates, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return one(s.Customers().Create(w.ctx, customer.CreateInput{Name: "New"}))
	}},
	"Customers.Update": {changes, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().Update(w.ctx, id, customer.UpdateInput{Name: ptr("Northwind Traders"), Code: ptr(""), Status: ptr(customer.Active)}))
	}},
	"Customers.Update/owner": {changes, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().Update(w.ctx, id, customer.UpdateInput{Owner: ptr("zoe")}))
	}},
	"Customers.Update/department": {changes, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().Update(w.ctx, id, customer.UpdateInput{Name: ptr("Northwind Traders"), Department: ptr("south")}))
	}},
	"Customers.Update/all": {changes, ownedCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) { // the owner is left out
		return one(s.Customers().Update(w.ctx, id, customer.CreateInput{Name: "Northwind Traders", Kind: customer.Organisation, Status: customer.Active}.Update()))
	}},
	"Customers.SetStatus": {changes, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().SetStatus(w.ctx, id, customer.Inactive))
	}},
	"Customers.Delete": {changes, freshCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().Delete(w.ctx, id))
	}},
	"Customers.Merge": {changes, freshCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().Merge(w.ctx, id, customer.MergeInput{Loser: w.customer, Reason: "the same"}))
	}},
	"Customers.Duplicates": {searches, theCustomer, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		d, err := s.Customers().Duplicates(w.ctx, customer.Probe{Name: "northwind"})
		return len(d.Hits), err
	}},
	"Customers.ContactDeals": {searches, withContact, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return page(s.Customers().ContactDeals(w.ctx, w.contact, pursuit.Page{}))
	}},
	"Customers.AddContact": {changes, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().AddContact(w.ctx, id, customer.ContactInput{Name: "Zoe"}))
	}},
	"Customers.UpdateContact": {changes, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().UpdateContact(w.ctx, id, w.contact, customer.ContactInput{Name: "Li Wei", Title: "CTO"}.Update()))
	}},
	"Customers.SetPrimaryContact": {changes, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().SetPrimaryContact(w.ctx, id, w.contact))
	}},
	"Customers.SetContactActive": {changes, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().SetContactActive(w.ctx, id, w.contact, false))
	}},
	"Customers.RemoveContact": {changes, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Customers().RemoveContact(w.ctx, id, w.contact))
	}},
	"Customers.Get": {reads, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		_, err := s.Customers().Get(w.ctx, id)
		return 0, err
	}},
	"Customers.ByCode": {reads, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		code := "C9"
		if id == w.customer {
			code = "C1"
		}
		return some(s.Customers().ByCode(w.ctx, code))
	}},
	"Customers.List": {searches, theCustomer, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return page(s.Customers().List(w.ctx, pursuit.CustomerQuery{}, pursuit.Page{}))
	}},
	"Customers.All": {searches, theCustomer, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return walk(s.Customers().All(w.ctx, pursuit.CustomerQuery{}))
	}},
	"Archives.Create": {creates, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return one(s.Archives().Create(w.ctx, archive.CreateInput{Kind: archive.Source, Code: "mail", Names: map[string]string{"en": "Mail"}}))
	}},
	"Archives.Update": {changes, freshEntry, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Archives().Update(w.ctx, id, archive.CreateInput{Names: map[string]string{"en": "The web"}}.Update()))
	}},
	"Archives.Retire": {changes, freshEntry, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Archives().Retire(w.ctx, id))
	}},
	"Archives.Activate": {changes, retiredEntry, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Archives().Activate(w.ctx, id))
	}},
	"Archives.Delete": {changes, freshEntry, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Archives().Delete(w.ctx, id))
	}},
	"Archives.Get": {reads, freshEntry, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Archives().Get(w.ctx, id))
	}},
	"Archives.ByCode": {reads, freshEntry, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		code := "nobody"
		if e, err := w.s.Archives().Get(w.ctx, id); err == nil {
			code = e.Code
		}
		return some(s.Archives().ByCode(w.ctx, archive.Source, code))
	}},
	"Archives.List": {asks, freshEntry, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return page(s.Archives().List(w.ctx, pursuit.ArchiveQuery{}, pursuit.Page{}))
	}},
	"Processes.Publish": {creates, nil, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return one(s.Processes().Publish(w.ctx, stage.Process{Code: "third", Names: names("Third"), Stages: []stage.Stage{
			{ID: "only", Names: names("Only"), Probability: 1000, Category: stage.Pipeline},
		}}))
	}},
	"Processes.Retire": {changes, secondProcess, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Processes().Retire(w.ctx, id))
	}},
	"Processes.Activate": {changes, func(w *tenant) uuid.UUID {
		id := secondProcess(w)
		w.must(w.s.Processes().Retire(w.ctx, id))
		return id
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Processes().Activate(w.ctx, id))
	}},
	"Processes.SetDefault": {changes, secondProcess, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Processes().SetDefault(w.ctx, id))
	}},
	"Processes.Delete": {changes, secondProcess, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Processes().Delete(w.ctx, id))
	}},
	"Processes.Get": {reads, secondProcess, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		_, err := s.Processes().Get(w.ctx, id)
		return 0, err
	}},
	"Processes.Version": {reads, func(w *tenant) uuid.UUID {
		rec, err := w.s.Processes().Get(w.ctx, w.process)
		w.must(pursuit.Result{}, err)
		return rec.Current
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Processes().Version(w.ctx, id))
	}},
	"Processes.List": {asks, secondProcess, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return page(s.Processes().List(w.ctx, pursuit.ProcessQuery{}, pursuit.Page{}))
	}},
	"Processes.All": {asks, secondProcess, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return walk(s.Processes().All(w.ctx, pursuit.ProcessQuery{}))
	}},
	"Archives.All": {asks, freshEntry, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		return walk(s.Archives().All(w.ctx, pursuit.ArchiveQuery{}))
	}},
	"Processes.CheckMigration": {reads, func(w *tenant) uuid.UUID {
		rec, err := w.s.Processes().Get(w.ctx, w.process)
		w.must(pursuit.Result{}, err)
		return rec.Current
	}, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return 0, s.Processes().CheckMigration(w.ctx, id, w.process, nil)
	}},
	"Processes.PlanMigration": {reads, upgraded, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		_, err := s.Processes().PlanMigration(w.ctx, w.upgrade(id))
		return 0, err
	}},
	"Processes.Migrate": {changes, upgraded, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return one(s.Processes().Migrate(w.ctx, w.upgrade(id)))
	}},
	"Reports.Pipeline": {searches, deal, func(w *tenant, s *pursuit.Session, _ uuid.UUID) (int, error) {
		groups, err := s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{})
		n := 0
		for _, g := range groups {
			n += int(g.Count)
		}
		return n, err
	}},
	"Customers.Journal": {reads, theCustomer, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Customers().Journal(w.ctx, id))
	}},
	"Archives.Journal": {reads, freshEntry, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Archives().Journal(w.ctx, id))
	}},
	"Processes.Journal": {reads, secondProcess, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Processes().Journal(w.ctx, id))
	}},
	"Processes.Versions": {reads, secondProcess, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		return some(s.Processes().Versions(w.ctx, id))
	}},
	"Processes.ByCode": {reads, secondProcess, func(w *tenant, s *pursuit.Session, id uuid.UUID) (int, error) {
		code := "none"
		if rec, err := w.s.Processes().Get(w.ctx, id); err == nil {
			code = rec.Code
		}
		return some(s.Processes().ByCode(w.ctx, code))
	}},
}
