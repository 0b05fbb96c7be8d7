package sqlstore

import (
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/internal/text"
)

// where gathers the conditions of a list, with their arguments in order.
type where struct {
	conds []string
	args  *args
}

func (t *tx) where(alias, tenant string) *where {
	return &where{[]string{alias + ".tenant = ?"}, t.args(8).text(tenant)}
}

// and adds a condition; its arguments are to be added to what it returns.
func (w *where) and(cond string) *args {
	w.conds = append(w.conds, cond)
	return w.args
}

func (w *where) text() string { return " WHERE " + strings.Join(w.conds, " AND ") }

// scope keeps to what an actor may see. owner and department are columns; team
// is the condition, of one argument, that a user is in the row's team, or empty.
func (w *where) scope(sc access.Scope, department, owner, team string) {
	if !sc.All {
		cond, vals := seen(sc, department, owner, team)
		w.and(cond).text(vals...)
	}
}

// seen is the condition of a scope that isn't of all rows, and its arguments.
func seen(sc access.Scope, department, owner, team string) (cond string, vals []string) {
	var or []string
	n := 0
	for _, d := range sc.Departments {
		if d != "" {
			n++
			vals = append(vals, d)
		}
	}
	if n > 0 {
		or = append(or, department+" IN "+places(n))
	}
	if sc.User != "" {
		or = append(or, owner+" = ?")
		vals = append(vals, sc.User)
		if team != "" {
			or = append(or, team)
			vals = append(vals, sc.User)
		}
	}
	if len(or) == 0 {
		return "1 = 0", nil
	}
	return "(" + strings.Join(or, " OR ") + ")", vals
}

// contains selects rows whose folded column holds a text, literally.
func (w *where) contains(col, search string) {
	w.and(col + " LIKE ? ESCAPE '!'").text("%" + likeEscaper.Replace(text.Fold(search)) + "%")
}

var likeEscaper = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// after selects what comes after a row in order of a column and the id: only the
// column is turned by desc, ties go on by growing id.
func (w *where) after(col, id string, desc bool, key any, last uuid.UUID) {
	op := " > "
	switch {
	case desc:
		op = " < "
	case !w.args.d.flat:
		w.and("(" + col + ", " + id + ") > (?, ?)").add(key).id(last)
		return
	}
	w.and(col + strings.TrimRight(op, " ") + "= ? AND (" + col + op + "? OR " + id + " > ?)").add(key).add(key).id(last)
}

// in selects rows whose column is one of some texts.
func (w *where) in(col string, vals []string) { w.and(col + " IN " + places(len(vals))).text(vals...) }
