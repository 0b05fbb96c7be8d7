package archive_test

import (
	"encoding/json"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

func scorecard(t *testing.T) *archive.Aggregate {
	t.Helper()
	return archive.Open(stored(t, input(archive.Scorecard)))
}

func TestE01_ScorecardsArePublishedInVersions(t *testing.T) {
	a := scorecard(t)
	require.NoError(t, a.Publish(archive.BANT().Scorecard, 0, at(1)))
	c, err := a.Change(ids(100))
	require.NoError(t, err)
	require.Equal(t, 1, c.Scorecard.Number)
	require.Equal(t, c.Entry.ID, c.Scorecard.Scorecard)
	require.Equal(t, archive.BANT().Scorecard.Criteria, c.Scorecard.Criteria)
	require.Equal(t, archive.EventScorecardPublished, c.Entries[0].Type)
	var p archive.ScorecardPublishedPayload
	require.NoError(t, json.Unmarshal(c.Entries[0].Payload, &p))
	require.Equal(t, *c.Scorecard, p.Version)
	again := archive.Open(archive.Record{Entry: c.Entry, Head: c.Head})
	require.NoError(t, again.Publish(archive.MEDDIC().Scorecard, 1, at(2)))
	c2, err := again.Change(ids(200))
	require.NoError(t, err)
	require.Equal(t, 2, c2.Scorecard.Number)
	t.Run("J05/replays", func(t *testing.T) {
		a, err := archive.New(id(1), "acme", input(archive.Scorecard), at(0))
		require.NoError(t, err)
		require.NoError(t, a.Publish(archive.BANT().Scorecard, 0, at(0)))
		c, err := a.Change(ids(100))
		require.NoError(t, err)
		got, err := archive.Replay(append([]journal.Entry{}, c.Entries...))
		require.NoError(t, err)
		require.Equal(t, c.Entry, got)
	})
	t.Run("A02/not of a retired one", func(t *testing.T) {
		a := scorecard(t)
		require.NoError(t, a.Retire(at(1)))
		require.ErrorIs(t, a.Publish(archive.BANT().Scorecard, 0, at(2)), fault.ErrNotAllowed)
	})
	t.Run("A01/not of another kind", func(t *testing.T) {
		a := archive.Open(stored(t, input(archive.Source)))
		require.Equal(t, "scorecard.kind", fault.CodeOf(a.Publish(archive.BANT().Scorecard, 0, at(2))))
	})
	require.ErrorIs(t, scorecard(t).Publish(archive.BANT().Scorecard, archive.MaxScorecardVersions, at(1)), fault.ErrLimit)
}

func TestE01_BadScorecardsAreRefused(t *testing.T) {
	one := func(edit func(in *archive.PublishScorecardInput)) []string {
		in := archive.BANT().Scorecard
		edit(&in)
		err := scorecard(t).Publish(in, 0, at(1))
		require.ErrorIs(t, err, fault.ErrInvalid)
		return wrong(err)
	}
	for want, edit := range map[string]func(in *archive.PublishScorecardInput){
		"/criteria required":              func(in *archive.PublishScorecardInput) { in.Criteria = nil },
		"/criteria too_many":              func(in *archive.PublishScorecardInput) { in.Criteria = make([]archive.Criterion, 51) },
		"/scale out_of_range":             func(in *archive.PublishScorecardInput) { in.Scale = 0 },
		"/criteria/1/weight out_of_range": func(in *archive.PublishScorecardInput) { in.Criteria[1].Weight = 0 },
		"/criteria/3/weight out_of_range": func(in *archive.PublishScorecardInput) { in.Criteria[3].Weight = archive.MaxWeight + 1 },
		"/criteria/1/code duplicate":      func(in *archive.PublishScorecardInput) { in.Criteria[1].Code = in.Criteria[0].Code },
		"/criteria/1/code bad_code":       func(in *archive.PublishScorecardInput) { in.Criteria[1].Code = "预算" },
		"/criteria/2/names required":      func(in *archive.PublishScorecardInput) { in.Criteria[2].Names = nil },
	} {
		require.Equal(t, []string{want}, one(edit))
	}
	require.Equal(t, []string{"/scale out_of_range"}, one(func(in *archive.PublishScorecardInput) { in.Scale = archive.MaxScale + 1 }))
}

func version(in archive.PublishScorecardInput) archive.ScorecardVersion {
	return archive.ScorecardVersion{Scorecard: id(1), Number: 1, Scale: in.Scale, Criteria: in.Criteria}
}

func TestE01_ScoresAreExact(t *testing.T) {
	card := func(scale int, weights ...int) archive.ScorecardVersion {
		v := archive.ScorecardVersion{Scale: scale}
		for i, w := range weights {
			v.Criteria = append(v.Criteria, archive.Criterion{Code: string(rune('a' + i)), Weight: w})
		}
		return v
	}
	for _, x := range []struct {
		card   archive.ScorecardVersion
		values map[string]int
		want   int
	}{
		{card(5, 1, 1), map[string]int{"a": 5, "b": 5}, 10000},
		{card(5, 1, 1), map[string]int{"a": 0, "b": 0}, 0},
		{card(5, 2, 1), map[string]int{"a": 4, "b": 2}, 6667},           // 10 ÷ 15
		{card(3, 1), map[string]int{"a": 1}, 3333},                      // a third
		{card(1000, 8), map[string]int{"a": 1}, 10},                     // 0.1 %
		{card(800, 1, 99), map[string]int{"a": 1, "b": 0}, 0},           // 0.00125 %
		{card(80, 1, 99), map[string]int{"a": 1, "b": 0}, 1},            // 0.0125 %
		{card(200, 1, 99), map[string]int{"a": 1, "b": 0}, 1},           // 0.005 %, half-up
		{card(1000, 10000, 1), map[string]int{"a": 1000, "b": 0}, 9999}, // 99.990001 %
	} {
		got, err := x.card.Score(x.values)
		require.NoError(t, err)
		require.Equal(t, x.want, got)
	}
	t.Run("E01/as rational numbers give it", func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		for range 2000 {
			var v archive.ScorecardVersion
			v.Scale = 1 + r.IntN(archive.MaxScale)
			values := map[string]int{}
			num, den := new(big.Rat), new(big.Rat)
			for i := range 1 + r.IntN(archive.MaxCriteria) {
				c := archive.Criterion{Code: string(rune('a' + i)), Weight: 1 + r.IntN(archive.MaxWeight), Optional: i > 0 && r.IntN(3) == 0}
				v.Criteria = append(v.Criteria, c)
				if c.Optional && r.IntN(2) == 0 {
					continue // its weight doesn't count
				}
				values[c.Code] = r.IntN(v.Scale + 1)
				num.Add(num, big.NewRat(int64(c.Weight*values[c.Code]), 1))
				den.Add(den, big.NewRat(int64(c.Weight), 1))
			}
			got, err := v.Score(values)
			require.NoError(t, err)
			exact := new(big.Rat).Quo(num, den)
			exact.Mul(exact.Quo(exact, big.NewRat(int64(v.Scale), 1)), big.NewRat(10000, 1)).Add(exact, big.NewRat(1, 2))
			require.Equal(t, new(big.Int).Quo(exact.Num(), exact.Denom()).Int64(), int64(got))
		}
	})
}

