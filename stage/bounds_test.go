package stage_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/stage"
)

// A name is taken from its own tag before any like it is looked for.
func TestP03_TheNameOfTheTagItselfIsTaken(t *testing.T) {
	n := stage.Names{"en-AU": "Arvo", "en-GB": "Afternoon", "en": "PM"}
	for lang, want := range map[string]string{"en-GB": "Afternoon", "en-AU": "Arvo", "en": "PM", "en-GB-oxendict": "Afternoon", "en-US": "PM"} {
		require.Equal(t, want, n.In(lang), lang)
	}
}

func TestP03_NamesAtTheirBounds(t *testing.T) {
	n := stage.Names{}
	for i := range stage.MaxLanguages {
		n[fmt.Sprintf("en-x-a%d", i)] = "x"
	}
	require.NoError(t, n.Validate())
	n["fr"] = "x"
	require.Equal(t, []string{" too_many"}, wrong(n.Validate()))
	require.Equal(t, []string{" bad_language"}, wrong(stage.Names{"und": "x"}.Validate()), "the unknown language is none")
}

// A number of more than nine digits isn't read, though it be small.
func TestP03_ANumberHasNineDigitsAtMost(t *testing.T) {
	p := three()
	p.WinGates = []stage.Gate{{Kind: stage.GateLines, Params: params{"n": "000000500"}}}
	require.NoError(t, p.Validate())
	p.WinGates = []stage.Gate{{Kind: stage.GateLines, Params: params{"n": "0000000500"}}}
	require.Equal(t, []string{"/win_gates/0/params bad_params"}, wrong(p.Validate()))
}

func TestDrawingsLeaveLettersAndDigitsAlone(t *testing.T) {
	p := three()
	p.Stages[0].Names = named("azAZ09")
	p.Stages[1].Names = named("@[`{/:")
	text := p.Mermaid("en")
	require.Contains(t, text, "azAZ09")
	require.Contains(t, text, "#64;#91;#96;#123;/#58;")
}
