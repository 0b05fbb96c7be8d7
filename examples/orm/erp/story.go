package erp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/fault"
)

// Bill books an invoice of the ERP and wins a deal in one transaction, in the way
// of one library: it inserts the invoice, wins, and then refuses with
// ErrCreditLimit if the deal's amount is beyond CreditLimit.
type Bill func(ctx context.Context, number string, deal uuid.UUID) error

// Use makes a Bill of an opened ERP.
type Use func(*ERP) (Bill, error)

// Story tells it on a temporary SQLite file; see Tell.
func Story(ctx context.Context, w io.Writer, use Use) error {
	dir, err := os.MkdirTemp("", "pursuit-orm-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	d, err := OpenFile(filepath.Join(dir, "erp.db"))
	if err != nil {
		return err
	}
	return Tell(ctx, w, d, use)
}

// Tell runs the three cases in a new database, which it closes, and prints what is
// committed after each.
func Tell(ctx context.Context, w io.Writer, d Database, use Use) error {
	e, err := Open(ctx, d)
	if err != nil {
		return err
	}
	defer e.Close()
	bill, err := use(e)
	if err != nil {
		return err
	}
	small, err := e.Offer(ctx, "20 workstations", 179_990_00)
	if err != nil {
		return err
	}
	large, err := e.Offer(ctx, "a data centre", 9_000_000_00)
	if err != nil {
		return err
	}

	if err := bill(ctx, "INV-1", small); err != nil {
		return err
	}
	if err := e.show(ctx, w, "committed", small); err != nil {
		return err
	}
	if err := bill(ctx, "INV-2", large); !errors.Is(err, ErrCreditLimit) {
		return fmt.Errorf("the credit limit was not checked: %w", err)
	}
	if err := e.show(ctx, w, "the ERP's rule refused", large); err != nil {
		return err
	}
	if err := bill(ctx, "INV-3", small); !errors.Is(err, fault.ErrNotAllowed) {
		return fmt.Errorf("a deal was won twice: %w", err)
	}
	return e.show(ctx, w, "the library refused", small)
}

// show prints what another connection sees.
func (e *ERP) show(ctx context.Context, w io.Writer, what string, deal uuid.UUID) error {
	o, err := e.Session().Opportunities().Get(ctx, deal, 0)
	if err != nil {
		return err
	}
	entries, err := e.Session().Opportunities().Journal(ctx, deal)
	if err != nil {
		return err
	}
	var invoices int
	if err := e.DB.QueryRowContext(ctx, e.Query(`SELECT count(*) FROM erp_invoice WHERE opportunity_id = ?`), deal.String()).Scan(&invoices); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s: %s; invoices: %d; journal entries: %d\n", what, o.Status, invoices, len(entries))
	return err
}
