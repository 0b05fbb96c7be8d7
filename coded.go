package pursuit

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// coded is a place in an input where a code may identify an archive entry.
type coded struct {
	kind archive.Kind
	code string
	// at is the code's path, beside the id's.
	at, beside string
	id         *uuid.UUID
}

// codes are the places where an input has codes. Each attempt sets their ids, so
// the input they point into must be a copy of the one that a RequestID stores.
type codes struct {
	list []coded
	f    fault.Fields
}

func (x *codes) add(kind archive.Kind, code, at, beside string, id *uuid.UUID) {
	if code == "" {
		return
	}
	if !slices.ContainsFunc(x.list, func(p coded) bool { return p.at == at }) {
		text.Code(&x.f, at, code, 1)
		if *id != uuid.Nil {
			x.f.Add(at, "contradiction", "can't be given beside an id")
		}
	}
	x.list = append(x.list, coded{kind, code, at, beside, id})
}

// reasons adds the codes of chosen reasons, and returns a copy of the reasons to
// set ids in.
func (x *codes) reasons(kind archive.Kind, in []opportunity.Choice) []opportunity.Choice {
	if len(in) > opportunity.MaxReasons {
		return in // it will be refused
	}
	out := slices.Clone(in)
	for i := range out {
		path := fault.Index("/reasons", i)
		x.add(kind, out[i].Code, path+"/code", path+"/reason", &out[i].Reason)
		out[i].Code = ""
	}
	return out
}

// resolve sets the ids of codes. An unknown code gets an unused id, so the domain
// finds that it doesn't exist.
func (c *command) resolve(ctx context.Context, x *codes) error {
	if x == nil || len(x.list) == 0 {
		return nil
	}
	if err := x.f.Invalid("call.codes"); err != nil {
		return err
	}
	wanted := map[archive.Kind][]string{}
	for _, p := range x.list {
		*p.id = uuid.Max
		if !slices.Contains(wanted[p.kind], p.code) {
			wanted[p.kind] = append(wanted[p.kind], p.code)
		}
	}
	for kind, list := range wanted {
		found, err := c.tx.Archives().Coded(ctx, c.s.actor.Tenant, kind, list)
		if err != nil {
			return err
		}
		for _, p := range x.list {
			for i := range found {
				if p.kind == kind && found[i].Code == p.code {
					*p.id = found[i].ID
				}
			}
		}
	}
	return nil
}

// ids returns the ids found.
func (x *codes) ids() (out []uuid.UUID) {
	if x != nil {
		for _, p := range x.list {
			if *p.id != uuid.Max {
				out = append(out, *p.id)
			}
		}
	}
	return out
}

// placed replaces the paths of unknown codes in a refusal by the codes' own.
func (x *codes) placed(err error) error {
	var e *fault.Error
	if x == nil || len(x.list) == 0 || !errors.As(err, &e) || len(e.Fields) == 0 {
		return err
	}
	named := *e
	named.Fields = slices.Clone(e.Fields)
	for _, p := range x.list {
		for i := range named.Fields {
			if named.Fields[i].Path == p.beside {
				named.Fields[i].Path = p.at
			}
		}
	}
	return &named
}
