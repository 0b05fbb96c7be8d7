package sqlstore

import (
	"context"

	"github.com/pursuit-crm/pursuit/fault"
)

type series struct{ *tx }

var seriesTable = table{
	name: "pursuit_number_series",
	cols: []string{"tenant", "series", "last_number"},
	key:  []string{"tenant", "series"},
}

// Take moves the series on or begins it, and then reads: the row is locked by the
// first statement, so nobody else comes between. Two statements, an UPDATE and an
// INSERT, would deadlock on MariaDB when two transactions begin a series: each
// UPDATE locks the gap that the other one's INSERT goes to.
func (t series) Take(ctx context.Context, tenant, name string, n int64) (int64, error) {
	if err := t.can(ctx, true); err != nil {
		return 0, err
	}
	if err := badNumbers(1, n); err != nil {
		return 0, err
	}
	_, err := t.put(ctx, &seriesTable, adds, 1, func(a *args, _ int) { a.text(tenant, name).num(n) })
	if err != nil {
		return 0, err
	}
	var last int64
	err = t.query(ctx, "SELECT last_number FROM pursuit_number_series WHERE tenant = ? AND series = ?", 1, t.args(2).text(tenant, name), func(r *row) { last = r.num() })
	if err != nil {
		return 0, err
	}
	return last - n + 1, nil
}

// Back moves the series back, unless it has moved on since.
func (t series) Back(ctx context.Context, tenant, name string, first, n int64) error {
	if err := t.can(ctx, true); err != nil {
		return err
	}
	if err := badNumbers(first, n); err != nil {
		return err
	}
	_, err := t.exec(ctx, "UPDATE pursuit_number_series SET last_number = ? WHERE tenant = ? AND series = ? AND last_number = ?",
		t.args(4).num(first-1).text(tenant, name).num(first+n-1))
	return err
}

func badNumbers(first, n int64) error {
	if first >= 1 && n >= 1 && n <= 100_000 {
		return nil
	}
	return fault.Invalid("numbers.invalid", fault.Field{Path: "/n", Code: "out_of_range", Message: "must be 1 to 100000"})
}
