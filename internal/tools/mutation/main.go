// Command mutation holds the tests of the packages whose figures and rights must not
// be wrong: it changes one operator of their code at a time (with gremlins), runs
// their own tests, and counts the changes that no test notices.
//
//	mutation -dir ROOT [-survivors FILE] [-gremlins PROGRAM] [-workers N] [-files REGEXP] [PACKAGE ...]
//
// Gremlins says which changes there are. They are built into one program, which is
// run once for each with those tests that come by it, the quickest first: building
// each alone and running all tests would take hours.
//
// A change that survives must be listed in the file of survivors with its reason;
// one that is listed and doesn't survive is named, so that the list stays true. The
// exit status is 1 if a package is below its share or if a survivor isn't listed. A
// change whose tests don't end isn't noticed either, and must be listed, too. With
// -files, only changes of the files whose names match are run, and the share isn't judged.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// shares are the packages with the least share of changes to be noticed, in
// percent, in the order in which they run: the quick ones first.
var shares = []struct {
	dir   string
	least float64
}{
	{"journal", 85}, {"access", 95}, {"stage", 95}, {"money", 95}, {"quote", 85}, {"order", 85}, {"opportunity", 85},
}

func main() {
	dir := flag.String("dir", ".", "the module's root")
	list := flag.String("survivors", "internal/tools/mutation/survivors.txt", "file of the survivors, relative to the root")
	gremlins := flag.String("gremlins", "gremlins", "the program that makes the changes")
	workers := flag.Int("workers", runtime.NumCPU(), "changes that are run at a time")
	files := flag.String("files", "", "a regular expression for the names of the files whose changes are run")
	flag.Parse()
	match, err := regexp.Compile(*files)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutation:", err)
		os.Exit(2)
	}
	ok, err := run(*dir, *list, *gremlins, *workers, match, flag.Args(), os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutation:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

func run(dir, list, gremlins string, workers int, files *regexp.Regexp, only []string, out io.Writer) (bool, error) {
	known, err := readSurvivors(filepath.Join(dir, list))
	if err != nil {
		return false, err
	}
	for key := range known {
		if !files.MatchString(key.file) {
			delete(known, key)
		}
	}
	if gremlins, err = exec.LookPath(gremlins); err != nil {
		return false, err
	}
	if gremlins, err = filepath.Abs(gremlins); err != nil {
		return false, err
	}
	ok, ran := true, 0
	for _, p := range shares {
		if len(only) > 0 && !contains(only, p.dir) {
			continue
		}
		ran++
		start := time.Now()
		found, err := mutate(dir, p.dir, gremlins, workers, files)
		if err != nil {
			return false, fmt.Errorf("%s: %w", p.dir, err)
		}
		r := judge(p.dir, found, known)
		fmt.Fprintf(out, "%-12s %4d changes, %4d noticed, %d survive, %d didn't end (%d of them listed): %.1f %% of %.0f %% [%s]\n",
			p.dir, r.total, r.noticed, r.survived, r.unended, r.listed, r.share(), p.least, time.Since(start).Round(time.Second))
		for _, line := range r.remarks {
			fmt.Fprintln(out, "  "+line)
		}
		if r.total == 0 || files.String() == "" && r.share() < p.least || len(r.remarks) > 0 {
			ok = false
		}
	}
	if ran == 0 {
		return false, fmt.Errorf("none of the packages is %s", strings.Join(only, " "))
	}
	return ok, nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if strings.Trim(x, "./") == s {
			return true
		}
	}
	return false
}
