package label_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/internal/label"
)

func TestAWordInALanguage(t *testing.T) {
	words := label.Table[int]{1: {"open", "进行中"}}
	for lang, want := range map[string]string{
		"": "open", "en": "open", "en-GB": "open", "fr": "open", "zhx": "open",
		"zh": "进行中", "ZH": "进行中", "zh-CN": "进行中", "zh-Hant-TW": "进行中", "zho": "进行中",
	} {
		require.Equal(t, want, words.Of(1, lang, "?"), lang)
	}
	require.Equal(t, "?", words.Of(2, "zh", "?"))
}
