package opportunity

import (
	"encoding/json"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/optional"
	"github.com/pursuit-crm/pursuit/internal/wire"
	"github.com/pursuit-crm/pursuit/money"
)

// UpdateLineInput changes a line (L01); nil fields stay as they are. A pointer to the
// zero value clears what may be empty.
type UpdateLineInput struct {
	Product     *string          `json:"product,omitempty" host:"product"`
	Description *string          `json:"description,omitempty"`
	Quantity    *decimal.Decimal `json:"quantity,omitempty"`
	Unit        *string          `json:"unit,omitempty" host:"unit"`
	Price       *decimal.Decimal `json:"price,omitempty"`
	Discount    *decimal.Decimal `json:"discount,omitempty"`
	// Tax is a rate, which may be zero; ClearTax removes the rate.
	Tax      *decimal.Decimal `json:"tax,omitempty"`
	ClearTax bool             `json:"clear_tax,omitempty"`
}

// UnmarshalJSON decodes the update; null counts as absent. It refuses an overlong
// decimal before parsing it. Errors: ErrInvalid ("decimal.invalid").
func (in *UpdateLineInput) UnmarshalJSON(b []byte) error {
	type plain UpdateLineInput
	return json.Unmarshal(b, &struct {
		*plain
		Quantity wire.Decimal `json:"quantity"`
		Price    wire.Decimal `json:"price"`
		Discount wire.Decimal `json:"discount"`
		Tax      wire.Decimal `json:"tax"`
	}{
		(*plain)(in), wire.IntoOptional("/quantity", &in.Quantity), wire.IntoOptional("/price", &in.Price),
		wire.IntoOptional("/discount", &in.Discount), wire.IntoOptional("/tax", &in.Tax),
	})
}

// Update returns the update that replaces everything with the input. It clears
// fields that are empty in the input.
func (in LineInput) Update() UpdateLineInput {
	return UpdateLineInput{
		Product: &in.Product, Description: &in.Description, Quantity: &in.Quantity, Unit: &in.Unit,
		Price: &in.Price, Discount: &in.Discount, Tax: in.Tax, ClearTax: in.Tax == nil,
	}
}

// on returns the line after the update.
func (in *UpdateLineInput) on(f *fault.Fields, l *Line) LineInput {
	to := LineInput{
		Product: l.Product, Description: l.Description, Quantity: l.Quantity, Unit: l.Unit,
		Price: l.Price, Discount: l.Discount, Tax: l.Tax,
	}
	optional.Set(&to.Product, in.Product)
	optional.Set(&to.Description, in.Description)
	optional.Set(&to.Quantity, in.Quantity)
	optional.Set(&to.Unit, in.Unit)
	optional.Set(&to.Price, in.Price)
	optional.Set(&to.Discount, in.Discount)
	to.Tax = cleared(f, "tax", to.Tax, in.Tax, in.ClearTax)
	return to
}

// UpdateCompetitorInput changes a competitor's details on the opportunity (R05);
// nil fields stay as they are. A pointer to an empty text clears it.
type UpdateCompetitorInput struct {
	// Competitor must be on the opportunity.
	Competitor uuid.UUID `json:"competitor"`
	Strengths  *string   `json:"strengths,omitempty"`
	Weaknesses *string   `json:"weaknesses,omitempty"`
	// Price is its offer, which may be zero; ClearPrice marks it as unknown.
	Price      *money.Money `json:"price,omitempty"`
	ClearPrice bool         `json:"clear_price,omitempty"`
}

// Update returns the update that replaces everything with the input. It clears
// fields that are empty in the input.
func (in CompetitorInput) Update() UpdateCompetitorInput {
	return UpdateCompetitorInput{
		Competitor: in.Competitor, Strengths: &in.Strengths, Weaknesses: &in.Weaknesses,
		Price: in.Price, ClearPrice: in.Price == nil,
	}
}

// on returns the competitor's details after the update.
func (in *UpdateCompetitorInput) on(f *fault.Fields, d *DealCompetitor) CompetitorInput {
	to := CompetitorInput{Competitor: in.Competitor, Strengths: d.Strengths, Weaknesses: d.Weaknesses}
	optional.Set(&to.Strengths, in.Strengths)
	optional.Set(&to.Weaknesses, in.Weaknesses)
	to.Price = cleared(f, "price", d.Price, in.Price, in.ClearPrice)
	return to
}

// cleared returns an optional value after an update. Setting and clearing it at
// once is a fault.
func cleared[T any](f *fault.Fields, name string, old, given *T, clear bool) *T {
	switch {
	case given != nil && clear:
		f.Add("/clear_"+name, "contradiction", "can't set and clear at once")
		return given
	case given != nil:
		return given
	case clear:
		return nil
	}
	return old
}
