package pursuit

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage"
)

// NamesInput is the input of Options.Names: the keys in a result.
type NamesInput struct {
	Actor Actor
	Keys  Keys
}

// KeyNames are the display names of the host's keys, by key. Keys without a name
// are absent.
type KeyNames struct {
	Users       map[string]string `json:"users,omitempty"`
	Departments map[string]string `json:"departments,omitempty"`
	Products    map[string]string `json:"products,omitempty"`
	Units       map[string]string `json:"units,omitempty"`
}

// ArchiveName is the name of an archive entry, in its languages.
type ArchiveName struct {
	ID    uuid.UUID         `json:"id"`
	Kind  archive.Kind      `json:"kind"`
	Code  string            `json:"code"`
	Names map[string]string `json:"names"`
}

// ViewNames are the names of everything in a FullView.
type ViewNames struct {
	// Names are the names of the customers and the contacts.
	opportunity.Names
	// Process and Stages are the names of the pinned version and of its stages, by the
	// stages' ids.
	Process stage.Names            `json:"process,omitempty"`
	Stages  map[string]stage.Names `json:"stages,omitempty"`
	// Archive are the archive entries that the parts refer to, by kind and code.
	Archive []ArchiveName `json:"archive,omitempty"`
	// KeyNames are the names from Options.Names.
	KeyNames
}

// archived adds the names of the archive entries: one statement if there are any.
func (n *ViewNames) archived(ctx context.Context, tx storage.Tx, tenant string, ids []uuid.UUID) error {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	ids = slices.Compact(ids)
	if len(ids) == 0 {
		return nil
	}
	entries, err := tx.Archives().Named(ctx, tenant, ids)
	if err != nil {
		return err
	}
	for i := range entries {
		e := entries[i].Clone()
		n.Archive = append(n.Archive, ArchiveName{e.ID, e.Kind, e.Code, e.Names})
	}
	slices.SortFunc(n.Archive, func(a, b ArchiveName) int {
		if c := strings.Compare(string(a.Kind), string(b.Kind)); c != 0 {
			return c
		}
		return strings.Compare(a.Code, b.Code)
	})
	return nil
}

// staged adds the names of a process's version.
func (n *ViewNames) staged(v *stage.Version) {
	p := v.Process()
	n.Process, n.Stages = p.Names, make(map[string]stage.Names, len(p.Stages))
	for _, x := range p.Stages {
		n.Stages[x.ID] = x.Names
	}
}

// keyNames gets the names of a result's keys from the host.
func (s *Session) keyNames(ctx context.Context, answer ...any) (out KeyNames, err error) {
	ask := s.eng.opts.Names
	if ask == nil {
		return KeyNames{}, nil
	}
	var keys Keys
	for _, x := range answer {
		for _, p := range keyed(nil, "", "", reflect.ValueOf(x)) {
			list := keys.of(p.sort)
			*list = append(*list, p.key)
		}
	}
	if !keys.tidy() {
		return KeyNames{}, nil
	}
	defer func() {
		if recover() != nil {
			out, err = KeyNames{}, panicked("Names")
		}
	}()
	if out, err = ask(s.calling(ctx), NamesInput{s.Actor(), keys}); err != nil {
		return KeyNames{}, hosted(ctx, err, "host.names", "the host failed to name keys")
	}
	return out, nil
}
