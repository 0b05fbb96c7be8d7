package storagetest

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// hostile returns valid texts that trip up careless adapters.
func hostile() []string {
	return []string{
		`'`, `"`, "`", `''; DROP TABLE pursuit_opportunity; --`, `Robert'); --`, `\`, `\\`, `\'`, `\n`, `%`, `_`, `100%_\%`, `$1`, `?`, `:name`, `@p1`,
		`{"json":true}`, `[null]`, `null`, `NULL`, `true`, `0`, `-1`, `1e9`, `0x1F`, `007`, `1.50`, `2026-03-01`, `infinity`, `NaN`,
		`=1+1`, `+1`, `-x`, `@x`, `<script>alert(1)</script>`, `&amp;`, `</>`, `商机管理`, `赢单 得单`, `Ünïcödé`, `ß ẞ ſ`, `İı`, `ﬁ`,
		`שלום`, `مرحبا`, "a\u202eb\u202c", "\U0001F600", "\U0001F468\u200d\U0001F469\u200d\U0001F467", "\U00020000", "\u200b", "\ufeff", "\ufffd",
		"e\u0301", "\u00e9", "a\u00a0b", `../../etc/passwd`, `C:\temp`, `%s%n%d`, `{{.}}`, `${HOME}`, strings.Repeat("长", 120),
	}
}

// twins are texts that must be different keys.
func twins() []string {
	return []string{"key", "Key", "KEY", "key ", "key  ", " key", "kéy", "ke\u0301y", "kёy", "key\u00a0", "ＫＥＹ", "strasse", "straße", "0", "00", "0.0", "%", "_", "k%", "k_y"}
}

