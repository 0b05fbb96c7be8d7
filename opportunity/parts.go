package opportunity

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/money"
)

// MemberRole is a member's role in the team (T02).
type MemberRole string

// The roles of members.
const (
	RoleOwner    MemberRole = "owner"
	RoleSales    MemberRole = "sales"
	RolePresales MemberRole = "presales"
	RoleSupport  MemberRole = "support"
	RoleManager  MemberRole = "manager"
	RolePartner  MemberRole = "partner"
)

// Access is a member's right to the opportunity (T02).
type Access string

// The accesses of members.
const (
	Read  Access = "read"
	Write Access = "write"
)

// Member is a user in the opportunity team 商机团队, once (T02).
type Member struct {
	User   string     `json:"user" host:"user"`
	Role   MemberRole `json:"role"`
	Access Access     `json:"access"`
	// Split is the member's share 业绩分配 in basis points. If any member has one,
	// they total 10000 (T05).
	Split int `json:"split,omitempty"`
	// Overlay is a share without a fixed total, in basis points.
	Overlay int       `json:"overlay,omitempty"`
	Joined  time.Time `json:"joined"`
}

// Line is a product of the opportunity 商机产品 (L01).
type Line struct {
	// Number is stable, and never reused (L03).
	Number      int             `json:"number"`
	Product     string          `json:"product,omitempty" host:"product"`
	Description string          `json:"description,omitempty"`
	Quantity    decimal.Decimal `json:"quantity"`
	Unit        string          `json:"unit,omitempty" host:"unit"`
	// Price is per unit, in the opportunity's currency.
	Price decimal.Decimal `json:"price"`
	// Discount is in percent, 0 to 100.
	Discount decimal.Decimal `json:"discount"`
	// Tax is a rate in percent, or nil; it doesn't enter Amount.
	Tax    *decimal.Decimal `json:"tax,omitempty"`
	Amount money.Money      `json:"amount"`
}

// ContactRole is a contact's role in the opportunity.
type ContactRole string

// The roles of contacts.
const (
	DecisionMaker ContactRole = "decision_maker" // 决策者
	Influencer    ContactRole = "influencer"     // 影响者
	EndUserRole   ContactRole = "user"           // 使用者
	Gatekeeper    ContactRole = "gatekeeper"     // 把关者
	Champion      ContactRole = "champion"
	OtherContact  ContactRole = "other"
)

// Valid reports whether r is a known role.
func (r ContactRole) Valid() bool {
	switch r {
	case DecisionMaker, Influencer, EndUserRole, Gatekeeper, Champion, OtherContact:
		return true
	}
	return false
}

// ContactKey identifies a contact of the opportunity: a contact appears once per
// role (R04).
type ContactKey struct {
	Contact uuid.UUID   `json:"contact"`
	Role    ContactRole `json:"role"`
}

// DealContact is a contact with its role in the opportunity (R04). The root names
// the primary one.
type DealContact struct {
	ContactKey
	// External marks a contact of none of the opportunity's customers.
	External bool      `json:"external,omitempty"`
	Note     string    `json:"note,omitempty"`
	Added    time.Time `json:"added"`
}

// DealCompetitor is a competitor on the opportunity, once (R05).
type DealCompetitor struct {
	Competitor uuid.UUID `json:"competitor"`
	Strengths  string    `json:"strengths,omitempty"`
	Weaknesses string    `json:"weaknesses,omitempty"`
	// Price is its offer, if known.
	Price *money.Money `json:"price,omitempty"`
	Added time.Time    `json:"added"`
}

// Tick is a ticked item of a stage's checklist.
type Tick struct {
	Stage string    `json:"stage"`
	Item  string    `json:"item"`
	By    string    `json:"by" host:"user"`
	At    time.Time `json:"at"`
}

// Approval is a consent to a win, a loss, an advance or an override (J10): who
// gave it, in which role, and for what.
type Approval struct {
	Role string    `json:"role"`
	By   string    `json:"by" host:"user"`
	At   time.Time `json:"at"`
	Note string    `json:"note,omitempty"`
}

// Choice is a chosen reason with the explanation that it may demand (A05). In an
// input, Code may name the reason in place of its id; stored choices have the id.
type Choice struct {
	Reason      uuid.UUID `json:"reason,omitzero"`
	Code        string    `json:"code,omitempty"`
	Explanation string    `json:"explanation,omitempty"`
}

// Outcome is the end of a cycle.
type Outcome struct {
	// Status is Won, Lost or Void.
	Status Status `json:"status"`
	// Reasons are the chosen reasons, the main one first.
	Reasons []Choice `json:"reasons,omitempty"`
	// Amount is frozen when the cycle ends (O06).
	Amount money.Money `json:"amount"`
	// Stage is the stage in which the cycle ended (O07).
	Stage   string `json:"stage"`
	Summary string `json:"summary,omitempty"`
	// Analysis may be revised until the opportunity is closed (O08).
	Analysis string `json:"analysis,omitempty"`
	// Lessons are for the next time: what to do differently, or again.
	Lessons string `json:"lessons,omitempty"`
	// Competitor is the one that the customer chose 中标竞争对手; Nil if none was named.
	Competitor uuid.UUID `json:"competitor,omitzero"`
	// CompetitorPrice is the price it won with, if known, in the opportunity's
	// currency.
	CompetitorPrice *money.Money `json:"competitor_price,omitempty"`
	// Override is the reason to pass unmet gates; empty if none were passed
	// (P07).
	Override string    `json:"override,omitempty"`
	At       time.Time `json:"at"`
	By       string    `json:"by" host:"user"`
}

// Cycle is a past cycle, which never changes (O10).
type Cycle struct {
	Number  int     `json:"number"`
	Outcome Outcome `json:"outcome"`
	// ClosedAt is when it was closed; zero if it wasn't.
	ClosedAt time.Time `json:"closed_at,omitzero"`
	// CycleDays is as on the root.
	CycleDays  *int      `json:"cycle_days,omitempty"`
	Reason     string    `json:"reason"`
	ReopenedAt time.Time `json:"reopened_at"`
	ReopenedBy string    `json:"reopened_by" host:"user"`
}
