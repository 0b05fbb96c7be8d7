package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/fault"
)

// The files and the columns that they need, in any order. More are ignored.
const (
	accountsFile = "accounts.csv"
	productsFile = "products.csv"
	teamsFile    = "sales_teams.csv"
	pipelineFile = "sales_pipeline.csv"
)

var (
	accountColumns  = []string{"account", "sector", "year_established", "revenue", "employees", "office_location", "subsidiary_of"}
	productColumns  = []string{"product", "series", "sales_price"}
	teamColumns     = []string{"sales_agent", "manager", "regional_office"}
	pipelineColumns = []string{"opportunity_id", "sales_agent", "product", "account", "deal_stage", "engage_date", "close_date", "close_value"}
)

// source opens one of the files.
type source func(name string) (io.ReadCloser, error)

func folder(dir string) source {
	return func(name string) (io.ReadCloser, error) { return os.Open(filepath.Join(dir, name)) }
}

// read reads all four files before anything is written. Rows that can't be used
// end in rejected. Errors: ErrNotFound for a missing file; ErrInvalid for a
// header that lacks columns; what opening and reading failed with.
func read(open source) (*data, error) {
	d := &data{known: map[string]bool{}, products: map[string]decimal.Decimal{}, agents: map[string]agent{}}
	for _, f := range []struct {
		name    string
		columns []string
		row     func(r record) error
	}{
		{accountsFile, accountColumns, d.readAccount},
		{productsFile, productColumns, d.readProduct},
		{teamsFile, teamColumns, d.readAgent},
		{pipelineFile, pipelineColumns, d.pipeline()},
	} {
		if err := d.file(open, f.name, f.columns, f.row); err != nil {
			return nil, err
		}
		if f.name == accountsFile {
			d.sortAccounts()
		}
	}
	return d, nil
}

// record is a line of a file, by column.
type record struct {
	line   int
	values []string
	index  map[string]int
}

func (r record) get(column string) string { return r.values[r.index[column]] }

// maxLine bounds a line, in bytes.
const maxLine = 64 << 10

// file reads a file line by line. A record is a line: no column may hold a line
// break, so a lost quotation mark costs its own line and not the rest of the file.
func (d *data) file(open source, name string, columns []string, use func(record) error) error {
	f, err := open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.Wrap(fault.ErrNotFound, "replay.file.missing", name+" is missing", err)
	}
	if err != nil {
		return fault.Wrap(fault.ErrInternal, "replay.file.open", name+" can't be opened", err)
	}
	defer f.Close()
	var index map[string]int
	n, width := 0, 0
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		text := lines.Text()
		if n++; n == 1 {
			text = strings.TrimPrefix(text, "\ufeff")
		}
		if text == "" {
			continue
		}
		values, err := split(text)
		if index == nil {
			if index, err = header(name, values, columns, err); err != nil {
				return err
			}
			width = len(values)
			continue
		}
		if name == pipelineFile {
			d.read++
		}
		if err == nil && len(values) != width {
			err = fault.Invalid("replay.row.malformed", fault.Field{Path: "/", Code: "columns", Message: fmt.Sprintf("has %d columns, not %d", len(values), width)})
		}
		if err == nil {
			err = use(record{n, values, index})
		}
		if err != nil {
			d.reject(name, n, err)
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return fault.New(fault.ErrLimit, "replay.line.too_long", fmt.Sprintf("%s, line %d: has more than %d bytes", name, n+1, maxLine))
	case err != nil:
		return fault.Wrap(fault.ErrInternal, "replay.file.read", fmt.Sprintf("%s, line %d: can't be read", name, n+1), err)
	}
	if index == nil {
		_, err = header(name, nil, columns, nil)
	}
	return err
}

func (d *data) reject(file string, line int, err error) {
	d.rejected = append(d.rejected, rejection{file, line, fault.CodeOf(err), fault.FieldsOf(err)})
}

// split takes one line of CSV apart. Errors: ErrInvalid.
func split(line string) ([]string, error) {
	values, err := csv.NewReader(strings.NewReader(line)).Read()
	if err != nil {
		return nil, &fault.Error{Kind: fault.ErrInvalid, Code: "replay.row.malformed", Cause: err,
			Fields: []fault.Field{{Path: "/", Code: "csv", Message: "isn't one line of CSV"}}}
	}
	return values, nil
}

// header finds the columns. Errors: ErrInvalid naming all that are missing or
// there twice.
func header(file string, values, columns []string, err error) (map[string]int, error) {
	if err != nil {
		return nil, fmt.Errorf("%s, line 1: %w", file, err)
	}
	var f fault.Fields
	index := map[string]int{}
	for i, v := range values {
		if _, ok := index[v]; ok {
			f.Add("/"+v, "duplicate", "is there twice")
		}
		index[v] = i
	}
	for _, c := range columns {
		if _, ok := index[c]; !ok {
			f.Add("/"+c, "missing", "is missing")
		}
	}
	if err := f.Invalid("replay.header.invalid"); err != nil {
		return nil, fmt.Errorf("%s, line 1: %w", file, err)
	}
	return index, nil
}
