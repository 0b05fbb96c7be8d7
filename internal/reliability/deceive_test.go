package reliability

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

// shown are the texts that are read as text: a name in Arabic beside one in Latin needs
// marks of direction, an emoji a joiner. All others are names that people must be able
// to trust (R06): of users, products, units, files, addresses, codes, references.
var shown = regexp.MustCompile(`\.(Name|Title|Subject|Note|Description|Summary|Reason|Result|Override|Sector|Address|Strengths|Weaknesses|Analysis|Lessons|Explanation|Terms)\*?$` +
	`|(Names\*?|Message|Attributes\*?)\{\}$`)

// trustedName is a name that is trusted nevertheless: a file's.
var trustedName = regexp.MustCompile(`DocumentInput\.Name$`)

// TestR06_EveryTextIsTrustedOrShown puts a character that turns the direction of what
// follows, and one that can't be seen, into every text that a command keeps, found by
// reflection: what is trusted refuses them, what is shown takes them. Its twins are a
// library to which the character doesn't come, and one that refuses too much.
func TestR06_EveryTextIsTrustedOrShown(t *testing.T) {
	wrong, trusted, taken := deceived(t, "", func(text, _ string) string { return text })
	require.Empty(t, wrong)
	require.Greater(t, trusted, 100)
	require.Greater(t, taken, 150)

	wrong, trusted, _ = deceived(t, "Lines.Add", func(text, mark string) string { return strings.ReplaceAll(text, mark, "") })
	require.NotZero(t, trusted)
	require.Len(t, wrong, trusted, "all that lets it through")
	wrong, _, taken = deceived(t, "Lines.Add", func(text, _ string) string { return text + "\x00" })
	require.NotZero(t, taken)
	require.Len(t, wrong, taken, "all that refuses it")
}

// deceived returns what is taken and mustn't be, or the other way round, in the calls
// of a name, all if it is empty, and how many texts are trusted and shown. made changes
// what is put in.
func deceived(t *testing.T, only string, made func(text, mark string) string) (wrong []string, trusted, taken int) {
	t.Helper()
	for _, c := range Calls() {
		var places []place
		for _, p := range c.places() {
			if k := p.expected().kind; k == free && p.on() == nil && (only == "" || c.Name == only) {
				places = append(places, p)
			}
		}
		if len(places) == 0 {
			continue
		}
		store := memory.New()
		w, err := NewWorld(t.Context(), store, "acme", &pursuit.Options{Blobs: memory.NewBlobs()})
		require.NoError(t, err)
		id, err := c.On(t.Context(), w)
		require.NoError(t, err, c.Name)
		for _, p := range places {
			for _, mark := range []string{"\u202e", "\u2060"} {
				sample := []rune(p.expected().sample)
				text := made(string(sample[:1])+mark+string(sample[1:]), mark)
				var failed error
				require.NoError(t, rehearse(t.Context(), store, w, func(ctx context.Context, _ storage.Tx, x *World) error {
					args, err := p.call.Args(ctx, x, id)
					if err != nil {
						return err
					}
					p.plant(x, args, text)
					failed = p.call.Do(ctx, x, id, args)
					return nil
				}), p.String())
				if shown.MatchString(p.path) && !trustedName.MatchString(p.path) {
					taken++
					if failed != nil {
						wrong = append(wrong, fmt.Sprintf("%s refuses %q: %v", p, text, failed))
					}
				} else {
					trusted++
					if failed == nil || !typed(failed) {
						wrong = append(wrong, fmt.Sprintf("%s takes %q: %v", p, text, failed))
					}
				}
			}
		}
	}
	return wrong, trusted, taken
}
