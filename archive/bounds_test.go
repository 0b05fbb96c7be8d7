package archive_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
)

// The words that stores and hosts keep.
func TestA01_Kinds(t *testing.T) {
	require.Equal(t, []archive.Kind{"source", "competitor", "win_reason", "loss_reason", "scorecard", "expense_kind", "document_kind"}, archive.Kinds())
	for _, k := range archive.Kinds() {
		require.True(t, k.Valid())
	}
	require.True(t, archive.Status("active").Valid())
	require.True(t, archive.Status("retired").Valid())
}

func TestA01_NamesOf1To200Characters(t *testing.T) {
	for name, want := range map[string]string{
		strings.Repeat("名", 200): "", " " + strings.Repeat("e\u0301", 200) + "\t": "", strings.Repeat("n", 201): "too_long", "": "required", "\u3000": "required", "a\nb": "control", "\xff": "bad_utf8",
	} {
		in := input(archive.Source)
		in.Names = map[string]string{"zh-CN": name}
		a, err := archive.New(id(1), "acme", in, at(0))
		if want != "" {
			require.Equal(t, []string{"/names/zh-CN " + want}, wrong(err), "%.20q", name)
			continue
		}
		require.NoError(t, err)
		require.Len(t, []rune(a.Entry.Names["zh-CN"]), 200)
	}
}

// No command, alone or after others, changes what a reason is for.
func TestA03_TheTypeNeverChanges(t *testing.T) {
	for _, from := range archive.Kinds() {
		for _, to := range archive.Kinds() {
			a := archive.Open(stored(t, input(from)))
			in := input(to)
			in.Names = map[string]string{"en": "New name"}
			for _, before := range []func() error{
				func() error { return nil }, func() error { return a.Retire(at(1)) }, func() error { return a.Activate(at(2)) },
			} {
				require.NoError(t, before())
				err := a.Update(in.Update(), at(3))
				require.Equal(t, from, a.Entry.Kind)
				if from == to {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, fault.ErrInvalid)
					require.Equal(t, []string{"/kind fixed"}, wrong(err))
					require.NotEqual(t, "New name", a.Entry.Name("en"))
				}
			}
		}
	}
}

// Only reasons ask for more: an explanation both, a competitor those of a loss.
func TestA05_WhichKindsMayDemand(t *testing.T) {
	for _, k := range archive.Kinds() {
		in := input(k)
		in.NeedsExplanation = true
		_, err := archive.New(id(1), "acme", in, at(0))
		require.Equal(t, k == archive.WinReason || k == archive.LossReason, err == nil, "%s", k)
		in = input(k)
		in.NeedsCompetitor = true
		_, err = archive.New(id(1), "acme", in, at(0))
		require.Equal(t, k == archive.LossReason, err == nil, "%s", k)
	}
	var f fault.Fields
	archive.Demands(archive.Entry{Kind: archive.WinReason, NeedsExplanation: true}, "\u3000\u00a0", false, "/reasons/0", &f)
	require.Equal(t, []string{"/reasons/0 needs_explanation"}, wrong(f.Invalid("x")), "blanks explain nothing")
}
