package stage_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/stage"
)

type definitionOf = stage.Definition[uint8, uint8]
type move = stage.Transition[uint8, uint8]

// definition: 1 –1→ 2 –2→ 3 (final), 3 –1→ 1.
func definition() definitionOf {
	return definitionOf{Name: "t", States: []uint8{1, 2, 3}, Events: []uint8{1, 2}, Initial: 1, Final: []uint8{3},
		Transitions: []move{{3, 1, 1}, {1, 1, 2}, {2, 2, 3}}}
}

func TestTableRefusesFaultyDefinitions(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(d *definitionOf)
		want []string
	}{
		"nothing":           {func(d *definitionOf) { *d = definitionOf{} }, []string{"/states required", "/events required", "/initial unknown_state", "/final required"}},
		"a state twice":     {func(d *definitionOf) { d.States = append(d.States, 1) }, []string{"/states/3 duplicate"}},
		"an event twice":    {func(d *definitionOf) { d.Events = append(d.Events, 1) }, []string{"/events/2 duplicate"}},
		"a name twice":      {func(d *definitionOf) { d.StateName = func(s uint8) string { return "same" } }, []string{"/states/1 duplicate_name", "/states/2 duplicate_name"}},
		"no names":          {func(d *definitionOf) { d.EventName = func(uint8) string { return "" } }, []string{"/events/0 no_name", "/events/1 duplicate_name", "/events/1 no_name"}},
		"unknown initial":   {func(d *definitionOf) { d.Initial = 9 }, []string{"/initial unknown_state"}},
		"unknown final":     {func(d *definitionOf) { d.Final = []uint8{3, 9} }, []string{"/final/1 unknown_state"}},
		"final twice":       {func(d *definitionOf) { d.Final = []uint8{3, 3} }, []string{"/final/1 duplicate"}},
		"unknown in a move": {func(d *definitionOf) { d.Transitions[0] = move{9, 9, 9} }, []string{"/transitions/0/from unknown_state", "/transitions/0/to unknown_state", "/transitions/0/event unknown_event"}},
		"a pair twice":      {func(d *definitionOf) { d.Transitions = append(d.Transitions, move{1, 1, 3}) }, []string{"/transitions/3 duplicate"}},
		"unreachable": {func(d *definitionOf) {
			d.States = append(d.States, 4)
			d.Transitions = append(d.Transitions, move{4, 1, 1})
		}, []string{"/states/3 unreachable"}},
		"dead end": {func(d *definitionOf) {
			d.States = append(d.States, 4)
			d.Transitions = append(d.Transitions, move{1, 2, 4})
		}, []string{"/states/3 dead_end"}},
		"unused event": {func(d *definitionOf) { d.Events = append(d.Events, 7) }, []string{"/events/2 unused"}},
		"several at once": {func(d *definitionOf) {
			d.States = append(d.States, 4, 5)
			d.Events = append(d.Events, 7)
			d.Transitions = append(d.Transitions, move{1, 2, 4})
		}, []string{"/states/3 dead_end", "/states/4 unreachable", "/states/4 dead_end", "/events/2 unused"}},
	} {
		d := definition()
		c.edit(&d)
		table, err := stage.NewTable(d)
		require.ErrorIs(t, err, fault.ErrInvalid, name)
		require.Nil(t, table)
		require.Equal(t, c.want, wrong(err), name)
	}
	_, err := stage.NewTable(stage.Definition[uint32, uint32]{Name: "big", States: []uint32{1, math.MaxUint32}, Events: []uint32{256}, Initial: 1, Final: []uint32{math.MaxUint32},
		Transitions: []stage.Transition[uint32, uint32]{{From: 1, Event: 256, To: math.MaxUint32}}})
	require.Equal(t, []string{"/states/1 too_large", "/events/0 too_large"}, wrong(err), "a table of 2^64 cells is refused before it is made")
}

func TestTableAnswers(t *testing.T) {
	d := definition()
	table, err := stage.NewTable(d)
	require.NoError(t, err)
	d.States[0], d.Transitions[0].To = 99, 99
	for s := range uint8(255) {
		for e := range uint8(255) {
			to, ok := table.Next(s, e)
			i := slices.IndexFunc([]move{{3, 1, 1}, {1, 1, 2}, {2, 2, 3}}, func(m move) bool { return m.From == s && m.Event == e })
			require.Equal(t, i >= 0, ok, "%d %d", s, e)
			if ok {
				require.Equal(t, []uint8{1, 2, 3}[i], to)
			} else {
				require.Zero(t, to)
			}
		}
	}
	require.Equal(t, []uint8{1}, table.Permitted(1))
	require.Empty(t, table.Permitted(99))
	require.Equal(t, []uint8{1, 2, 3}, table.States())
	require.Equal(t, []uint8{1, 2}, table.Events())
	require.Equal(t, []move{{1, 1, 2}, {2, 2, 3}, {3, 1, 1}}, table.Transitions())
	require.EqualValues(t, 1, table.Initial())
	require.True(t, table.IsFinal(3))
	require.False(t, table.IsFinal(1))
	require.Equal(t, "t", table.Name())
	require.Equal(t, "2", table.StateName(2))
	require.Equal(t, "200", table.StateName(200))
	require.Equal(t, "200", table.EventName(200))
	table.States()[0] = 77
	table.Transitions()[0].To = 77
	require.Equal(t, []uint8{1, 2, 3}, table.States(), "what it gives is a copy")
	for e := range table.PermittedSeq(1) {
		require.EqualValues(t, 1, e)
		break
	}
	golden(t, "table.mermaid", table.Mermaid())
	golden(t, "table.dot", table.DOT())
}

func TestNilTablePermitsNothing(t *testing.T) {
	var table *stage.Table[uint8, uint8]
	_, ok := table.Next(0, 0)
	require.False(t, ok)
	require.Empty(t, table.Permitted(0))
	require.Empty(t, table.States())
	require.Empty(t, table.Events())
	require.Empty(t, table.Transitions())
	require.Empty(t, table.Name())
	require.Zero(t, table.Initial())
	require.False(t, table.IsFinal(0))
	require.Equal(t, "0", table.StateName(0))
	require.Equal(t, "0", table.EventName(0))
	require.Equal(t, "stateDiagram-v2\n", table.Mermaid())
	require.Contains(t, table.DOT(), "digraph")
}