func TestE02_ScoresNeedTheirValues(t *testing.T) {
	v := version(archive.BANT().Scorecard)
	whole := func() map[string]int { return map[string]int{"budget": 1, "authority": 2, "need": 3, "time": 4} }
	for want, edit := range map[string]func(m map[string]int){
		"/values required":     func(m map[string]int) { delete(m, "need") },
		"/values out_of_range": func(m map[string]int) { m["need"] = 6 },
		"/values unknown":      func(m map[string]int) { m["luck"] = 1 },
	} {
		m := whole()
		edit(m)
		_, err := v.Score(m)
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Equal(t, []string{want}, wrong(err))
	}
	v.Criteria[0].Weight = 0
	_, err := v.Score(whole())
	require.ErrorIs(t, err, fault.ErrCorrupt)
	for i := range v.Criteria {
		v.Criteria[i].Weight, v.Criteria[i].Optional = 1, true
	}
	_, err = v.Score(nil)
	require.Equal(t, []string{"/values none"}, wrong(err))
}

func TestE01_ReadyMadeScorecardsAreRight(t *testing.T) {
	for _, r := range []archive.Ready{archive.BANT(), archive.MEDDIC(), archive.Evaluation()} {
		a, err := archive.New(id(1), "acme", r.Entry, at(0))
		require.NoError(t, err)
		require.NoError(t, a.Publish(r.Scorecard, 0, at(0)))
		for _, c := range r.Scorecard.Criteria {
			require.NotEmpty(t, c.Names["en"])
			require.NotEmpty(t, c.Names["zh-CN"])
		}
	}
	require.Len(t, archive.Evaluation().Scorecard.Criteria, 6)
}
