package sqlstore

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// What is supposed of a row of each table: all that References gives and the
// domain looks at.
const (
	heldCustomer = "SELECT 1 FROM pursuit_customer WHERE tenant = ? AND id = ? AND kind = ? AND status = ? AND owner = ? AND department = ? AND merged_into_id IS NULL"
	heldContact  = "SELECT 1 FROM pursuit_contact WHERE tenant = ? AND id = ? AND customer_id = ? AND active = ?"
	heldArchive  = "SELECT 1 FROM pursuit_archive_entry WHERE tenant = ? AND id = ? AND kind = ? AND code = ? AND status = ? AND needs_explanation = ? AND needs_competitor = ?"
	heldProcess  = "SELECT 1 FROM pursuit_process WHERE tenant = ? AND id = ? AND state = ? AND current_id = ?"
	heldDefault  = heldProcess + " AND is_default = 1"
)

// Supposes says that what is supposed travels with what is written; see
// storage.Supposing.
func (t *tx) Supposes() bool { return t.queue.late && t.batches() }

// Suppose queues a statement that raises an error unless all is stored as it is
// supposed to be; see storage.Supposing.
func (t *tx) Suppose(ctx context.Context, tenant string, refs opportunity.Refs, found opportunity.Found) error {
	if err := t.can(ctx, true); err != nil {
		return err
	}
	if !t.Supposes() {
		return t.fail(fault.New(fault.ErrInternal, "storage.suppose", "the transaction can't suppose anything"))
	}
	a := t.args(24)
	var q []string
	for i := range found.Customers {
		c := &found.Customers[i]
		q = append(q, heldCustomer)
		a.text(tenant).id(c.ID).text(string(c.Kind), string(c.Status), c.Owner, c.Department)
	}
	for i := range found.Contacts {
		c := &found.Contacts[i]
		q = append(q, heldContact)
		a.text(tenant).id(c.ID).id(c.Customer).flag(c.Active)
	}
	for i := range found.Archive {
		e := &found.Archive[i]
		q = append(q, heldArchive)
		a.text(tenant).id(e.ID).text(string(e.Kind), e.Code, string(e.Status)).flag(e.NeedsExplanation).flag(e.NeedsCompetitor)
	}
	if p := found.Process; p != nil {
		if refs.Process == uuid.Nil {
			q = append(q, heldDefault)
		} else {
			q = append(q, heldProcess)
		}
		a.text(tenant).id(p.ID).text(string(p.State)).id(p.Current)
	}
	text := t.s.text(t.s.d.held(strings.Join(q, " UNION ALL "), len(q)))
	t.queue.list = append(t.queue.list, queued{Statement: Statement{text, a.v}, miss: func() error {
		return fault.New(fault.ErrRetry, "storage.supposed", "something isn't stored as it was supposed to be")
	}})
	return nil
}
