// Command lifecycle compares the library with hand-written SQL, GORM and bun on
// SQLite, PostgreSQL and MariaDB, and prints a table, or JSON.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"syscall"
	"time"

	"github.com/pursuit-crm/pursuit/internal/bench/lifecycle"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	asJSON := flag.Bool("json", false, "print only a JSON array, an object a case")
	markdown := flag.Bool("markdown", false, "print the tables that docs/performance.md quotes")
	cases := flag.String("cases", ".", "which cases, as a regular expression")
	list := flag.Bool("list", false, "list the cases")
	profile := flag.String("profile", "", "don't compare: write profiles of one contender, a CPU and a memory profile a case, into this folder")
	who := flag.String("who", lifecycle.Ours, "whose profiles: ours, hand, gorm, gorm_tuned, bun or hand_pgx")
	opts := lifecycle.Options{Progress: os.Stderr}
	flag.IntVar(&opts.Rounds, "rounds", 7, "how many rounds")
	flag.DurationVar(&opts.Slice, "slice", time.Second, "about how long hand-written SQL takes in a round")
	flag.StringVar(&opts.Dir, "dir", "", "where SQLite's files are; a temporary folder if empty")
	flag.Parse()
	want, err := regexp.Compile(*cases)
	if err != nil {
		return err
	}
	bench, err := lifecycle.New(opts)
	if err != nil {
		return err
	}
	defer bench.Close()
	var results []*lifecycle.Result
	for _, c := range lifecycle.Cases {
		if !want.MatchString(c.Name) {
			continue
		}
		switch {
		case *list:
			fmt.Println(c.Name)
		case *profile != "":
			if err := bench.Profile(ctx, c, *who, *profile); err != nil {
				return err
			}
		default:
			r, err := bench.Run(ctx, c)
			if err != nil {
				return err
			}
			results = append(results, r)
		}
	}
	switch {
	case *list || *profile != "":
		return nil
	case *asJSON:
		enc := json.NewEncoder(os.Stdout)
		enc.SetIndent("", " ")
		return enc.Encode(lifecycle.Objects(results))
	}
	fmt.Printf("%s, %s, %d CPUs, %s\n", time.Now().UTC().Format(time.DateOnly), runtime.Version(), runtime.NumCPU(), bench.Versions(ctx))
	if *markdown {
		fmt.Println()
		lifecycle.Markdown(os.Stdout, results)
		return nil
	}
	lifecycle.Table(os.Stdout, results)
	return nil
}
