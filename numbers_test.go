package pursuit_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/quote"
)

// TestO01_ThingsAreFoundByTheirNumbers: deals, quotes and orders, by who may see them.
func TestO01_ThingsAreFoundByTheirNumbers(t *testing.T) {
	w := newTenant(t)
	w.Sales()
	offer := w.quote(deal(w), quote.CreateInput{})
	won, made := w.ordered()
	find := map[string]func(s *pursuit.Session, number string) (uuid.UUID, error){
		"opportunity": func(s *pursuit.Session, n string) (uuid.UUID, error) {
			x, err := s.Opportunities().ByNumber(w.ctx, n, opportunity.AllParts)
			return x.ID, err
		},
		"quote": func(s *pursuit.Session, n string) (uuid.UUID, error) {
			x, err := s.Quotes().ByNumber(w.ctx, n)
			return x.ID, err
		},
		"order": func(s *pursuit.Session, n string) (uuid.UUID, error) {
			x, err := s.Orders().ByNumber(w.ctx, n)
			return x.ID, err
		},
	}
	stranger := w.AsActor("will", "west", access.Sales)
	for kind, x := range map[string]struct {
		number string
		id     uuid.UUID
	}{"opportunity": {"OPP-2026-000002", won}, "quote": {"QUO-2026-000001", offer}, "order": {"ORD-2026-000001", made}} {
		got, err := find[kind](w.s, x.number)
		require.NoError(t, err, kind)
		require.Equal(t, x.id, got, kind)
		got, err = find[kind](stranger, x.number)
		require.Equal(t, kind+".not_found", fault.CodeOf(err))
		require.Equal(t, uuid.Nil, got)
		_, err = find[kind](w.s, "NONE-1")
		require.Equal(t, kind+".not_found", fault.CodeOf(err))
		_, err = find[kind](w.s, "a\nb")
		require.Equal(t, kind+".number.invalid", fault.CodeOf(err))
		require.Equal(t, []string{"/number"}, pathsOf(err))
	}
}
