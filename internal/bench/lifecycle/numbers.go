package lifecycle

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// minBlock and maxBlock are how many numbers are taken from a series at first, and
// at most, as the library does: blocks double while they are used up.
const minBlock, maxBlock = 8, 64

// numbers hands out numbers from blocks of a series, for those who don't use the
// library.
type numbers struct {
	db     *sql.DB
	sql    flavour
	mu     sync.Mutex
	blocks map[string][2]int64 // next, end
	sizes  map[string]int64    // of the block that was taken last
}

func (n *numbers) take(ctx context.Context, prefix string, at time.Time) (string, error) {
	series := fmt.Sprintf("%s-%04d", prefix, at.UTC().Year())
	n.mu.Lock()
	defer n.mu.Unlock()
	b := n.blocks[series]
	if b[0] == b[1] {
		size := min(max(2*n.sizes[series], minBlock), maxBlock)
		last, err := n.block(ctx, series, size)
		if err != nil {
			return "", err
		}
		b = [2]int64{last - size + 1, last + 1}
		if n.blocks == nil {
			n.blocks, n.sizes = map[string][2]int64{}, map[string]int64{}
		}
		n.sizes[series] = size
	}
	n.blocks[series] = [2]int64{b[0] + 1, b[1]}
	return fmt.Sprintf("%s-%06d", series, b[0]), nil
}

// block moves the series on; the first statement locks its row.
func (n *numbers) block(ctx context.Context, series string, size int64) (last int64, err error) {
	tx, err := n.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	_, err = tx.ExecContext(ctx, n.sql.text("UPDATE pursuit_number_series SET last_number = last_number + ? WHERE tenant = ? AND series = ?"), size, tenant, series)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, n.sql.text("SELECT last_number FROM pursuit_number_series WHERE tenant = ? AND series = ?"), tenant, series).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) {
		last = size
		_, err = tx.ExecContext(ctx, n.sql.text("INSERT INTO pursuit_number_series (tenant, series, last_number) VALUES (?, ?, ?)"), tenant, series, last)
	}
	if err != nil {
		return 0, err
	}
	return last, tx.Commit()
}
