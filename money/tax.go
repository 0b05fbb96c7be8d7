package money

import "github.com/pursuit-crm/pursuit/internal/label"

// TaxTreatment says whether prices hold the tax.
type TaxTreatment string

// The tax treatments.
const (
	TaxExclusive TaxTreatment = "exclusive"
	TaxInclusive TaxTreatment = "inclusive"
)

// Valid reports whether t is one of the tax treatments.
func (t TaxTreatment) Valid() bool { return t == TaxExclusive || t == TaxInclusive }

var taxTreatmentLabels = label.Table[TaxTreatment]{
	TaxExclusive: {"tax exclusive", "不含税"},
	TaxInclusive: {"tax inclusive", "含税"},
}

// Label returns the treatment's name in a language: Chinese for "zh" and its
// regions, else English.
func (t TaxTreatment) Label(lang string) string { return taxTreatmentLabels.Of(t, lang, string(t)) }
