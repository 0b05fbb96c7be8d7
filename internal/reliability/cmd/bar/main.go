// Command bar runs the reliability bar, and prints a table that
// docs/reliability.md quotes:
//
//	go run ./internal/reliability/cmd/bar [-short | -size 0.1] [-only B5,B8] [-site sqlite]
//
// Rows of different stores run at the same time; those that measure the whole
// process come last. It ends with status 1 if a row fails.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/pursuit-crm/pursuit/internal/reliability"
)

func main() {
	reliability.Child()
	share := flag.Float64("size", 1, "share of the full sizes")
	short := flag.Bool("short", false, "the size of make reliability-short")
	only := flag.String("only", "", "ids of checks, with commas")
	site := flag.String("site", "", "one store")
	limit := flag.Duration("limit", 3*time.Hour, "how long it may take")
	flag.Parse()
	if *short {
		*share = reliability.Short
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	ctx, cancel := context.WithTimeout(ctx, *limit)
	ok, err := run(ctx, *share, *only, *site)
	cancel()
	stop()
	if e := reliability.Stop(); err == nil {
		err = e
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

func run(ctx context.Context, share float64, only, site string) (ok bool, err error) {
	size, err := reliability.SizeFromEnv(share)
	if err != nil {
		return false, err
	}
	dir, err := os.MkdirTemp("", "pursuit-bar-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	fmt.Printf("share %.3g, seed %d\n\n", size.Share, size.Seed)
	wanted := func(c *reliability.Check, s *reliability.Site) bool {
		return (only == "" || slices.Contains(strings.Split(only, ","), c.ID)) && (site == "" || s.Name == site)
	}
	rows := reliability.DoAll(ctx, size, dir, wanted, func(row reliability.Row) {
		fmt.Fprintf(os.Stderr, "%s %s: %.1f s\n", row.ID, row.Site, row.Seconds)
	})
	fmt.Println("| id | store | size | found | figure | twin: found | seconds |")
	fmt.Println("|---|---|---|---|---|---|---|")
	ok = true
	for _, row := range rows {
		verdict := ""
		if row.Err != nil {
			ok, verdict = false, " FAILS"
			fmt.Fprintf(os.Stderr, "%s %s: %v\n", row.ID, row.Site, row.Err)
		}
		fmt.Printf("| %s%s | %s | %d of %d %s | %d | %s | %s | %.1f |\n", row.ID, verdict, row.Site, row.Size, row.Full, row.Unit, row.Found, row.Figure, row.Twin, row.Seconds)
	}
	return ok, nil
}
