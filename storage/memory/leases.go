package memory

import (
	"context"
	"time"

	"github.com/pursuit-crm/pursuit/storage"
)

type leases struct{ t *tx }

func (r leases) Take(ctx context.Context, l storage.Lease, now time.Time) (bool, error) {
	b, err := r.t.change(ctx, l.Tenant)
	if err != nil {
		return false, err
	}
	if old, ok := b.leases[l.Name]; ok && old.Holder != l.Holder && old.Until.After(now) {
		return false, nil
	}
	set(r.t, b.leases, l.Name, l)
	return true, nil
}

func (r leases) Release(ctx context.Context, tenant, name, holder string) error {
	b, err := r.t.change(ctx, tenant)
	if err != nil {
		return err
	}
	if old, ok := b.leases[name]; ok && old.Holder == holder {
		del(r.t, b.leases, name)
	}
	return nil
}
