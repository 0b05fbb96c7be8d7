package stage

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/money"
)

// The built-in kinds of gates; the comments name their parameters.
const (
	GatePrimaryContact = "has_primary_contact" // none
	GateLines          = "lines_min"           // n
	GateAmount         = "amount_min"          // amount, currency
	GateExpectedClose  = "expected_close_set"  // none
	GateEvaluation     = "evaluation_min"      // scorecard, score (percent)
	GateActivity       = "activity_done"       // kind, n
	GateDocument       = "document"            // kind
	GateQuote          = "quote_accepted"      // none
	GateChecklist      = "checklist_ticked"    // item
	GateApproval       = "approval"            // role
	GateAttribute      = "attribute_set"       // key
)

// Gate is a condition as data: a kind and its parameters.
type Gate struct {
	// ID names the gate in refusals; if it is empty, the kind does.
	ID     string            `json:"id,omitempty"`
	Kind   string            `json:"kind"`
	Params map[string]string `json:"params,omitempty"`
	// Message is the text for people, by language; optional.
	Message Names `json:"message,omitempty"`
}

// Facts are the facts about an opportunity that gates look at.
type Facts struct {
	ID                uuid.UUID
	Number            string
	Owner, Department string
	// Stage is the current stage. Target is the stage to be entered, or empty.
	// End is how the opportunity is to end, or empty.
	Stage, Target, End string
	HasPrimaryContact  bool
	Lines              int
	Amount             money.Money
	ExpectedClose      calendar.Date
	// Evaluations holds the latest submitted score, in percent, by scorecard code.
	Evaluations map[string]decimal.Decimal
	// ActivitiesDone and Documents count by kind.
	ActivitiesDone, Documents map[string]int
	QuoteAccepted             bool
	Ticked                    []string
	Approvals                 []Approval
	// Requester is the user who asks for the step; their own approval doesn't
	// count (J10).
	Requester  string
	Attributes map[string]string
}

// Approval is a user's consent, in a role.
type Approval struct {
	Role, By string
	At       time.Time
}

// Verdict is a host's decision on a gate of its own kind.
type Verdict struct {
	Met bool
	// Message tells people what is missing.
	Message string
	// Texts is the message by language (N02). If Message is empty, the English
	// text is used, or the nearest one available. The gate's own Message takes
	// precedence over both.
	Texts Names
}

// Kinds are a host's own kinds of gates by name, each with a function that
// refuses invalid parameters; nil accepts any. The function gets a copy of the
// parameters. Built-in kinds can't be replaced.
type Kinds map[string]func(params map[string]string) error

// Verdicts are a host's decisions on gates of its own kinds, by Gate.Key.
type Verdicts map[string]Verdict

// Key is equal for gates of one kind with the same parameters, which share one
// verdict.
func (g Gate) Key() string {
	b, _ := json.Marshal([]any{g.Kind, g.Params}) // map keys encode in order
	return string(b)
}

// Unjudged is the error of Unmet when a host's verdicts are missing. It lists the
// gates that need one, each key once, and the facts to judge them by.
type Unjudged struct {
	Gates []Gate
	Facts Facts
}

func (e *Unjudged) Error() string { return "stage: gates of the host's kinds await its verdict" }

// Unknown returns the verdict on a gate of an unknown kind.
func Unknown(kind string) Verdict {
	return Verdict{Texts: texts("no one can evaluate gates of kind "+kind, "没有程序能评估类型为 "+kind+" 的阶段门").names()}
}

type builtin struct {
	params []string
	check  func(p map[string]string) string // returns the fault, or ""
	met    func(p map[string]string, f *Facts) (bool, wants)
}

func count(p map[string]string, key string, most int) (int, bool) {
	n, err := strconv.Atoi(p[key])
	return n, err == nil && n >= 1 && n <= most && len(p[key]) <= 9
}

func given(key string) func(map[string]string) string {
	return func(p map[string]string) string {
		if p[key] == "" || len(p[key]) > 128 {
			return "needs " + key
		}
		return ""
	}
}

func amountOf(p map[string]string) (money.Money, error) {
	return money.Parse(p["amount"], money.Currency(p["currency"]))
}

// wants describes what a built-in kind requires, in English and in Chinese.
type wants [2]string

func texts(en, zh string) wants { return wants{en, zh} }

func (w wants) names() Names { return Names{"en": w[0], "zh-CN": w[1]} }