func textRules() []Rule {
	return []Rule{
		{"text/hostile-round-trip", "quotes, escapes or re-encodes text by hand would change it, or run it", func(e *env) {
			b := e.open("t")
			for i, x := range hostile() {
				s := b.draft(func(s *opportunity.Snapshot) {
					s.Name, s.Description, s.Owner, s.Department, s.Stage, s.HoldReason, s.Number = x, x+"\n"+x, x, x, x, x, x
					s.Attributes = map[string]string{"k": x}
					s.Lines = []opportunity.Line{{Number: 1, Product: x, Description: x, Unit: x, Amount: yuan(1)}}
					s.Contacts = []opportunity.DealContact{{ContactKey: opportunity.ContactKey{Contact: b.contact.ID, Role: opportunity.Champion}, Note: x, Added: day}}
					s.Activities = []opportunity.Activity{{ID: e.id(), Kind: opportunity.Call, Status: opportunity.ActivityOpen, Due: day, Created: day,
						Subject: x, Note: x, Assignee: x, Result: x, Reason: x, CreatedBy: x}}
					s.Expenses = []opportunity.Expense{{ID: e.id(), Category: b.source.ID, Amount: yuan(1), Status: opportunity.ExpenseDraft, Created: day,
						Description: x, User: x, SubmittedBy: x, DecidedBy: x, Reason: x, SettledBy: x, Reference: x, CreatedBy: x}}
					s.Outcome = &opportunity.Outcome{Status: opportunity.Lost, Amount: yuan(0), Stage: x, Summary: x, Analysis: x, By: x, At: day,
						Reasons: []opportunity.Choice{{Reason: b.lost.ID, Explanation: x}}}
				})
				c := b.insert(&s)
				c.Next.Summary, c.Next.By = x, x
				cust := e.newCustomer("t", x)
				cust.Customer.Code, cust.Customer.Address = x, x
				arch := e.newArchive("t", archive.Source, x)
				arch.Entry.Names = map[string]string{"en": x}
				key := storage.Request{Tenant: "t", Key: x, Command: x, Result: []byte(`{}`), Recorded: day}
				what := fmt.Sprintf("text %d %q", i, x)
				e.do(what, func(ctx context.Context, tx storage.Tx) error {
					if ok, err := tx.Requests().Claim(ctx, key); err != nil || !ok {
						return fmt.Errorf("claim: %v, %w", ok, err)
					}
					for _, save := range []func(context.Context, storage.Tx) error{saveDeal(c), saveCustomer(cust), saveArchive(arch)} {
						if err := save(ctx, tx); err != nil {
							return err
						}
					}
					return nil
				})
				e.equal(what, b.get(s.ID), s)
				e.look(what, func(ctx context.Context, tx storage.Tx) error {
					if id, err := tx.Opportunities().ByNumber(ctx, "t", x); err != nil || id != s.ID {
						e.errorf("%s as a number: %v, %v", what, id, err)
					}
					if r, err := tx.Customers().ByCode(ctx, "t", x); err != nil || r.Customer.ID != cust.Customer.ID {
						e.errorf("%s as a code: %v, %v", what, r.Customer.ID, err)
					}
					if r, err := tx.Archives().Get(ctx, "t", arch.Entry.ID); err != nil || r.Entry.Code != x || r.Entry.Names["en"] != x {
						e.errorf("%s as an archive's code and name: %q, %v", what, r.Entry.Code, err)
					}
					if r, err := tx.Requests().Find(ctx, "t", x); err != nil || r.Command != x {
						e.errorf("%s as a request's key: %q, %v", what, r.Command, err)
					}
					rows, err := tx.Opportunities().Ledger(ctx, "t", s.ID)
					if err != nil || len(rows) != 1 || rows[0].Summary != x || rows[0].By != x {
						e.errorf("%s in the ledger: %v, %v", what, rows, err)
					}
					return nil
				})
			}
		}},
		{"text/O01_numbers-by-byte", "folds case, accents or trailing blanks of keys would refuse one number as another, or find the wrong deal", func(e *env) {
			b := e.open("t")
			ids := map[string]uuid.UUID{}
			for _, x := range twins() {
				ids[x] = b.record(func(s *opportunity.Snapshot) { s.Number = x }).ID
			}
			e.look("finding numbers", func(ctx context.Context, tx storage.Tx) error {
				for x, want := range ids {
					if id, err := tx.Opportunities().ByNumber(ctx, "t", x); err != nil || id != want {
						e.errorf("number %q: %v, %v; want %v", x, id, err, want)
					}
				}
				_, err := tx.Opportunities().ByNumber(ctx, "t", "kEY")
				e.kind("a number in another case", err, fault.ErrNotFound, "")
				return nil
			})
		}},
		{"text/C01_A01_P01_codes-by-byte", "folds case, accents or trailing blanks of codes would take two things for one", func(e *env) {
			for _, x := range twins() {
				c, a, p := e.newCustomer("t", "N"), e.newArchive("t", archive.Source, x), e.newProcess("t", x)
				c.Customer.Code = x
				e.do(fmt.Sprintf("code %q", x), saveCustomer(c))
				e.do(fmt.Sprintf("archive code %q", x), saveArchive(a))
				e.do(fmt.Sprintf("process code %q", x), saveProcess(p))
				e.look("finding codes", func(ctx context.Context, tx storage.Tx) error {
					if r, err := tx.Customers().ByCode(ctx, "t", x); err != nil || r.Customer.ID != c.Customer.ID {
						e.errorf("customer code %q: %v, %v", x, r.Customer.ID, err)
					}
					if r, err := tx.Processes().ByCode(ctx, "t", x); err != nil || r.ID != p.Record.ID {
						e.errorf("process code %q: %v, %v", x, r.ID, err)
					}
					return nil
				})
			}
		}},
		{"text/O13_request-keys-by-byte", "folds request keys would answer one command with another one's result", func(e *env) {
			for _, x := range twins() {
				e.do(fmt.Sprintf("key %q", x), func(ctx context.Context, tx storage.Tx) error {
					ok, err := tx.Requests().Claim(ctx, storage.Request{Tenant: "t", Key: x, Command: x, Result: []byte(`{}`), Recorded: day})
					if err == nil && !ok {
						e.errorf("key %q is taken by another one", x)
					}
					return err
				})
			}
		}},
		{"text/T02_users-by-byte", "folds users would show one user's deals to another, or merge two members", func(e *env) {
			b := e.open("t")
			s := b.draft(func(s *opportunity.Snapshot) {
				s.Owner = "key"
				for _, x := range twins() {
					s.Members = append(s.Members, opportunity.Member{User: x, Role: opportunity.RoleSales, Access: opportunity.Read, Joined: day})
				}
				sortMembers(s)
			})
			b.save("storing members", b.insert(&s))
			e.equal("members", b.get(s.ID), s)
			c := b.change(&s, func(s *opportunity.Snapshot) { s.Members = without(s.Members, "KEY") })
			c.RemovedMembers = []string{"KEY"}
			b.save("removing a member", c)
			e.equal("members after one was removed", b.get(s.ID), s)
		}},
		{"text/J03_tenants-by-byte", "folds tenants would mix the books of two companies", func(e *env) {
			for _, x := range twins() {
				b := e.open(x)
				b.record(func(s *opportunity.Snapshot) { s.Name = x })
			}
			for _, x := range twins() {
				e.look("listing a tenant", func(ctx context.Context, tx storage.Tx) error {
					list, err := tx.Opportunities().List(ctx, x, everyDeal())
					same(e, fmt.Sprintf("names in tenant %q", x), mapped(list, func(r opportunity.Root) string { return r.Name }), []string{x})
					return err
				})
			}
		}},
		{"text/filters-by-byte", "folds what a filter compares would list what isn't asked for", func(e *env) {
			b := e.open("t")
			for _, x := range twins() {
				b.record(func(s *opportunity.Snapshot) {
					s.Name, s.Owner, s.Department, s.Stage = x, x, x, x
					s.Lines = []opportunity.Line{{Number: 1, Product: x, Amount: yuan(1)}}
				})
			}
			for _, x := range twins() {
				for field, f := range map[string]opportunity.Filter{
					"owner": {Owner: x}, "department": {Department: x}, "stage": {Stages: []string{x}}, "product": {Product: x}, "member": {Member: x},
				} {
					e.look("filtering", func(ctx context.Context, tx storage.Tx) error {
						q := everyDeal()
						q.Filter = f
						list, err := tx.Opportunities().List(ctx, "t", q)
						same(e, fmt.Sprintf("%s %q", field, x), mapped(list, func(r opportunity.Root) string { return r.Name }), []string{x})
						return err
					})
				}
			}
		}},
	}
}
