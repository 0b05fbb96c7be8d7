package money

import "github.com/pursuit-crm/pursuit/internal/label"

// TaxTreatment is how prices relate to tax: exclusive or inclusive.
type TaxTreatment string

// The tax treatments.
const (
	TaxExclusive TaxTreatment = "exclusive"
	TaxInclusive TaxTreatment = "inclusive"
)

// Valid reports whether t is a known tax treatment.
func (t TaxTreatment) Valid() bool { return t == TaxExclusive || t == TaxInclusive }

var taxTreatmentLabels = label.Table[TaxTreatment]{
	TaxExclusive: {"tax exclusive", "不含税"},
	TaxInclusive: {"tax inclusive", "含税"},
}

// Label returns the treatment's name in a language: Chinese for "zh" and its
// regions, else English.
func (t TaxTreatment) Label(lang string) string { return taxTreatmentLabels.Of(t, lang, string(t)) }
