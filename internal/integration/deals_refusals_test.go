package integration

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

// faults tells a refusal's fields in one line each.
func faults(err error) []string {
	var out []string
	for _, f := range fault.FieldsOf(err) {
		out = append(out, f.Path+" "+f.Code)
	}
	return out
}

func TestO17_ACurrencyNeverDropsAnEstimate(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		o := w.s.Opportunities()
		record := func(estimate int64) uuid.UUID {
			r, err := o.Record(w.ctx, opportunity.RecordInput{Name: "Bare", Customer: w.customer, Currency: money.CNY, Estimated: money.FromMinor(estimate, money.CNY)})
			require.NoError(t, err)
			return r.ID
		}
		some, none := record(500), record(0)
		before := w.get(some)
		_, err := o.Update(w.ctx, some, opportunity.UpdateInput{Currency: money.EUR})
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.Equal(t, []string{"/estimated required"}, faults(err))
		require.Equal(t, before, w.get(some))
		given := money.FromMinor(70, money.EUR)
		_, err = o.Update(w.ctx, some, opportunity.UpdateInput{Currency: money.EUR, Estimated: &given})
		require.NoError(t, err)
		require.Equal(t, given, w.get(some).Estimated)
		_, err = o.Update(w.ctx, none, opportunity.UpdateInput{Currency: money.EUR})
		require.NoError(t, err)
		require.Equal(t, money.Zero(money.EUR), w.get(none).Estimated)
		w.same(some)
		w.same(none)
	})
}

func TestN02_AGatesWordsInItsLanguages(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		p := w.published(stage.Process{
			Code: "worded", Names: stage.Names{"en": "Worded"},
			Stages: []stage.Stage{
				{ID: "a", Names: stage.Names{"en": "A"}, Category: stage.Pipeline, Exit: []stage.Gate{
					{ID: "quote", Kind: stage.GateQuote, Message: stage.Names{"zh": "需客户接受报价", "en": "needs the customer's yes"}},
				}},
				{ID: "b", Names: stage.Names{"en": "B"}, Category: stage.Pipeline},
			},
		})
		r, err := w.s.Opportunities().Record(w.ctx, opportunity.RecordInput{Name: "Worded", Customer: w.customer, Currency: money.CNY, Process: p})
		require.NoError(t, err)
		_, err = w.s.Opportunities().Advance(w.ctx, r.ID, opportunity.AdvanceInput{To: "b", Summary: "go"})
		require.Equal(t, []fault.Field{{
			Path: "gate/quote", Code: "unmet", Message: "needs the customer's yes",
			Texts: map[string]string{"zh": "需客户接受报价", "en": "needs the customer's yes"},
		}}, fault.FieldsOf(err))
	})
}

func TestR06_NamesThatDeceive(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		id := w.record().ID
		bad := "a\u202efdp"
		_, err := w.s.Documents().Add(w.ctx, id, opportunity.AddDocumentInput{Name: bad + ".exe", Location: "x"}, nil)
		require.Equal(t, []string{"/name deceptive"}, faults(err))
		_, err = w.s.Team().Set(w.ctx, id, opportunity.MemberInput{User: bad, Role: opportunity.RoleSales, Access: opportunity.Read})
		require.Equal(t, []string{"/user deceptive"}, faults(err))
		_, err = w.s.Lines().Add(w.ctx, id, []opportunity.LineInput{{Product: bad, Quantity: dec("1"), Price: dec("1")}})
		require.Len(t, faults(err), 1)
		require.Contains(t, faults(err)[0], "/product deceptive")
		_, err = w.s.Documents().Add(w.ctx, id, opportunity.AddDocumentInput{Name: "پیش\u200cفاکتور.pdf", Location: "x"}, nil)
		require.NoError(t, err)
		name := "شركة \u200fACME"
		_, err = w.s.Opportunities().Update(w.ctx, id, opportunity.UpdateInput{Name: &name})
		require.NoError(t, err, "text may be written in both directions")
		w.same(id)
	})
}

// TestC01_A01_P01_ATakenCodeNamesItsField: on every store, and with the path into
// what was given.
func TestC01_A01_P01_ATakenCodeNamesItsField(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		entry := archive.CreateInput{Kind: archive.Source, Code: "expo", Names: map[string]string{"en": "Fair"}}
		_, err := w.s.Archives().Create(w.ctx, entry)
		require.NoError(t, err)
		_, err = w.s.Archives().Create(w.ctx, entry)
		require.ErrorIs(t, err, fault.ErrDuplicate)
		require.Equal(t, []string{"/code taken"}, faults(err))
		taken := customer.CreateInput{Name: "Acme", Code: "C9"}
		_, err = w.s.Customers().Create(w.ctx, taken)
		require.NoError(t, err)
		_, err = w.s.Customers().Create(w.ctx, taken)
		require.Equal(t, []string{"/code taken"}, faults(err))
		_, err = w.s.Opportunities().RecordForNewCustomer(w.ctx, pursuit.RecordForNewCustomerInput{Customer: taken, Opportunity: opportunity.RecordInput{Name: "Fine", Currency: money.CNY}})
		require.ErrorIs(t, err, fault.ErrDuplicate)
		require.Equal(t, []string{"/customer/code taken"}, faults(err))
		require.Equal(t, "OPP-2026-000001", w.record().Number, "the refusal used no number (O01)")
	})
}

// TestO12_AMomentBackwardsSaysWhenTheLastChangeWas in both languages, and a moment
// of exactly then is taken.
func TestO12_AMomentBackwardsSaysWhenTheLastChangeWas(t *testing.T) {
	onEach(t, func(t *testing.T) {
		w := newTenant(t)
		r := w.record()
		last := w.get(r.ID).Updated
		_, err := w.s.Opportunities().Hold(w.ctx, r.ID, opportunity.HoldInput{Reason: "x"}, pursuit.At(last.Add(-time.Second)))
		require.Equal(t, []string{"/at backwards"}, faults(err))
		said := last.UTC().Format(time.RFC3339Nano)
		for _, lang := range []string{"en", "zh-CN"} {
			require.Contains(t, fault.FieldsOf(err)[0].In(lang), said)
		}
	})
}
