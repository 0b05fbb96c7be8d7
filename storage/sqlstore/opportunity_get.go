package sqlstore

import (
	"context"
	"math/bits"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/stage"
)

type opportunities struct{ *tx }

// getShape names the statement that Get runs for a root.
type getShape struct {
	viewer, customerOwner bool
	archive               int // padded
	// activity and expense say that one is named.
	activity, expense bool
	// names joins those of the customers.
	names bool
	part  opportunity.Parts
}

// statement joins what was asked for to the root.
func (g getShape) statement(d *Dialect) (query string, columns int) {
	cols := []string{d.aliased("o", opportunityTable.cols)}
	columns = len(opportunityTable.cols)
	var from strings.Builder
	order := ""
	if g.viewer {
		cols = append(cols, d.aliased("v", memberTable.cols[2:]))
		columns += len(memberTable.cols) - 2
		from.WriteString(" LEFT JOIN pursuit_opportunity_member v ON v.tenant = o.tenant AND v.opportunity_id = o.id AND v.user_id = ?")
	}
	if g.customerOwner {
		cols = append(cols, "(SELECT k.owner FROM pursuit_customer k WHERE k.tenant = o.tenant AND k.id = o.customer_id)")
		columns++
	}
	if g.archive > 0 {
		cols = append(cols, "c.entry_id", d.aliased("a", archiveTable.cols))
		columns += 1 + len(archiveTable.cols)
		from.WriteString(" LEFT JOIN pursuit_archive_entry a ON a.tenant = o.tenant AND a.id IN " + places(g.archive) +
			" LEFT JOIN pursuit_opportunity_choice c ON c.tenant = o.tenant AND c.opportunity_id = o.id" +
			" AND c.sort = 'competitor' AND c.cycle = 0 AND c.position = 0 AND c.entry_id = a.id")
	}
	if g.activity {
		cols = append(cols, d.aliased("x", activityTable.cols[2:]), othersMarks)
		columns += len(activityTable.cols)
		from.WriteString(oneOf(&activityTable, "x"))
	}
	if g.expense {
		cols = append(cols, d.aliased("e", expenseTable.cols[2:]))
		columns += len(expenseTable.cols) - 2
		from.WriteString(oneOf(&expenseTable, "e"))
	}
	if g.names {
		cols = append(cols, customerNames)
		columns += customerNameColumns
		from.WriteString(namedCustomers)
	}
	if g.part != 0 {
		p := partOf(g.part)
		cols = append(cols, d.aliased("p", p.cols))
		columns += len(p.cols)
		from.WriteString(p.joined())
		order = " ORDER BY p." + p.order
	}
	return "SELECT " + strings.Join(cols, ", ") + " FROM pursuit_opportunity o" + from.String() + " WHERE o.tenant = ? AND o.id = ?" + order, columns
}

func partOf(bit opportunity.Parts) *part {
	for i := range parts {
		if parts[i].bit == bit {
			return &parts[i]
		}
	}
	return nil
}

// getText is a rendered getShape.
type getText struct {
	text    string
	columns int
}

func (s *Store) getting(g getShape) getText {
	if v, ok := s.shapes.Load(g); ok {
		return v.(getText)
	}
	q, n := g.statement(&s.d)
	v := getText{rendered(q, s.names, &s.d), n}
	s.shapes.Store(g, v)
	return v
}

func (t opportunities) Get(ctx context.Context, tenant string, id uuid.UUID, load opportunity.Load) (opportunity.Record, error) {
	members := load.Parts&opportunity.PartMembers != 0
	g := getShape{viewer: load.Viewer != "" && !members, customerOwner: load.CustomerOwner, archive: padded(len(load.Archive)),
		activity: load.Activity != uuid.Nil, expense: load.Expense != uuid.Nil, names: load.Names}
	if g.archive == 0 { // else every part would come with every entry
		for i := range parts {
			if load.Parts&parts[i].bit != 0 && !(load.Names && parts[i].bit == opportunity.PartContacts) {
				g.part = parts[i].bit
				break
			}
		}
	}
	a := t.args(5 + g.archive)
	if g.viewer {
		a.text(load.Viewer)
	}
	a.ids(load.Archive)
	if g.activity {
		a.id(load.Activity)
	}
	if g.expense {
		a.id(load.Expense)
	}
	var rec opportunity.Record
	s := &rec.Snapshot
	s.Loaded = load.Parts
	first := true
	st := t.s.getting(g)
	err := t.rows(ctx, st.text, st.columns, a.text(tenant).id(id), func(r *row) {
		if first {
			readOpportunity(r, &s.Root)
			t.remember(r, &s.Root)
		} else {
			r.skip(len(opportunityTable.cols))
		}
		if g.viewer {
			if first && !r.isNull() {
				m := readMember(r)
				rec.Viewer = &m
			} else {
				r.skip(len(memberTable.cols) - 2)
			}
		}
		if g.customerOwner {
			rec.CustomerOwner = r.text()
		}
		if g.archive > 0 {
			on := !r.isNull()
			if r.skip(1); !r.isNull() {
				rec.Archive = append(rec.Archive, opportunity.Named{Entry: readArchive(r).Entry, OnDeal: on})
			} else {
				r.skip(len(archiveTable.cols))
			}
		}
		g.named(r, &rec, first)
		if g.names {
			readCustomerNames(r, &rec, first)
		}
		first = false
		if g.part != 0 && !r.isNull() {
			partOf(g.part).read(r, s)
		}
	})
	if err == nil && first {
		err = fault.NotFound("opportunity.not_found")
	}
	for rest := load.Parts &^ g.part; err == nil && rest != 0; rest &= rest - 1 {
		p := partOf(1 << bits.TrailingZeros16(uint16(rest)))
		if p == nil {
			continue
		}
		if load.Names && p.bit == opportunity.PartContacts {
			err = t.contactsWithNames(ctx, tenant, id, p, &rec)
			continue
		}
		err = t.query(ctx, p.alone(&t.s.d), len(p.cols), t.args(2).text(tenant).id(id), func(r *row) { p.read(r, s) })
	}
	if err != nil {
		return opportunity.Record{}, err
	}
	if members && load.Viewer != "" {
		for i := range s.Members {
			if s.Members[i].User == load.Viewer {
				m := s.Members[i]
				rec.Viewer = &m
			}
		}
	}
	return rec, nil
}

