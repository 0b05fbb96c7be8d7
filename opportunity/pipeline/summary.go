package pipeline

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// Amounts are the sums of one currency.
type Amounts struct {
	// Open is the pipeline (F1); Weighted its Σ amount × probability, rounded
	// once, half to even (F2).
	Open     money.Money `json:"open"`
	Weighted money.Money `json:"weighted"`
	OnHold   money.Money `json:"on_hold"`
	// Won includes closed opportunities.
	Won  money.Money `json:"won"`
	Lost money.Money `json:"lost"`
	// WinRate is won ÷ (won + lost) by amount, to ten decimals; nil if the
	// decided amounts are zero or there are none (F4).
	WinRate *decimal.Decimal `json:"win_rate"`
}

// Group holds the figures of one group.
type Group struct {
	Key string `json:"key"`
	// Names are the key's names by language, where the library knows them: for stages.
	Names stage.Names `json:"names,omitempty"`
	// Count excludes void opportunities, which are counted apart (O19).
	Count   int64                       `json:"count"`
	Open    int64                       `json:"open"`
	OnHold  int64                       `json:"on_hold"`
	Won     int64                       `json:"won"`
	Lost    int64                       `json:"lost"`
	Void    int64                       `json:"void"`
	Amounts map[money.Currency]*Amounts `json:"amounts"`
	// WinRate is won ÷ (won + lost) by count, to ten decimals; nil if none is
	// decided (F4). A reopened opportunity counts by its last cycle only.
	WinRate *decimal.Decimal `json:"win_rate"`
	// Won and Lost cycle lengths in calendar days (F7).
	WonDays  Cycle `json:"won_days"`
	LostDays Cycle `json:"lost_days"`
}

// Label returns the name of the group's key in a language, or in the nearest one that
// it has; without names the key itself.
func (g Group) Label(lang string) string {
	if name := g.Names.In(lang); name != "" {
		return name
	}
	return g.Key
}

// Cycle describes lengths of sales cycles; its figures are nil if there are none.
type Cycle struct {
	// Mean to ten decimals; Median and P90 by the nearest rank.
	Mean   *decimal.Decimal `json:"mean"`
	Median *int             `json:"median"`
	P90    *int             `json:"p90"`
}

// Summarise completes sums: groups by key, in order of key. merge, if not nil,
// maps keys to coarser ones (agents to their manager). Sums are exact whatever
// the order of addition; a weighted amount is rounded once per group and currency
// (F2). Errors: ErrLimit if an amount doesn't fit into 64 bits.
func Summarise(buckets []Bucket, days []Days, merge func(key string) string) ([]Group, error) {
	if merge == nil {
		merge = func(k string) string { return k }
	}
	b := builder{groups: map[string]*building{}}
	for _, x := range buckets {
		b.add(merge(x.Key), x)
	}
	for _, d := range days {
		b.days(merge(d.Key), d)
	}
	return b.finish()
}

type sums struct{ open, weighted, hold, won, lost money.Accumulator }

type building struct {
	g    Group
	sums map[money.Currency]*sums
	won  []Days
	lost []Days
}

type builder struct{ groups map[string]*building }

func (b *builder) group(key string) *building {
	g := b.groups[key]
	if g == nil {
		g = &building{g: Group{Key: key, Amounts: map[money.Currency]*Amounts{}}, sums: map[money.Currency]*sums{}}
		b.groups[key] = g
	}
	return g
}

func (b *builder) add(key string, x Bucket) {
	g := b.group(key)
	s := g.sums[x.Currency]
	if s == nil {
		s = &sums{}
		g.sums[x.Currency] = s
	}
	if x.Status != opportunity.Void {
		g.g.Count += x.Count
	}
	switch x.Status {
	case opportunity.Open:
		g.g.Open += x.Count
		s.open.Add(x.Amount, 1)
		s.weighted.Add(x.Amount, int64(x.Probability))
	case opportunity.OnHold:
		g.g.OnHold += x.Count
		s.hold.Add(x.Amount, 1)
	case opportunity.Won, opportunity.Closed:
		g.g.Won += x.Count
		s.won.Add(x.Amount, 1)
	case opportunity.Lost:
		g.g.Lost += x.Count
		s.lost.Add(x.Amount, 1)
	case opportunity.Void:
		g.g.Void += x.Count
	}
}

func (b *builder) days(key string, d Days) {
	g := b.group(key)
	switch {
	case d.Status.IsWon():
		g.won = append(g.won, d)
	case d.Status == opportunity.Lost:
		g.lost = append(g.lost, d)
	}
}

func (b *builder) finish() ([]Group, error) {
	out := make([]Group, 0, len(b.groups))
	for _, g := range b.groups {
		for c, s := range g.sums {
			a := &Amounts{}
			for _, x := range []struct {
				to   *money.Money
				from *money.Accumulator
				by   int64
			}{{&a.Open, &s.open, 1}, {&a.Weighted, &s.weighted, 10000}, {&a.OnHold, &s.hold, 1}, {&a.Won, &s.won, 1}, {&a.Lost, &s.lost, 1}} {
				m, err := x.from.Total(c, x.by, money.HalfEven)
				if err != nil {
					return nil, err
				}
				*x.to = m
			}
			a.WinRate = share(a.Won, a.Lost)
			g.g.Amounts[c] = a
		}
		g.g.WinRate = ratio(g.g.Won, g.g.Won+g.g.Lost)
		g.g.WonDays, g.g.LostDays = cycle(g.won), cycle(g.lost)
		out = append(out, g.g)
	}
	slices.SortFunc(out, func(a, b Group) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

// digits is the precision of a ratio.
const digits = 10

func ratio(a, b int64) *decimal.Decimal {
	if b == 0 {
		return nil
	}
	d := decimal.NewFromInt(a).DivRound(decimal.NewFromInt(b), digits)
	return &d
}

// share returns a ÷ (a + b), whose sum may not fit into 64 bits.
func share(a, b money.Money) *decimal.Decimal {
	total := decimal.NewFromInt(a.Minor()).Add(decimal.NewFromInt(b.Minor()))
	if total.IsZero() {
		return nil
	}
	d := decimal.NewFromInt(a.Minor()).DivRound(total, digits)
	return &d
}

func cycle(list []Days) Cycle {
	slices.SortFunc(list, func(a, b Days) int { return a.Days - b.Days })
	var n, total int64
	for _, d := range list {
		n += d.Count
		total += int64(d.Days) * d.Count
	}
	if n == 0 {
		return Cycle{}
	}
	return Cycle{Mean: ratio(total, n), Median: rank(list, n, 50), P90: rank(list, n, 90)}
}

// rank returns the nearest-rank percentile: the value at ⌈p/100 × n⌉.
func rank(list []Days, n, p int64) *int {
	at := (n*p + 99) / 100
	var seen int64
	for _, d := range list {
		if seen += d.Count; seen >= at {
			v := d.Days
			return &v
		}
	}
	return nil
}
