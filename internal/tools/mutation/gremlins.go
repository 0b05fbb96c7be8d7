package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// mutant is one change as the report has it.
type mutant struct {
	File   string // relative to the root
	Kind   string
	Status string
	Line   int
	Column int
	Source string // the line's text, trimmed
}

// report is what of the program's report is read.
type report struct {
	Files []struct {
		Name      string `json:"file_name"`
		Mutations []struct {
			Type, Status string
			Line, Column int
		} `json:"mutations"`
	} `json:"files"`
}

// changes returns the changes that gremlins would make of one package.
func changes(dir, pkg, gremlins string) ([]mutant, error) {
	temp, err := os.MkdirTemp("", "mutation")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	out := filepath.Join(temp, "report.json")
	cmd := exec.Command(gremlins, "unleash", "./"+pkg, "--dry-run", "--exclude-files", "/", "--workers", "1", "--invert-logical", "--invert-loopctrl", "-o", out)
	cmd.Dir = dir
	said, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, said[max(0, len(said)-2000):])
	}
	b, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	var r report
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, err
	}
	return mutants(dir, pkg, r)
}

func mutants(dir, pkg string, r report) ([]mutant, error) {
	var list []mutant
	for _, f := range r.Files {
		name := filepath.Join(pkg, strings.TrimPrefix(f.Name, pkg+"/"))
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		lines := strings.Split(string(b), "\n")
		for _, m := range f.Mutations {
			if m.Line < 1 || m.Line > len(lines) {
				return nil, fmt.Errorf("%s has no line %d", name, m.Line)
			}
			list = append(list, mutant{name, m.Type, m.Status, m.Line, m.Column, strings.TrimSpace(lines[m.Line-1])})
		}
	}
	if len(list) == 0 {
		return nil, errors.New("nothing was changed")
	}
	slices.SortFunc(list, func(a, b mutant) int {
		return strings.Compare(fmt.Sprintf("%s %6d %6d %s", a.File, a.Line, a.Column, a.Kind), fmt.Sprintf("%s %6d %6d %s", b.File, b.Line, b.Column, b.Kind))
	})
	return list, nil
}
