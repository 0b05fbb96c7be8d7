package opportunity

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/money"
)

// MemberRole is what a member does in the team (T02).
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

// Access is what a member may do with the opportunity (T02).
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
	// Overlay is a share that may total anything, in basis points.
	Overlay int       `json:"overlay,omitempty"`
	Joined  time.Time `json:"joined"`
}

// Line is a product of the deal 商机产品 (L01).
type Line struct {
	// Number is stable, and never given again (L03).
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

// ContactRole is what a contact means for the deal.
type ContactRole string

// The deal roles of contacts.
const (
	DecisionMaker ContactRole = "decision_maker" // 决策者
	Influencer    ContactRole = "influencer"     // 影响者
	EndUserRole   ContactRole = "user"           // 使用者
	Gatekeeper    ContactRole = "gatekeeper"     // 把关者
	Champion      ContactRole = "champion"
	OtherContact  ContactRole = "other"
)

// Valid says whether r is one of the roles.
func (r ContactRole) Valid() bool {
	switch r {
	case DecisionMaker, Influencer, EndUserRole, Gatekeeper, Champion, OtherContact:
		return true
	}
	return false
}

// ContactKey names a deal contact: a contact is there once per role (R04).
type ContactKey struct {
	Contact uuid.UUID   `json:"contact"`
	Role    ContactRole `json:"role"`
}

// DealContact is a contact with its role in the deal (R04). Which one is
// primary stands on the root.
type DealContact struct {
	ContactKey
	// External marks a contact of none of the deal's customers.
	External bool      `json:"external,omitempty"`
	Note     string    `json:"note,omitempty"`
	Added    time.Time `json:"added"`
}

// DealCompetitor is a competitor's part in the deal, once (R05).
type DealCompetitor struct {
	Competitor uuid.UUID `json:"competitor"`
	Strengths  string    `json:"strengths,omitempty"`
	Weaknesses string    `json:"weaknesses,omitempty"`
	// Price is what it offers, if known.
	Price *money.Money `json:"price,omitempty"`
	Added time.Time    `json:"added"`
}

// Tick is a checked-off item of a stage's checklist.
type Tick struct {
	Stage string    `json:"stage"`
	Item  string    `json:"item"`
	By    string    `json:"by" host:"user"`
	At    time.Time `json:"at"`
}

// Approval is somebody's consent to a win, a loss, an advance or an override
// (J10): who gave it, in which role, and for what.
type Approval struct {
	Role string    `json:"role"`
	By   string    `json:"by" host:"user"`
	At   time.Time `json:"at"`
	Note string    `json:"note,omitempty"`
}

// Choice is a chosen reason with the explanation that it may demand (A05). In an input
// Code may name the reason in place of its id; what is stored has the id.
type Choice struct {
	Reason      uuid.UUID `json:"reason,omitzero"`
	Code        string    `json:"code,omitempty"`
	Explanation string    `json:"explanation,omitempty"`
}

// Outcome is how a cycle ended.
type Outcome struct {
	// Status is Won, Lost or Void.
	Status Status `json:"status"`
	// Reasons are all that were chosen, the main one first.
	Reasons []Choice `json:"reasons,omitempty"`
	// Amount is frozen when the cycle ends (O06).
	Amount money.Money `json:"amount"`
	// Stage is where it ended (O07).
	Stage   string `json:"stage"`
	Summary string `json:"summary,omitempty"`
	// Analysis may be revised until the opportunity is closed (O08).
	Analysis string `json:"analysis,omitempty"`
	// Lessons are what is to be done otherwise, or again, next time.
	Lessons string `json:"lessons,omitempty"`
	// Competitor is the one that the customer chose 中标竞争对手; Nil if none was named.
	Competitor uuid.UUID `json:"competitor,omitzero"`
	// CompetitorPrice is what it won with, if known, in the opportunity's currency.
	CompetitorPrice *money.Money `json:"competitor_price,omitempty"`
	// Override is why unmet gates were overridden; empty if none were (P07).
	Override string    `json:"override,omitempty"`
	At       time.Time `json:"at"`
	By       string    `json:"by" host:"user"`
}

// Cycle is a past cycle, which nothing edits any more (O10).
type Cycle struct {
	Number  int     `json:"number"`
	Outcome Outcome `json:"outcome"`
	// ClosedAt is when it was closed, if it was.
	ClosedAt time.Time `json:"closed_at,omitzero"`
	// CycleDays is as on the root.
	CycleDays  *int      `json:"cycle_days,omitempty"`
	Reason     string    `json:"reason"`
	ReopenedAt time.Time `json:"reopened_at"`
	ReopenedBy string    `json:"reopened_by" host:"user"`
}
