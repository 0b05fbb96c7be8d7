package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/storage"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(program(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// program runs with arguments and returns the exit code: 2 for wrong arguments,
// 1 for anything else that went wrong.
func program(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parseFlags(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	if err := run(ctx, o, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "replay:", err)
		return 1
	}
	return 0
}

// options are what the flags say.
type options struct {
	data, store, db, dsn string
	json                 bool
	asOf                 calendar.Date
	groupBy              string
	seed                 uint64
	rows                 int
}

// parseFlags reads the arguments, and tells stderr what is wrong with them.
func parseFlags(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("replay", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.data, "data", "", "the `folder` of the four CSV files; without it a set is made")
	f.StringVar(&o.db, "db", "", "SQLite's `file`; without it a temporary one")
	f.StringVar(&o.dsn, "dsn", "", "a server's database instead, as a `URL`: postgres://… or mysql://… (MariaDB too)")
	f.StringVar(&o.store, "store", "sqlite", "where to keep everything: sqlite or memory")
	f.BoolVar(&o.json, "json", false, "print the figures as JSON")
	f.Func("as-of", "also the pipeline in Engaging at the end of this `day`, UTC: 2017-06-30", func(s string) (err error) {
		o.asOf, err = calendar.Parse(s)
		return err
	})
	f.StringVar(&o.groupBy, "group-by", "", "also the figures by `column`: "+strings.Join(groupings, ", "))
	f.Uint64Var(&o.seed, "seed", 1, "what the made set comes from")
	f.IntVar(&o.rows, "rows", 2000, "how many rows the made set has")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	var wrong string
	switch {
	case f.NArg() > 0:
		wrong = fmt.Sprintf("unexpected argument %q", f.Arg(0))
	case o.store != "sqlite" && o.store != "memory":
		wrong = fmt.Sprintf("-store can't be %q", o.store)
	case o.store == "memory" && o.db != "":
		wrong = "-db goes with -store sqlite only"
	case o.dsn != "" && (o.db != "" || o.store != "sqlite"):
		wrong = "-dsn goes without -db and -store"
	case o.dsn != "" && !isDSN(o.dsn):
		wrong = "-dsn must begin with postgres:// or mysql://"
	case o.groupBy != "" && !slices.Contains(groupings, o.groupBy):
		wrong = fmt.Sprintf("-group-by can't be %q", o.groupBy)
	case o.rows < 0 || o.rows > maxRows:
		wrong = fmt.Sprintf("-rows must be 0 to %d", maxRows)
	default:
		return o, nil
	}
	fmt.Fprintln(stderr, wrong)
	f.Usage()
	return o, errors.New(wrong)
}

// run reads everything, then imports it, then asks for the figures.
func run(ctx context.Context, o options, stdout, stderr io.Writer) error {
	open := folder(o.data)
	if o.data == "" {
		open = generate(o.seed, o.rows).open
	}
	d, err := read(open)
	if err != nil {
		return err
	}
	store, closeStore, err := openStore(ctx, o.store, o.db, o.dsn)
	if err != nil {
		return err
	}
	out, err := replay(ctx, store, d, o, bar(stderr))
	if err = errors.Join(err, closeStore()); err != nil {
		return err
	}
	say := stdout
	if o.json {
		say = stderr
	}
	if out.Imported+out.Updated == 0 && out.Repeated > 0 {
		fmt.Fprintln(say, "Everything is there already; nothing was changed.")
	}
	if o.json {
		return out.json(stdout)
	}
	return out.table(stdout, o.groupBy)
}

// replay imports data into a store and asks for the figures.
func replay(ctx context.Context, store storage.Store, d *data, o options, progress func(done, of int)) (*figures, error) {
	eng, err := pursuit.New(store, nil)
	if err != nil {
		return nil, err
	}
	s := eng.As(importer())
	start := time.Now()
	l, err := load(ctx, s, d, progress)
	if err != nil {
		return nil, err
	}
	out := &figures{Rows: d.read, Imported: l.count[fresh], Updated: l.count[moved], Repeated: l.count[there],
		Seconds: time.Since(start).Seconds(), Mended: map[string]int{}, mendings: l.mended, Rejected: l.rejected}
	for _, m := range l.mended {
		out.Mended[m.Field]++
	}
	if err := out.ask(ctx, s); err != nil {
		return nil, err
	}
	if !o.asOf.IsZero() {
		if out.AsOf, err = asOfDay(ctx, s, o.asOf); err != nil {
			return nil, err
		}
	}
	if o.groupBy != "" {
		out.Groups, err = groupBy(ctx, s, o.groupBy, d, l.base)
	}
	return out, err
}
