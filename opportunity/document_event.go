package opportunity

import (
	"maps"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/journal"
)

// DocumentAddedPayload is a new document.
type DocumentAddedPayload struct {
	Document Document `json:"document"`
}

// DocumentRemovedPayload is a document removed from the opportunity. Kind is the
// code of its kind.
type DocumentRemovedPayload struct {
	ID      uuid.UUID `json:"id"`
	Kind    string    `json:"kind,omitempty"`
	Removed *Document `json:"removed,omitempty"`
}

// countDocuments adjusts the count of a kind; kinds without documents are absent.
func (s *Snapshot) countDocuments(kind string, by int) {
	s.Counts.Documents += by
	if kind == "" {
		return
	}
	kinds := maps.Clone(s.Counts.DocumentKinds)
	if kinds == nil {
		kinds = map[string]int{}
	}
	if kinds[kind] += by; kinds[kind] == 0 {
		delete(kinds, kind)
	}
	if len(kinds) == 0 {
		kinds = nil
	}
	s.Counts.DocumentKinds = kinds
}

func (e *DocumentAddedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.countDocuments(e.Document.KindCode, 1)
	if s.has(PartDocuments) {
		s.Documents = put(s.Documents, e.Document, compareDocuments)
	}
}

func (e *DocumentRemovedPayload) apply(s *Snapshot, _ journal.Moment) {
	s.countDocuments(e.Kind, -1)
	s.Documents = drop(s.Documents, func(d Document) bool { return d.ID == e.ID })
}
