package integration

import (
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/order"
	"github.com/pursuit-crm/pursuit/stage"
)

// What is done to orders: one of all lines, its end, its cancellation.
var (
	orderOfAll  = order.CreateInput{}
	orderEnough = order.CompleteInput{Reason: "enough"}
	orderGone   = order.CancelInput{Reason: "gone"}
)

// publish publishes a process of stages without gates, which follow on each
// other.
func (w *tenant) publish(code string, stages ...string) uuid.UUID {
	w.t.Helper()
	p := stage.Process{Code: code, Names: names(code)}
	for i, s := range stages {
		p.Stages = append(p.Stages, stage.Stage{ID: s, Names: names(s), Probability: 1000 * (i + 1), Category: stage.Pipeline})
	}
	return w.published(p)
}

func (w *tenant) published(p stage.Process) uuid.UUID {
	w.t.Helper()
	r, err := w.s.Processes().Publish(w.ctx, p)
	require.NoError(w.t, err)
	return r.ID
}

// colleague gives a session of somebody of ann's department.
func (w *tenant) colleague(name string, roles ...access.Role) *pursuit.Session {
	return w.eng.As(pursuit.Actor{Tenant: w.called, User: name, Department: "east", Roles: roles})
}

// recordIn records a deal without lines in a process.
func (w *tenant) recordIn(process uuid.UUID) (opportunity.Snapshot, error) {
	r, err := w.s.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "Deal", Customer: w.customer, Currency: money.USD, Process: process})
	if err != nil {
		return opportunity.Snapshot{}, err
	}
	return w.get(r.ID), nil
}
