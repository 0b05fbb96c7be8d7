package pursuit_test

import (
	"cmp"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// find reads all packages until no further place for codes turns up.
func (s *codeSource) find() {
	for s.grown = true; s.grown; {
		s.grown = false
		for _, p := range s.parsed {
			for _, f := range p.files {
				ast.Inspect(f, func(n ast.Node) bool {
					switch n := n.(type) {
					case *ast.CallExpr:
						s.call(p, n)
					case *ast.CompositeLit:
						s.literal(p, n)
					}
					return true
				})
			}
		}
	}
}

func (s *codeSource) call(p *parsedPackage, c *ast.CallExpr) {
	for _, pl := range s.places[s.callee(p, c.Fun)] {
		if pl.param >= len(c.Args) {
			continue
		}
		kinds := []string{pl.kind}
		kindParam := -1
		if pl.kind == "" && !pl.field {
			kinds, kindParam = s.kind(p, c.Args[pl.kindParam], nil)
		}
		s.follow(p, c.Args[pl.param], 0, target{field: pl.field, kinds: kinds, kindParam: kindParam, message: cmp.Or(p.message(c.Args), pl.message)}, nil)
	}
}

// message is the first text for people, one with a blank, among expressions.
func (p *parsedPackage) message(xs []ast.Expr) string {
	for _, x := range xs {
		if v := p.info.Types[x].Value; v != nil && v.Kind() == constant.String && strings.Contains(constant.StringVal(v), " ") {
			return constant.StringVal(v)
		}
	}
	return ""
}

// literal looks at fault.Field{Code: …} and fault.Error{…}.
func (s *codeSource) literal(p *parsedPackage, lit *ast.CompositeLit) {
	t := p.info.Types[lit].Type
	if t == nil {
		return
	}
	switch t.String() {
	case faultPath + ".Field", faultPath + ".Error":
	default:
		return
	}
	at := target{field: strings.HasSuffix(t.String(), "Field"), kindParam: -1}
	var code ast.Expr
	for i, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			at.message = cmp.Or(at.message, p.message([]ast.Expr{kv.Value}))
			switch kv.Key.(*ast.Ident).Name {
			case "Code":
				code = kv.Value
			case "Kind":
				at.kinds, at.kindParam = s.kind(p, kv.Value, nil)
			}
		} else if i == 1 {
			code = e
		}
	}
	if code != nil && (at.field || p.path != faultPath) {
		s.follow(p, code, 0, at, nil)
	}
}

// callee names what is called: a function's full name, or where a local one is.
func (s *codeSource) callee(p *parsedPackage, x ast.Expr) string {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		switch obj := p.info.Uses[x].(type) {
		case *types.Func:
			return obj.Origin().FullName()
		case *types.Var:
			return s.local(obj)
		}
	case *ast.SelectorExpr:
		switch obj := p.info.Uses[x.Sel].(type) {
		case *types.Func:
			return obj.Origin().FullName()
		case *types.Var:
			return s.local(obj)
		}
	case *ast.IndexExpr:
		return s.callee(p, x.X)
	}
	return ""
}

// kind says which kinds an expression may be, or which parameter it is.
func (s *codeSource) kind(p *parsedPackage, x ast.Expr, seen []types.Object) ([]string, int) {
	var obj types.Object
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		obj = p.info.Uses[x]
	case *ast.SelectorExpr:
		obj = p.info.Uses[x.Sel]
	}
	if obj == nil || slices.Contains(seen, obj) {
		return []string{"?"}, -1
	}
	if obj.Pkg() != nil && obj.Pkg().Path() == faultPath && strings.HasPrefix(obj.Name(), "Err") {
		return []string{obj.Name()}, -1
	}
	if at, ok := p.params[obj]; ok {
		return nil, at.n
	}
	var kinds []string
	for _, v := range p.values[obj] {
		more, _ := s.kind(p, v.x, append(seen, obj))
		kinds = append(kinds, more...)
	}
	return kinds, -1
}

type target struct {
	field     bool
	kinds     []string
	kindParam int
	message   string
}

// follow traces a code, the nth result of an expression, back to its text, or to
// the parameter that it came by.
func (s *codeSource) follow(p *parsedPackage, x ast.Expr, n int, to target, seen []types.Object) {
	if text, ok := s.text(p, x); ok {
		s.note(x, text, to)
		return
	}
	var obj types.Object
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		obj = cmp.Or(p.info.Uses[x], p.info.Defs[x])
	case *ast.SelectorExpr:
		obj = p.info.Uses[x.Sel]
	case *ast.CallExpr:
		name := s.callee(p, x.Fun)
		found := s.results[name]
		if name == "cmp.Or" {
			for _, a := range x.Args {
				found = append(found, result{p, []ast.Expr{a}})
			}
		}
		for _, r := range found {
			to.message = cmp.Or(to.message, r.in.message(r.xs))
			if n < len(r.xs) {
				s.follow(r.in, r.xs[n], 0, to, seen)
			} else {
				s.follow(r.in, r.xs[0], n, to, seen)
			}
		}
		if len(found) > 0 {
			return
		}
	}
	if at, ok := p.params[obj]; ok && obj != nil {
		s.place(at, to)
		return
	}
	if obj != nil && slices.Contains(seen, obj) {
		return
	}
	if obj == nil || len(p.values[obj]) == 0 || obj.Pkg() != nil && obj.Pkg().Path() == faultPath {
		s.opaque[s.where(x)] = types.ExprString(x)
		return
	}
	for _, v := range p.values[obj] {
		s.follow(p, v.x, v.n, to, append(seen, obj))
	}
}

// text gives a constant's text, and a sum's with a "*" for what isn't constant.
func (s *codeSource) text(p *parsedPackage, x ast.Expr) (string, bool) {
	if v := p.info.Types[x].Value; v != nil && v.Kind() == constant.String {
		return constant.StringVal(v), true
	}
	sum, ok := ast.Unparen(x).(*ast.BinaryExpr)
	if !ok || sum.Op != token.ADD {
		return "*", false
	}
	a, _ := s.text(p, sum.X)
	b, _ := s.text(p, sum.Y)
	return a + b, true
}

func (s *codeSource) place(at param, to target) {
	add := func(pl place) {
		if !slices.Contains(s.places[at.of], pl) {
			s.places[at.of] = append(s.places[at.of], pl)
			s.grown = true
		}
	}
	switch {
	case to.field:
		add(place{param: at.n, field: true, message: to.message})
	case to.kindParam >= 0:
		add(place{param: at.n, kindParam: to.kindParam, message: to.message})
	}
	if !to.field {
		for _, k := range to.kinds {
			add(place{param: at.n, kind: k, message: to.message})
		}
	}
}

func (s *codeSource) note(x ast.Expr, text string, to target) {
	if text == "" {
		return // no code: that nothing is wrong
	}
	list := s.codes
	if to.field {
		list = s.fields
	}
	u := list[text]
	if u == nil {
		u = &usedCode{at: s.where(x)}
		list[text] = u
	}
	u.message = cmp.Or(u.message, to.message)
	for _, k := range to.kinds {
		if !slices.Contains(u.kinds, k) {
			u.kinds = append(u.kinds, k)
		}
	}
}

func (s *codeSource) where(x ast.Expr) string {
	at := s.fset.Position(x.Pos())
	name := at.Filename
	if here, err := filepath.Abs("."); err == nil {
		name = strings.TrimPrefix(name, here+string(filepath.Separator))
	}
	return filepath.ToSlash(name) + ":" + strconv.Itoa(at.Line)
}
