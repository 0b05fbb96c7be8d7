package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// names are the helpers' names by operator.
var names = map[token.Token]string{
	token.LSS: "mutantLSS", token.LEQ: "mutantLEQ", token.GTR: "mutantGTR", token.GEQ: "mutantGEQ",
	token.LAND: "mutantLAND", token.LOR: "mutantLOR", token.ADD: "mutantADD", token.SUB: "mutantSUB",
	token.MUL: "mutantMUL", token.QUO: "mutantQUO", token.REM: "mutantREM", token.INC: "mutantINC", token.DEC: "mutantDEC",
}

func (w *writer) enter(n ast.Node) {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		w.binary(n)
	case *ast.UnaryExpr:
		w.unary(n)
	case *ast.IncDecStmt:
		w.step(n)
	case *ast.BranchStmt:
		w.branch(n)
	}
}

// leave closes what enter opened: inner expressions are left first.
func (w *writer) leave(n ast.Node) {
	var pos token.Pos
	switch n := n.(type) {
	case *ast.BinaryExpr:
		pos = n.OpPos
	case *ast.UnaryExpr:
		pos = n.OpPos
	default:
		return
	}
	for _, id := range w.at(pos) {
		if w.out.built[id] {
			w.add(closing, n.End(), n.End(), closings(n))
			return
		}
	}
}

func closings(n ast.Node) string {
	b, ok := n.(*ast.BinaryExpr)
	switch {
	case ok && (b.Op == token.LAND || b.Op == token.LOR):
		return ") })"
	case ok && (b.Op == token.LSS || b.Op == token.LEQ || b.Op == token.GTR || b.Op == token.GEQ):
		return "))"
	}
	return ")"
}

func (w *writer) binary(n *ast.BinaryExpr) {
	ids := w.at(n.OpPos)
	if len(ids) == 0 {
		return
	}
	value := w.info.Types[n]
	to := n.OpPos + token.Pos(len(n.Op.String()))
	switch n.Op {
	case token.EQL, token.NEQ:
		if value.Value != nil || !plainBool(value.Type) {
			return
		}
		w.add(opening, n.Pos(), n.Pos(), fmt.Sprintf("mutantNot(%d, ", ids["CONDITIONALS_NEGATION"]))
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		if value.Value != nil || !plainBool(value.Type) {
			return
		}
		w.add(opening, n.Pos(), n.Pos(), fmt.Sprintf("mutantNot(%d, %s(%d, ", ids["CONDITIONALS_NEGATION"], names[n.Op], ids["CONDITIONALS_BOUNDARY"]))
		w.add(replacing, n.OpPos, to, ",")
	case token.LAND, token.LOR:
		if value.Value != nil || !plainBool(value.Type) {
			return
		}
		w.add(opening, n.Pos(), n.Pos(), fmt.Sprintf("%s(%d, ", names[n.Op], ids["INVERT_LOGICAL"]))
		w.add(replacing, n.OpPos, to, ", func() bool { return (")
	default:
		basic, ok := value.Type.Underlying().(*types.Basic)
		if !ok {
			return
		}
		if basic.Info()&types.IsNumeric == 0 {
			w.drop(ids)
			return
		}
		of, ok := w.constant(n)
		if !ok {
			return
		}
		w.add(opening, n.Pos(), n.Pos(), fmt.Sprintf("%s%s(%s, ", names[n.Op], of, either(ids)))
		w.add(replacing, n.OpPos, to, ",")
	}
	w.take(ids)
}

// plainBool reports whether a condition is a bool, and not of a type of its own.
func plainBool(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// either is the condition that one of two changes is chosen: a minus has two that are alike.
func either(ids map[string]int) string {
	return fmt.Sprintf("mutantOn(%d) != mutantOn(%d)", ids["ARITHMETIC_BASE"], ids["INVERT_NEGATIVES"])
}

func (w *writer) unary(n *ast.UnaryExpr) {
	ids := w.at(n.OpPos)
	if len(ids) == 0 || n.Op != token.SUB {
		return
	}
	of, ok := w.constant(n)
	if !ok {
		return
	}
	w.add(opening, n.OpPos, n.OpPos+1, "mutantMinus"+of+"("+either(ids)+", ")
	w.take(ids)
}

// constant returns what a helper needs to be told of an expression's type if it is a
// constant, which takes the type that its place asks for; it reports whether the place
// lets it be computed when the program runs.
func (w *writer) constant(n ast.Expr) (string, bool) {
	value := w.info.Types[n]
	if value.Value == nil {
		return "", true
	}
	basic, ok := value.Type.(*types.Basic)
	if !ok || basic.Info()&types.IsUntyped != 0 {
		return "", false
	}
	for i := len(w.above) - 1; i >= 0; i-- {
		switch n := w.above[i].(type) {
		case *ast.BlockStmt:
			return "[" + basic.Name() + "]", true
		case *ast.GenDecl:
			return "[" + basic.Name() + "]", n.Tok == token.VAR
		case *ast.ArrayType:
			return "", false
		case *ast.CaseClause:
			if i+1 == len(w.above) || !within(n.Body, w.above[i+1]) {
				return "", false
			}
		case *ast.BinaryExpr:
			if w.info.Types[n].Value != nil && (n.Op == token.SHL || n.Op == token.SHR) {
				return "", false
			}
		}
	}
	return "", false
}

func within(list []ast.Stmt, n ast.Node) bool {
	for _, s := range list {
		if s == n {
			return true
		}
	}
	return false
}

func (w *writer) step(n *ast.IncDecStmt) {
	ids := w.at(n.TokPos)
	if len(ids) == 0 {
		return
	}
	if x, ok := ast.Unparen(n.X).(*ast.IndexExpr); ok {
		if _, isMap := w.info.Types[x.X].Type.Underlying().(*types.Map); isMap {
			return // has no address
		}
	}
	w.add(opening, n.Pos(), n.Pos(), fmt.Sprintf("%s(%d, &", names[n.Tok], ids["INCREMENT_DECREMENT"]))
	w.add(replacing, n.TokPos, n.TokPos+2, ")")
	w.take(ids)
}

// branch changes break and continue of a loop with a condition; of others a change
// may not compile.
func (w *writer) branch(n *ast.BranchStmt) {
	ids := w.at(n.TokPos)
	if len(ids) == 0 || n.Label != nil {
		return
	}
	for i := len(w.above) - 1; i >= 0; i-- {
		switch loop := w.above[i].(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return
		case *ast.ForStmt:
			if loop.Cond == nil {
				return
			}
		case *ast.RangeStmt:
		default:
			continue
		}
		other := "break"
		if n.Tok == token.BREAK {
			other = "continue"
		}
		w.add(opening, n.Pos(), n.Pos(), fmt.Sprintf("if mutantOn(%d) { %s }; ", ids["INVERT_LOOPCTRL"], other))
		w.take(ids)
		return
	}
}
