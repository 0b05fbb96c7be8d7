package memory

import (
	"bytes"
	"context"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

type requests struct{ t *tx }

func (r requests) Find(ctx context.Context, tenant, key string, others ...string) (storage.Request, error) {
	b, err := r.t.read(ctx, tenant)
	if err != nil {
		return storage.Request{}, err
	}
	for _, key := range append([]string{key}, others...) {
		if q, ok := b.requests[key]; ok {
			q.Result = bytes.Clone(q.Result)
			return q, nil
		}
	}
	return storage.Request{}, fault.NotFound("request.not_found")
}

func (r requests) Claim(ctx context.Context, q storage.Request) (bool, error) {
	b, err := r.t.change(ctx, q.Tenant)
	if err != nil {
		return false, err
	}
	if _, taken := b.requests[q.Key]; taken {
		return false, nil
	}
	q.Result = bytes.Clone(q.Result)
	set(r.t, b.requests, q.Key, q)
	return true, nil
}

type series struct{ t *tx }

func (r series) Take(ctx context.Context, tenant, text string, n int64) (int64, error) {
	b, err := r.t.change(ctx, tenant)
	if err != nil {
		return 0, err
	}
	first := b.series[text] + 1
	set(r.t, b.series, text, first+n-1)
	return first, nil
}

func (r series) Back(ctx context.Context, tenant, text string, first, n int64) error {
	b, err := r.t.change(ctx, tenant)
	if err != nil {
		return err
	}
	if b.series[text] == first+n-1 {
		set(r.t, b.series, text, first-1)
	}
	return nil
}