func (t opportunities) ByNumber(ctx context.Context, tenant, number string) (uuid.UUID, error) {
	var id uuid.UUID
	err := t.query(ctx, "SELECT id FROM pursuit_opportunity WHERE tenant = ? AND number = ?", 1, t.args(2).text(tenant, number), func(r *row) { id = r.id() })
	if err == nil && id == uuid.Nil {
		err = fault.NotFound("opportunity.not_found")
	}
	return id, err
}

// refs gives what is referred to in one statement: rows of several tables in
// columns that they share. The first column says which table; what a table lacks
// is filled up with something of the column's type, since several NULLs would have
// none on some databases.
const (
	refCustomer = "SELECT 1 AS sort, id, kind AS a, status AS b, owner AS c, department AS d, 0 AS m, 0 AS n, 0 AS o, 0 AS p, 0 AS q, 0 AS r, COALESCE(merged_into_id, id) AS x, journal_hash AS y FROM pursuit_customer WHERE tenant = ? AND id"
	refContact  = "SELECT 2 AS sort, id, '' AS a, '' AS b, '' AS c, '' AS d, active AS m, 0 AS n, 0 AS o, 0 AS p, 0 AS q, 0 AS r, customer_id AS x, NULL AS y FROM pursuit_contact WHERE tenant = ? AND id"
	refArchive  = "SELECT 3 AS sort, id, kind AS a, code AS b, status AS c, '' AS d, needs_explanation AS m, needs_competitor AS n, 0 AS o, 0 AS p, 0 AS q, 0 AS r, id AS x, journal_hash AS y FROM pursuit_archive_entry WHERE tenant = ? AND id"
	refProcess  = "SELECT 4 AS sort, id, code AS a, state AS b, '' AS c, '' AS d, is_default AS m, latest AS n, created AS o, updated AS p, version AS q, journal_seq AS r, current_id AS x, journal_hash AS y FROM pursuit_process WHERE tenant = ? AND "
)

func (t opportunities) References(ctx context.Context, tenant string, refs opportunity.Refs) (opportunity.Found, error) {
	var f opportunity.Found
	a := t.args(8)
	var q []string
	for _, x := range []struct {
		sel string
		ids []uuid.UUID
	}{{refCustomer, refs.Customers}, {refContact, refs.Contacts}, {refArchive, refs.Archive}} {
		if len(x.ids) > 0 {
			q = append(q, x.sel+list(len(x.ids)))
			a.text(tenant).ids(x.ids)
		}
	}
	a.text(tenant)
	if refs.Process == uuid.Nil {
		q = append(q, refProcess+"is_default = 1")
	} else {
		q = append(q, refProcess+"id = ?")
		a.id(refs.Process)
	}
	err := t.query(ctx, strings.Join(q, " UNION ALL "), 14, a, func(r *row) {
		sort, id := r.num(), r.id()
		var s [4]string
		for i := range s {
			s[i] = r.text()
		}
		var n [6]int64
		switch sort {
		case 4:
			p := stage.Record{Tenant: tenant, ID: id, Code: s[0], State: stage.State(s[1])}
			p.Default, p.Latest, p.Created, p.Updated, p.Version, p.Head.Seq = r.flag(), r.int(), r.time(), r.time(), r.num(), r.num()
			p.Current, p.Head.Hash = r.id(), r.hash()
			f.Process = &p
			return
		default:
			for i := range n {
				n[i] = r.num()
			}
		}
		switch sort {
		case 1:
			x := customer.Customer{ID: id, Tenant: tenant, Kind: customer.Kind(s[0]), Status: customer.Status(s[1]), Owner: s[2], Department: s[3]}
			if into := r.id(); into != id {
				x.MergedInto = into
			}
			f.Customers = append(f.Customers, x)
		case 2:
			f.Contacts = append(f.Contacts, customer.Contact{ID: id, Customer: r.id(), Active: n[0] != 0})
		case 3:
			f.Archive = append(f.Archive, archive.Entry{ID: id, Tenant: tenant, Kind: archive.Kind(s[0]), Code: s[1], Status: archive.Status(s[2]),
				NeedsExplanation: n[0] != 0, NeedsCompetitor: n[1] != 0})
		}
	})
	return f, err
}
