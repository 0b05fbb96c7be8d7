package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/pursuit-crm/pursuit/calendar"
)

// maxRows bounds a made set.
const maxRows = 1_000_000

// made is a set of files that a seed gives, and what is wrong with it on purpose.
type made struct {
	files map[string]*bytes.Buffer
	// mended counts rows by what is to be mended in them.
	mended map[string]int
	// rejected says which lines are unusable, and why: "/close_date before_engage".
	rejected map[int]string
	// By stage, of the usable rows.
	stages map[string]int
}

func (m *made) open(name string) (io.ReadCloser, error) {
	if f, ok := m.files[name]; ok {
		return io.NopCloser(bytes.NewReader(f.Bytes())), nil
	}
	return nil, fs.ErrNotExist
}

// draw makes numbers from a seed. It uses nothing of rand but PCG's raw output,
// which is fixed, so that a seed gives the same set with every version of Go.
type draw struct{ *rand.PCG }

func (d draw) below(n int) int         { return int(d.Uint64() % uint64(n)) }
func (d draw) chance(percent int) bool { return d.below(100) < percent }
func pick[T any](d draw, from []T) T   { return from[d.below(len(from))] }
func (d draw) day(from string, n int) calendar.Date {
	first, _ := calendar.Parse(from)
	return first.AddDays(d.below(n))
}

// What names are made of. Some are misspelt, as they are in real files.
var (
	sectors    = []string{"technolgy", "medical", "retail", "software", "finance", "services"}
	places     = []string{"United States", "Germany", "Japan", "Philipines", "Norway", "China"}
	beginnings = []string{"Alder", "Birch", "Cedar", "Hazel", "Juniper", "Larch", "Maple", "Rowan", "Spruce", "Willow"}
	endings    = []string{"works", "soft", " & Sons", "-med", "corp", " Group"}
	firsts     = []string{"Ada", "Bea", "Cai", "Dov", "Eli", "Fay", "Gus", "Hui", "Ivo", "Jun"}
	lasts      = []string{"Archer", "Baker", "Carter", "Dyer", "Fisher"}
	regions    = []string{"Central", "East", "West"}
)

var listed = []struct {
	name, series string
	price        int
}{
	{"GTX Basic", "GTX", 600}, {"GTX Pro", "GTX", 4800}, {"GTX Plus", "GTX", 5500}, {"MG Light", "MG", 60}, {"MG Heavy", "MG", 3400}, {"RX 1", "RX", 26000},
}

// generate makes a set of n rows: the same columns as the real one, and the same
// kinds of dirt, with a few unusable rows besides.
func generate(seed uint64, n int) *made {
	d := draw{rand.NewPCG(seed, 0)}
	m := &made{files: map[string]*bytes.Buffer{}, mended: map[string]int{}, rejected: map[int]string{}, stages: map[string]int{}}
	accounts := m.accounts(d)
	agents := m.teams(d)
	products := m.file(productsFile, productColumns)
	for _, p := range listed {
		fmt.Fprintf(products, "%s,%s,%d\n", p.name, p.series, p.price)
	}
	rows := m.file(pipelineFile, pipelineColumns)
	ids := map[string]bool{}
	var last string
	for line := 2; line < n+2; line++ {
		v := m.deal(d, accounts, agents, ids)
		if d.chance(1) && last != "" {
			m.spoil(d, line, v, last)
		} else {
			last = v[0]
			m.stages[v[4]]++
			if v[2] == "GTXPro" {
				m.mended["product"]++
			}
			if v[3] == "" {
				m.mended["account"]++
			}
		}
		fmt.Fprintln(rows, strings.Join(v, ","))
	}
	return m
}

func (m *made) file(name string, columns []string) *bytes.Buffer {
	b := bytes.NewBufferString(strings.Join(columns, ",") + "\n")
	m.files[name] = b
	return b
}

// accounts are sorted by name, so that some subsidiaries come before their parent.
func (m *made) accounts(d draw) []string {
	var names []string
	for _, a := range beginnings {
		for _, b := range endings {
			names = append(names, a+b)
		}
	}
	slices.Sort(names)
	f := m.file(accountsFile, accountColumns)
	for i, name := range names {
		parent := ""
		if i%7 == 3 {
			parent = names[(i+10)/7*7%len(names)] // never a subsidiary itself
		}
		fmt.Fprintf(f, "%s,%s,%d,%d.%02d,%d,%s,%s\n", name, pick(d, sectors), 1979+d.below(39), 4+d.below(9000), d.below(100), 9+d.below(30000), pick(d, places), parent)
	}
	return names
}

// teams has more agents than the pipeline uses.
func (m *made) teams(d draw) []string {
	var names []string
	f := m.file(teamsFile, teamColumns)
	for i, first := range firsts {
		for j, l := range lasts {
			name := first + " " + l
			names = append(names, name)
			region := (i*len(lasts) + j) % len(regions)
			fmt.Fprintf(f, "%s,%s %s,%s\n", name, firsts[region], "Manager", regions[region])
		}
	}
	return names[:len(names)-5]
}

// deal makes a usable row.
func (m *made) deal(d draw, accounts, agents []string, ids map[string]bool) []string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
	id := ""
	for id == "" || ids[id] {
		b := make([]byte, 8)
		for i := range b {
			b[i] = letters[d.below(len(letters))]
		}
		id = string(b)
	}
	ids[id] = true
	p := pick(d, listed)
	v := []string{id, pick(d, agents), p.name, pick(d, accounts), "", "", "", ""}
	if p.name == "GTX Pro" {
		v[2] = "GTXPro"
	}
	engaged := d.day("2016-10-20", 420)
	closed := engaged.AddDays(d.below(138))
	switch at := d.below(100); {
	case at < 48:
		v[4], v[5], v[6], v[7] = won, engaged.String(), closed.String(), fmt.Sprint(p.price*(60+d.below(60))/100)
	case at < 76:
		v[4], v[5], v[6], v[7] = lost, engaged.String(), closed.String(), "0"
	case at < 94:
		v[4], v[5] = engaging, engaged.String()
	default:
		v[4] = prospecting
	}
	if v[6] == "" && d.chance(68) {
		v[3] = ""
	}
	return v
}

// spoil makes a row unusable in one of several ways, and notes how.
func (m *made) spoil(d draw, line int, v []string, other string) {
	switch d.below(6) {
	case 0:
		v[0], m.rejected[line] = other, "/opportunity_id duplicate"
	case 1:
		v[1], m.rejected[line] = "Nobody", "/sales_agent unknown"
	case 2:
		v[2], m.rejected[line] = "GTX", "/product unknown"
	case 3:
		v[4], v[5], v[6], v[7] = won, "2017-03-02", "2017-03-01", "1"
		m.rejected[line] = "/close_date before_engage"
	case 4:
		v[4], v[5], v[6], v[7] = lost, "2017-02-30", "2017-03-01", "-1"
		m.rejected[line] = "/engage_date bad_date /close_value negative"
	case 5:
		v[3], m.rejected[line] = `"`+v[3], "/ csv"
	}
}
