package archive

import "github.com/pursuit-crm/pursuit/internal/optional"

// UpdateInput changes an entry's names and properties; nil fields stay as they are. A
// pointer to the zero value clears what may be empty.
type UpdateInput struct {
	// Kind and Code are fixed (A03; other systems know an entry by its code):
	// leave them empty or repeat them.
	Kind Kind   `json:"kind,omitempty"`
	Code string `json:"code,omitempty"`
	// Names replaces the names in all languages.
	Names            *map[string]string `json:"names,omitempty"`
	NeedsExplanation *bool              `json:"needs_explanation,omitempty"`
	NeedsCompetitor  *bool              `json:"needs_competitor,omitempty"`
	Description      *string            `json:"description,omitempty"`
	// Attributes replaces all of them.
	Attributes *map[string]string `json:"attributes,omitempty"`
}

// Update returns the update that replaces everything with the input. It clears
// fields that are empty in the input, except Kind and Code.
func (in CreateInput) Update() UpdateInput {
	return UpdateInput{
		Kind: in.Kind, Code: in.Code, Names: &in.Names, NeedsExplanation: &in.NeedsExplanation,
		NeedsCompetitor: &in.NeedsCompetitor, Description: &in.Description, Attributes: &in.Attributes,
	}
}

// on returns the entry's data after the update.
func (u *UpdateInput) on(e *Entry) CreateInput {
	in := CreateInput{
		Kind: e.Kind, Code: e.Code, Names: e.Names, NeedsExplanation: e.NeedsExplanation,
		NeedsCompetitor: e.NeedsCompetitor, Description: e.Description, Attributes: e.Attributes,
	}
	optional.Set(&in.Names, u.Names)
	optional.Set(&in.NeedsExplanation, u.NeedsExplanation)
	optional.Set(&in.NeedsCompetitor, u.NeedsCompetitor)
	optional.Set(&in.Description, u.Description)
	optional.Set(&in.Attributes, u.Attributes)
	return in
}
