package sqlstore

import (
	"context"
	"time"

	"github.com/pursuit-crm/pursuit/storage"
)

type leases struct{ *tx }

var leaseTable = table{
	name: "pursuit_lease",
	cols: []string{"tenant", "name", "holder", "expires_at", "version"},
	key:  []string{"tenant", "name"},
}

// Take guards by what it changes, not by a lock: the condition of the UPDATE, or
// the key of the INSERT. The version makes each a change.
func (t leases) Take(ctx context.Context, l storage.Lease, now time.Time) (bool, error) {
	if err := t.can(ctx, true); err != nil {
		return false, err
	}
	n, err := t.exec(ctx, "UPDATE pursuit_lease SET holder = ?, expires_at = ?, version = version + 1 WHERE tenant = ? AND name = ? AND (holder = ? OR expires_at <= ?)",
		t.args(6).text(l.Holder).time(l.Until).text(l.Tenant, l.Name, l.Holder).time(now))
	if err != nil || n > 0 {
		return n > 0, err
	}
	n, err = t.put(ctx, &leaseTable, nothing, 1, func(a *args, _ int) { a.text(l.Tenant, l.Name, l.Holder).time(l.Until).num(1) })
	return n == 1, err
}

func (t leases) Release(ctx context.Context, tenant, name, holder string) error {
	if err := t.can(ctx, true); err != nil {
		return err
	}
	_, err := t.exec(ctx, "DELETE FROM pursuit_lease WHERE tenant = ? AND name = ? AND holder = ?", t.args(3).text(tenant, name, holder))
	return err
}
