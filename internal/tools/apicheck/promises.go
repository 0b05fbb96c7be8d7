package main

import (
	"fmt"
	"go/types"
	"slices"
	"strings"
)

// promises are the lines of the packages' API, sorted: one for each exported
// constant with its value, variable, function, type, field with its tag, and method.
func promises(packages []*types.Package) []string {
	var lines []string
	for _, p := range packages {
		q := writer{pkg: p}
		for _, name := range p.Scope().Names() {
			if o := p.Scope().Lookup(name); o.Exported() {
				q.object(o)
			}
		}
		lines = append(lines, q.lines...)
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// subject is what a line speaks of, without its form.
func subject(line string) string {
	words := strings.SplitN(line, " ", 4)
	return strings.Join(words[:min(3, len(words))], " ")
}

type writer struct {
	pkg   *types.Package
	lines []string
}

// add writes a line: the package, the kind, the name, and the form.
func (w *writer) add(kind, name, form string) {
	w.lines = append(w.lines, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", w.pkg.Path(), kind, name, form)))
}

func (w *writer) object(o types.Object) {
	switch o := o.(type) {
	case *types.Const:
		w.add("const", o.Name(), fmt.Sprintf("%s = %s", w.typ(o.Type()), o.Val().ExactString()))
	case *types.Var:
		w.add("var", o.Name(), w.typ(o.Type()))
	case *types.Func:
		w.add("func", o.Name(), w.signature(o))
	case *types.TypeName:
		w.typeName(o)
	}
}

func (w *writer) typeName(o *types.TypeName) {
	if o.IsAlias() {
		w.add("type", o.Name(), "= "+w.typ(types.Unalias(o.Type())))
		return
	}
	named, ok := o.Type().(*types.Named)
	if !ok {
		return
	}
	form := ""
	if params := named.TypeParams(); params != nil {
		for i := range params.Len() {
			form += fmt.Sprintf("%s %s, ", params.At(i).Obj().Name(), w.typ(params.At(i).Constraint()))
		}
		form = "[" + strings.TrimSuffix(form, ", ") + "] "
	}
	switch u := named.Underlying().(type) {
	case *types.Struct:
		w.add("type", o.Name(), form+"struct")
		w.fields(o.Name(), u)
	case *types.Interface:
		w.add("type", o.Name(), form+w.contract(u))
	default:
		w.add("type", o.Name(), form+w.typ(u))
	}
	if types.Comparable(named) && !types.IsInterface(named) {
		w.add("comparable", o.Name(), "")
	}
	w.methods(o.Name(), named)
}

func (w *writer) fields(name string, s *types.Struct) {
	for i := range s.NumFields() {
		f := s.Field(i)
		if !f.Exported() {
			continue
		}
		kind := "field"
		if f.Embedded() {
			kind = "embedded"
		}
		form := w.typ(f.Type())
		if s.Tag(i) != "" {
			form += " `" + s.Tag(i) + "`"
		}
		w.add(kind, name+"."+f.Name(), form)
	}
}

// contract names an interface's methods: one more breaks who implements it, unless
// only this module can.
func (w *writer) contract(i *types.Interface) string {
	var names []string
	sealed := false
	for j := range i.NumMethods() {
		m := i.Method(j)
		sealed = sealed || !m.Exported()
		names = append(names, m.Name())
	}
	if sealed {
		return "interface, sealed"
	}
	slices.Sort(names)
	if !i.IsMethodSet() {
		return w.typ(i)
	}
	return "interface { " + strings.Join(names, ", ") + " }"
}

// methods writes the type's own and promoted methods; those that need its address
// have a star.
func (w *writer) methods(name string, t *types.Named) {
	values := types.NewMethodSet(t)
	all := values
	if !types.IsInterface(t) {
		all = types.NewMethodSet(types.NewPointer(t))
	}
	for i := range all.Len() {
		m := all.At(i).Obj().(*types.Func)
		if !m.Exported() {
			continue
		}
		receiver := name
		if values.Lookup(m.Pkg(), m.Name()) == nil {
			receiver = "*" + name
		}
		w.add("method", receiver+"."+m.Name(), w.signature(m))
	}
}

// signature is a function's form without the names of its parameters, which may change.
func (w *writer) signature(f *types.Func) string {
	s := f.Signature()
	form := ""
	if params := s.TypeParams(); params != nil {
		for i := range params.Len() {
			form += fmt.Sprintf("%s %s, ", params.At(i).Obj().Name(), w.typ(params.At(i).Constraint()))
		}
		form = "[" + strings.TrimSuffix(form, ", ") + "]"
	}
	unnamed := types.NewSignatureType(nil, nil, nil, w.bare(s.Params()), w.bare(s.Results()), s.Variadic())
	return form + strings.TrimPrefix(w.typ(unnamed), "func")
}

func (w *writer) bare(t *types.Tuple) *types.Tuple {
	vars := make([]*types.Var, t.Len())
	for i := range vars {
		vars[i] = types.NewParam(0, nil, "", t.At(i).Type())
	}
	return types.NewTuple(vars...)
}

// typ is a type as the package's own code would write it. Packages are named, not
// their paths: one in the place of another of the same name isn't seen.
func (w *writer) typ(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == w.pkg {
			return ""
		}
		return p.Name()
	})
}
