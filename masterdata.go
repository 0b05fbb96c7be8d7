package pursuit

import (
	"context"
	"reflect"
	"slices"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// Keys are keys of the host's master data, distinct and in order.
type Keys struct {
	Users, Departments, Products, Units []string
}

// KeysInput is the input of Options.Validate: the keys in a command's input.
type KeysInput struct {
	Actor Actor
	Keys  Keys
	// Tx is the command's transaction; sqlstore.ConnOf returns its connection.
	Tx storage.Tx
}

// keyPlace is a place in an input with a key of the host's.
type keyPlace struct{ sort, path, key string }

// keyed finds the places in an input with keys of the host's: fields with the tag
// host, whose value names the kind of key.
func keyed(out []keyPlace, path, sort string, v reflect.Value) []keyPlace {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return keyed(out, path, sort, v.Elem())
		}
	case reflect.String:
		if sort != "" && v.Len() > 0 {
			out = append(out, keyPlace{sort, path, v.String()})
		}
	case reflect.Slice:
		for i := range v.Len() {
			out = keyed(out, fault.Index(path, i), sort, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				out = keyed(out, path+inputPath(f), f.Tag.Get("host"), v.Field(i))
			}
		}
	}
	return out
}

// validate asks the host about new keys in an input. A text that can't be a key
// is left to the domain, which refuses it.
func (c *command) validate(ctx context.Context) (err error) {
	ask := c.s.eng.opts.Validate
	if ask == nil {
		return nil
	}
	path := ""
	if _, lines := c.input.([]opportunity.LineInput); lines {
		path = "/lines" // the name of the method's parameter
	}
	places := slices.DeleteFunc(keyed(nil, path, "", reflect.ValueOf(c.input)), func(p keyPlace) bool {
		var f fault.Fields
		text.AnyKey(&f, p.path, p.key, 1, text.MaxName)
		return !f.Empty()
	})
	if len(places) == 0 {
		return nil
	}
	in := KeysInput{Actor: c.s.Actor(), Tx: c.tx}
	for _, p := range places {
		list := in.Keys.of(p.sort)
		*list = append(*list, p.key)
	}
	in.Keys.tidy()
	defer func() {
		if recover() != nil {
			err = panicked("Validate")
		}
	}()
	unknown, err := ask(c.s.calling(ctx), in)
	if err != nil {
		return hosted(ctx, err, "host.validate", "the host failed to look up keys")
	}
	var f fault.Fields
	for _, p := range places {
		if slices.Contains(*unknown.of(p.sort), p.key) {
			f.Add(p.path, "not_found", "isn't known to the host")
		}
	}
	return f.Invalid("host.keys")
}

// of returns the keys of a kind.
func (k *Keys) of(sort string) *[]string {
	switch sort {
	case "user":
		return &k.Users
	case "department":
		return &k.Departments
	case "product":
		return &k.Products
	}
	return &k.Units
}

// tidy sorts the keys and removes duplicates; it reports whether there are any.
func (k *Keys) tidy() (any bool) {
	for _, sort := range []string{"user", "department", "product", "unit"} {
		list := k.of(sort)
		slices.Sort(*list)
		*list = slices.Compact(*list)
		any = any || len(*list) > 0
	}
	return any
}
