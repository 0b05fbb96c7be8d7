package text_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
)

func TestR06_CharactersThatDeceive(t *testing.T) {
	for _, r := range []rune{
		0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x200E, 0x200F, 0x061C, // directions
		0x200B, 0x2060, 0xFEFF, 0x00AD, 0x180E, 0x034F, 0x2061, 0x2064, 0xFFF9, // no width
		0xE0001, 0xE0041, 0xE007F, 0x115F, 0x3164, 0xFFA0, 0x2800, 0xFE0F, 0xE0100, 0x17B4, // tags, fillers, selectors
		0x2028, 0x2029, 0xE000, 0xF8FF, 0x10FFFD, 0x0378, 0xFFFE, 0x1D173, // separators, private, unassigned
		0x200C, 0x200D,
		0x1680, 0x2000, 0x2002, 0x2003, 0x2009, 0x200A, 0x205F, // blanks that nobody types
	} {
		for _, joiners := range []bool{false, true} {
			require.True(t, text.Deceptive("a"+string(r)+"b", joiners), "%U", r)
			require.True(t, text.Deceptive(string(r), joiners), "%U", r)
		}
		var f fault.Fields
		text.Key(&f, "/user", "a"+string(r)+"b", 1, text.MaxKey)
		require.Len(t, f.List(), 1, "%U", r)
		name := "a" + string(r) + "b"
		text.Name(&f, "/name", &name, 1, text.MaxName)
		require.Len(t, f.List(), 2, "%U", r)
		var asked fault.Fields
		require.True(t, text.AnyKey(&asked, "/user", "a"+string(r)+"b", 1, text.MaxKey), "%U", r)
	}
	for _, s := range []string{"", "plain.pdf", "报价单（终稿）.docx", "عرض سعر.pdf", "Ünïcödé", "e\u0301", "कोटेशन", "见积\u3000书", "\u06dd1", "👍.png"} {
		require.False(t, text.Deceptive(s, false), "%q", s)
		require.False(t, text.Deceptive(s, true), "%q", s)
	}
	for _, s := range []string{"9.41\u202fAM.png", "devis\u00a0n°\u00a07.pdf"} {
		require.True(t, text.Deceptive(s, false), "a key: %q", s)
		require.False(t, text.Deceptive(s, true), "the name of a file: %q", s)
	}
	persian := "پیش\u200cفاکتور.pdf"
	require.True(t, text.Deceptive(persian, false))
	require.False(t, text.Deceptive(persian, true), "between letters that it parts")
	require.True(t, text.Deceptive("فاکتور\u200c.pdf", true), "at the end of a word it isn't seen")
}