func builtinOf(kind string) (builtin, bool) {
	none := func(map[string]string) string { return "" }
	switch kind {
	case GatePrimaryContact:
		return builtin{nil, none, func(_ map[string]string, f *Facts) (bool, wants) {
			return f.HasPrimaryContact, texts("needs a primary contact", "需要主要联系人")
		}}, true
	case GateLines:
		return builtin{[]string{"n"}, func(p map[string]string) string {
			if _, ok := count(p, "n", 500); !ok {
				return "n must be 1 to 500"
			}
			return ""
		}, func(p map[string]string, f *Facts) (bool, wants) {
			n, ok := count(p, "n", 500)
			return ok && f.Lines >= n, texts("needs at least "+p["n"]+" lines", "至少需要 "+p["n"]+" 行产品")
		}}, true
	case GateAmount:
		return builtin{[]string{"amount", "currency"}, func(p map[string]string) string {
			if m, err := amountOf(p); err != nil || m.Sign() < 0 {
				return "needs an amount and a currency"
			}
			return ""
		}, func(p map[string]string, f *Facts) (bool, wants) {
			m, err := amountOf(p)
			if err != nil {
				return false, texts("the gate's amount can't be read", "阶段门的金额无法读取")
			}
			c, err := f.Amount.Cmp(m)
			return err == nil && c >= 0, texts("needs an amount of at least "+m.String(), "金额至少为 "+m.String())
		}}, true
	case GateExpectedClose:
		return builtin{nil, none, func(_ map[string]string, f *Facts) (bool, wants) {
			return !f.ExpectedClose.IsZero(), texts("needs an expected close", "需要预计成交日期")
		}}, true
	case GateEvaluation:
		return builtin{[]string{"scorecard", "score"}, func(p map[string]string) string {
			s, err := money.ParseDecimal(p["score"], 3, 2)
			if given("scorecard")(p) != "" || err != nil || s.IsNegative() || s.GreaterThan(decimal.New(100, 0)) {
				return "needs a scorecard and a score of 0 to 100"
			}
			return ""
		}, func(p map[string]string, f *Facts) (bool, wants) {
			want, err := money.ParseDecimal(p["score"], 3, 2)
			got, ok := f.Evaluations[p["scorecard"]]
			ok = ok && err == nil && money.CheckDecimal(got, money.MaxIntDigits, money.MaxFracDigits) == nil
			return ok && got.GreaterThanOrEqual(want), texts("needs an evaluation of at least "+p["score"], "评估得分至少为 "+p["score"])
		}}, true
	case GateActivity:
		return builtin{[]string{"kind", "n"}, func(p map[string]string) string {
			if _, ok := count(p, "n", 1000); !ok || given("kind")(p) != "" {
				return "needs a kind, and n of 1 to 1000"
			}
			return ""
		}, func(p map[string]string, f *Facts) (bool, wants) {
			n, ok := count(p, "n", 1000)
			return ok && f.ActivitiesDone[p["kind"]] >= n, texts("needs "+p["n"]+" done activities of kind "+p["kind"], "需要完成 "+p["n"]+" 个类型为 "+p["kind"]+" 的活动")
		}}, true
	case GateDocument:
		return builtin{[]string{"kind"}, given("kind"), func(p map[string]string, f *Facts) (bool, wants) {
			return f.Documents[p["kind"]] > 0, texts("needs a document of kind "+p["kind"], "需要类型为 "+p["kind"]+" 的文档")
		}}, true
	case GateQuote:
		return builtin{nil, none, func(_ map[string]string, f *Facts) (bool, wants) {
			return f.QuoteAccepted, texts("needs an accepted quote", "需要已接受的报价")
		}}, true
	case GateChecklist:
		return builtin{[]string{"item"}, given("item"), func(p map[string]string, f *Facts) (bool, wants) {
			return slices.Contains(f.Ticked, p["item"]), texts("needs the checklist item "+p["item"], "需要完成检查项 "+p["item"])
		}}, true
	case GateApproval:
		return builtin{[]string{"role"}, given("role"), func(p map[string]string, f *Facts) (bool, wants) {
			return slices.ContainsFunc(f.Approvals, func(a Approval) bool {
				return a.Role == p["role"] && a.By != "" && a.By != f.Requester
			}), texts("needs the approval of somebody else in role "+p["role"], "需要角色为 "+p["role"]+" 的其他人审批")
		}}, true
	case GateAttribute:
		return builtin{[]string{"key"}, given("key"), func(p map[string]string, f *Facts) (bool, wants) {
			return f.Attributes[p["key"]] != "", texts("needs the attribute "+p["key"], "需要填写属性 "+p["key"])
		}}, true
	}
	return builtin{}, false
}

// Unmet lists all gates that aren't met (P08): the path is "gate/" with the
// gate's id or kind, the code is "unmet", and the texts are the gate's own or,
// without any, those of its kind (N02). Errors: *Unjudged if host lacks the
// verdict on a gate of a host's kind.
func Unmet(gates []Gate, f Facts, host Verdicts) (out []fault.Field, err error) {
	var open Unjudged
	for _, g := range gates {
		v, ok := verdict(g, &f, host)
		if !ok && !slices.ContainsFunc(open.Gates, func(x Gate) bool { return x.Key() == g.Key() }) {
			open.Gates = append(open.Gates, g)
		}
		if !ok || v.Met {
			continue
		}
		name := g.ID
		if name == "" {
			name = g.Kind
		}
		if len(g.Message) > 0 {
			v = Verdict{Texts: g.Message}
		}
		if v.Message == "" {
			v.Message = v.Texts.In("en")
		}
		out = append(out, fault.Field{Path: "gate/" + name, Code: "unmet", Message: v.Message, Texts: v.Texts.Clone()})
	}
	if len(open.Gates) > 0 {
		open.Facts = f
		return nil, &open
	}
	return out, nil
}

// verdict returns the verdict on a gate; ok is false if the host must decide and
// didn't.
func verdict(g Gate, f *Facts, host Verdicts) (v Verdict, ok bool) {
	b, ok := builtinOf(g.Kind)
	if !ok {
		v, ok = host[g.Key()]
		return v, ok
	}
	met, lacks := b.met(g.Params, f)
	if met {
		return Verdict{Met: true}, true
	}
	return Verdict{Texts: lacks.names()}, true
}

func hostPanic(kind string) error {
	return fault.New(fault.ErrHost, "gate.panic", "the host's gate "+kind+" panicked")
}
