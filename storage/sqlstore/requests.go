package sqlstore

import (
	"context"
	"slices"
	"strings"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/storage"
)

type requests struct{ *tx }

var requestTable = table{
	name: "pursuit_request",
	cols: []string{"tenant", "request_key", "command", "fingerprint", "result", "recorded"},
	key:  []string{"tenant", "request_key"},
}

func (t requests) Find(ctx context.Context, tenant, key string, others ...string) (storage.Request, error) {
	keys := append([]string{key}, others...)
	best := len(keys)
	var out storage.Request
	err := t.query(ctx, "SELECT request_key, command, fingerprint, result, recorded FROM pursuit_request WHERE tenant = ? AND request_key IN (?"+strings.Repeat(", ?", len(others))+")",
		5, t.args(1+len(keys)).text(tenant).text(keys...), func(r *row) {
			q := storage.Request{Tenant: tenant, Key: r.text(), Command: r.text(), Fingerprint: r.hash(), Result: []byte(r.text()), Recorded: r.time()}
			if i := slices.Index(keys, q.Key); i >= 0 && i < best {
				out, best = q, i
			}
		})
	if err == nil && best == len(keys) {
		err = fault.NotFound("request.not_found")
	}
	if err != nil {
		return storage.Request{}, err
	}
	return out, nil
}

func (t requests) Claim(ctx context.Context, q storage.Request) (bool, error) {
	fill := func(a *args, _ int) {
		a.text(q.Tenant, q.Key, q.Command).hash(journal.Hash(q.Fingerprint)).text(string(q.Result)).time(q.Recorded)
	}
	if t.queue.late && t.batches() { // what is taken ends the transaction then
		return true, t.together(ctx, func() error {
			return t.putThen(ctx, &requestTable, nothing, 1, fill, func() error {
				return fault.New(fault.ErrRetry, "request.busy", "the request id is being used at this moment")
			})
		})
	}
	n, err := t.put(ctx, &requestTable, nothing, 1, fill)
	return n == 1, err
}
