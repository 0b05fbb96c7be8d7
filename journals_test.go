package pursuit_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// TestO14_DeletedDealsAreReadByWhoAnsweredForThem: administrators and the manager of
// the department read journal and history, and see the same past (J02).
func TestO14_DeletedDealsAreReadByWhoAnsweredForThem(t *testing.T) {
	w := newTenant(t)
	var ids []uuid.UUID
	for range 3 {
		in := w.input()
		in.Department, in.Owner = "east", "bob"
		ids = append(ids, w.Do(w.s.Opportunities().Record(w.ctx, in)).ID)
	}
	w.Clock.Advance(time.Hour)
	before := w.clock()
	w.Clock.Advance(time.Hour)
	w.must(w.s.Opportunities().Delete(w.ctx, ids[1], opportunity.DeleteInput{Reason: "twice"}))
	session := func(user, department string, role access.Role) *pursuit.Session {
		return w.eng.As(pursuit.Actor{Tenant: "acme", User: user, Department: department, Roles: []access.Role{role}})
	}
	for name, x := range map[string]struct {
		s    *pursuit.Session
		then int64
		may  bool
	}{
		"administrator": {session("root", "", access.Administrator), 3, true},
		"manager":       {session("may", "east", access.Manager), 3, true},
		"other manager": {session("moe", "west", access.Manager), 0, false},
		"stranger":      {session("zoe", "west", access.Sales), 0, false},
		"other tenant":  {w.eng.As(pursuit.Actor{Tenant: "evil", User: "root", Roles: []access.Role{access.Administrator}}), 0, false},
	} {
		groups, err := x.s.Reports().Pipeline(w.ctx, pursuit.PipelineQuery{AsOf: before})
		require.NoError(t, err)
		n := int64(0)
		for _, g := range groups {
			n += g.Open
		}
		require.Equal(t, x.then, n, name)
		list, err := x.s.Opportunities().Journal(w.ctx, ids[1])
		rows, err2 := x.s.Opportunities().History(w.ctx, ids[1])
		if !x.may {
			for _, err := range []error{err, err2} {
				require.ErrorIs(t, err, fault.ErrNotFound, name)
				require.Equal(t, "opportunity.not_found", fault.CodeOf(err))
			}
			require.Empty(t, list)
			require.Empty(t, rows)
			_, err = x.s.Opportunities().History(w.ctx, ids[0]) // nor one that is there
			require.ErrorIs(t, err, fault.ErrNotFound, name)
			continue
		}
		require.NoError(t, err, name)
		require.NoError(t, err2, name)
		require.Equal(t, opportunity.EventDeleted, list[len(list)-1].Type)
		_, ledger, gone, err := opportunity.Replay(list)
		require.NoError(t, err)
		require.True(t, gone)
		require.Equal(t, ledger, rows)
	}
	_, err := w.s.Opportunities().Journal(w.ctx, uuid.New())
	require.ErrorIs(t, err, fault.ErrNotFound)
}

// TestJ06_JournalsOfWhatWasDeleted: customers, archives and processes are no other.
func TestJ06_JournalsOfWhatWasDeleted(t *testing.T) {
	w := newTenant(t)
	c, err := w.s.Customers().Create(w.ctx, customer.CreateInput{Name: "Gone", Department: "east"})
	require.NoError(t, err)
	w.must(w.s.Customers().Delete(w.ctx, c.ID))
	entry := w.entry(archive.CreateInput{Kind: archive.Source, Code: "gone"})
	w.must(w.s.Archives().Delete(w.ctx, entry))
	p, err := w.s.Processes().Publish(w.ctx, stage.Process{Code: "gone", Names: names("Gone"), Stages: []stage.Stage{{ID: "a", Names: names("A"), Category: stage.Pipeline}}})
	require.NoError(t, err)
	w.must(w.s.Processes().Delete(w.ctx, p.ID))
	read := func(s *pursuit.Session) map[string]func() ([]journal.Entry, error) {
		return map[string]func() ([]journal.Entry, error){
			"customer.deleted.v1": func() ([]journal.Entry, error) { return s.Customers().Journal(w.ctx, c.ID) },
			"archive.deleted.v1":  func() ([]journal.Entry, error) { return s.Archives().Journal(w.ctx, entry) },
			"process.deleted.v1":  func() ([]journal.Entry, error) { return s.Processes().Journal(w.ctx, p.ID) },
		}
	}
	for event, ask := range read(w.eng.As(pursuit.Actor{Tenant: "acme", User: "root", Roles: []access.Role{access.Administrator}})) {
		list, err := ask()
		require.NoError(t, err, event)
		require.Equal(t, event, list[len(list)-1].Type)
	}
	for event, ask := range read(w.eng.As(pursuit.Actor{Tenant: "acme", User: "moe", Department: "west", Roles: []access.Role{access.Manager}})) {
		_, err := ask()
		require.ErrorIs(t, err, fault.ErrNotFound, event)
	}
	list, err := w.eng.As(pursuit.Actor{Tenant: "acme", User: "may", Department: "east", Roles: []access.Role{access.Manager}}).Customers().Journal(w.ctx, c.ID)
	require.NoError(t, err)
	require.NoError(t, journal.Verify(list, journal.Head{Seq: list[len(list)-1].Seq, Hash: list[len(list)-1].Hash}))
}
