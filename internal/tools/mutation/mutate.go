package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
)

// mutate runs the tests of a package against each of its changes. All that can be
// are built into one program, and chosen by its environment; the others, such as
// those of constants, are built alone.
func mutate(dir, pkg, gremlins string, workers int, files *regexp.Regexp) ([]mutant, error) {
	list, err := changes(dir, pkg, gremlins)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(m mutant) bool { return !files.MatchString(m.File) })
	temp, err := os.MkdirTemp("", "mutation")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	all, err := instrument(dir, pkg, list)
	if err != nil {
		return nil, err
	}
	b := binary{filepath.Join(temp, "all.test"), filepath.Join(dir, pkg)}
	said, err := build(dir, pkg, temp, b.path, all.texts)
	if err != nil {
		return nil, err
	}
	if said != "" {
		return nil, fmt.Errorf("the changes don't compile together: %s", said)
	}
	tests, err := b.tests(temp)
	if err != nil {
		return nil, err
	}
	errs := make([]error, len(list))
	var wait sync.WaitGroup
	next := make(chan int)
	for range workers {
		wait.Go(func() {
			for i := range next {
				switch {
				case all.never[i+1]:
					list[i].Status = "NOT VIABLE"
				case all.built[i+1]:
					list[i].Status, errs[i] = b.status(i+1, tests, "PURSUIT_MUTANT="+strconv.Itoa(i+1))
				default:
					list[i].Status, errs[i] = alone(dir, pkg, list[i], tests)
				}
			}
		})
	}
	for i := range list {
		if i == 0 || list[i].File != list[i-1].File {
			fmt.Fprintf(os.Stderr, "%s: %d of %d changes\n", list[i].File, i, len(list))
		}
		next <- i
	}
	close(next)
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// alone builds one change, and runs all tests against it.
func alone(dir, pkg string, m mutant, tests []test) (string, error) {
	temp, err := os.MkdirTemp("", "mutation")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temp)
	src, err := os.ReadFile(filepath.Join(dir, m.File))
	if err != nil {
		return "", err
	}
	if src, err = changed(src, m); err != nil {
		return "", err
	}
	b := binary{filepath.Join(temp, "one.test"), filepath.Join(dir, pkg)}
	said, err := build(dir, pkg, temp, b.path, map[string][]byte{m.File: src})
	if err != nil {
		return "", err
	}
	if said != "" {
		return "NOT VIABLE", nil
	}
	return b.status(0, tests)
}
