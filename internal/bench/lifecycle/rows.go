package lifecycle

import "github.com/uptrace/bun"

// The rows that everybody writes, as an application would declare them: columns
// in the tables' order, named by their fields.

type customerRow struct {
	bun.BaseModel `bun:"table:pursuit_customer,alias:c" gorm:"-"`
	Tenant        string `bun:",pk" gorm:"primaryKey"`
	ID            ident  `bun:",pk" gorm:"primaryKey"`
	Code          *string
	Name          string
	Kind          string
	Status        string
	ParentID      *ident
	Sector        string
	TaxID         string
	Email         string
	Phone         string
	URL           string
	Address       string
	Country       string
	Owner         string
	Department    string
	Description   string
	Attributes    *string
	NameKey       string
	EmailKey      string
	EmailDomain   string
	PhoneKey      string
	URLKey        string
	TaxKey        string
	Created       int64
	Updated       int64
	Version       int64
	JournalSeq    int64
	JournalHash   digest
}

func (customerRow) TableName() string { return "pursuit_customer" }

type contactRow struct {
	bun.BaseModel `bun:"table:pursuit_contact,alias:k" gorm:"-"`
	Tenant        string `bun:",pk" gorm:"primaryKey"`
	ID            ident  `bun:",pk" gorm:"primaryKey"`
	CustomerID    ident
	Name          string
	Title         string
	Email         string
	Phone         string
	IsPrimary     int64
	Active        int64
	Note          string
	Attributes    *string
	NameKey       string
	EmailKey      string
	EmailDomain   string
	PhoneKey      string
	Created       int64
	Updated       int64
}

func (contactRow) TableName() string { return "pursuit_contact" }

type opportunityRow struct {
	bun.BaseModel      `bun:"table:pursuit_opportunity,alias:o" gorm:"-"`
	Tenant             string `bun:",pk" gorm:"primaryKey"`
	ID                 ident  `bun:",pk" gorm:"primaryKey"`
	Number             string
	Created            int64
	Name               string
	NameKey            string
	Description        string
	CustomerID         ident
	BillToID           *ident
	EndUserID          *ident
	SourceID           *ident
	Department         string
	Owner              string
	ProcessID          ident
	ProcessVersionID   ident
	Stage              string
	Status             string
	Cycle              int64
	Currency           string
	Amount             int64
	Estimated          int64
	LineTotal          int64
	Quoted             int64
	Ordered            int64
	OverrideAmount     *int64
	Probability        int64
	ProbabilityByHand  int64
	Category           string
	CategoryByHand     int64
	ExpectedClose      string
	Rating             int64
	Attributes         *string
	Updated            int64
	Effective          int64
	StageEntered       int64
	HeldAt             *int64
	ResumeOn           string
	HoldReason         string
	WonAt              *int64
	LostAt             *int64
	VoidedAt           *int64
	ClosedAt           *int64
	LastActivity       *int64
	NextActivity       *int64
	CycleDays          *int64
	Outcome            *string
	Ticks              *string
	Approvals          *string
	PrimaryContactID   *ident
	PrimaryContactRole string
	OrderCancelled     int64
	Counts             string
	LedgerSeq          int64
	LedgerEffective    int64
	LedgerRecorded     int64
	Version            int64
	JournalSeq         int64
	JournalHash        digest

	Members []memberRow `bun:"rel:has-many,join:tenant=tenant,join:id=opportunity_id" gorm:"foreignKey:Tenant,OpportunityID;references:Tenant,ID"`
	Lines   []lineRow   `bun:"rel:has-many,join:tenant=tenant,join:id=opportunity_id" gorm:"foreignKey:Tenant,OpportunityID;references:Tenant,ID"`
}

func (opportunityRow) TableName() string { return "pursuit_opportunity" }

type memberRow struct {
	bun.BaseModel `bun:"table:pursuit_opportunity_member,alias:m" gorm:"-"`
	Tenant        string `bun:",pk" gorm:"primaryKey"`
	OpportunityID ident  `bun:",pk" gorm:"primaryKey"`
	UserID        string `bun:",pk" gorm:"primaryKey"`
	Role          string
	Access        string
	Split         int64
	Overlay       int64
	Joined        int64
}

func (memberRow) TableName() string { return "pursuit_opportunity_member" }

type lineRow struct {
	bun.BaseModel `bun:"table:pursuit_opportunity_line,alias:l" gorm:"-"`
	Tenant        string `bun:",pk" gorm:"primaryKey"`
	OpportunityID ident  `bun:",pk" gorm:"primaryKey"`
	Number        int64  `bun:",pk" gorm:"primaryKey;autoIncrement:false"`
	Product       string
	Description   string
	Quantity      string
	Unit          string
	Price         string
	Discount      string
	Tax           *string
	Amount        int64
	Currency      string
}

func (lineRow) TableName() string { return "pursuit_opportunity_line" }

type choiceRow struct {
	bun.BaseModel `bun:"table:pursuit_opportunity_choice,alias:x" gorm:"-"`
	Tenant        string `bun:",pk" gorm:"primaryKey"`
	OpportunityID ident  `bun:",pk" gorm:"primaryKey"`
	Sort          string `bun:",pk" gorm:"primaryKey"`
	Cycle         int64  `bun:",pk" gorm:"primaryKey;autoIncrement:false"`
	Position      int64  `bun:",pk" gorm:"primaryKey;autoIncrement:false"`
	EntryID       ident  `bun:",pk" gorm:"primaryKey"`
	Explanation   string
	Strengths     string
	Weaknesses    string
	Price         *int64
	Currency      string
	Added         *int64
}

func (choiceRow) TableName() string { return "pursuit_opportunity_choice" }

type ledgerRow struct {
	bun.BaseModel `bun:"table:pursuit_opportunity_ledger,alias:g" gorm:"-"`
	Tenant        string `bun:",pk" gorm:"primaryKey"`
	OpportunityID ident  `bun:",pk" gorm:"primaryKey"`
	Seq           int64  `bun:",pk" gorm:"primaryKey;autoIncrement:false"`
	EffectiveFrom int64
	EffectiveTo   int64
	RecordedFrom  int64
	RecordedTo    int64
	Status        string
	Stage         string
	Owner         string
	Department    string
	CustomerID    ident
	SourceID      *ident
	ProcessID     ident
	Currency      string
	Amount        int64
	Probability   int64
	Category      string
	ExpectedClose string
	CycleDays     *int64
	Cycle         int64
	Event         string
	Entry         int64
	ByUser        string
	Progress      string
	FromStage     string
	Summary       string
}

func (ledgerRow) TableName() string { return "pursuit_opportunity_ledger" }

type orderRow struct {
	bun.BaseModel `bun:"table:pursuit_sales_order,alias:s" gorm:"-"`
	Tenant        string `bun:",pk" gorm:"primaryKey"`
	ID            ident  `bun:",pk" gorm:"primaryKey"`
	Number        string
	OpportunityID ident
	CustomerID    ident
	BillToID      *ident
	EndUserID     *ident
	Department    string
	Owner         string
	Currency      string
	Status        string
	Reference     string
	Total         int64
	TaxTreatment  string
	Gross         int64
	OverDelivery  string
	Delivered     int64
	Invoiced      int64
	Received      int64
	Created       int64
	Updated       int64
	Effective     int64
	ConfirmedAt   *int64
	CompletedAt   *int64
	CancelledAt   *int64
	Reason        string
	LineCount     int64
	Version       int64
	JournalSeq    int64
	JournalHash   digest
}

func (orderRow) TableName() string { return "pursuit_sales_order" }

type orderLineRow struct {
	bun.BaseModel `bun:"table:pursuit_sales_order_line,alias:sl" gorm:"-"`
	Tenant        string `bun:",pk" gorm:"primaryKey"`
	OrderID       ident  `bun:",pk" gorm:"primaryKey"`
	Number        int64  `bun:",pk" gorm:"primaryKey;autoIncrement:false"`
	Product       string
	Description   string
	Quantity      string
	Unit          string
	Price         string
	Discount      string
	Tax           *string
	Amount        int64
	Currency      string
	Due           string
}

func (orderLineRow) TableName() string { return "pursuit_sales_order_line" }

type journalRow struct {
	bun.BaseModel `bun:"table:pursuit_journal,alias:j" gorm:"-"`
	Tenant        string `bun:",pk" gorm:"primaryKey"`
	Kind          string `bun:",pk" gorm:"primaryKey"`
	AggregateID   ident  `bun:",pk" gorm:"primaryKey"`
	Seq           int64  `bun:",pk" gorm:"primaryKey;autoIncrement:false"`
	ID            ident
	Version       int64
	Type          string
	Payload       string
	Effective     int64
	Recorded      int64
	ByUser        string
	PrevHash      digest
	Hash          digest
	Relayed       int64
}

func (journalRow) TableName() string { return "pursuit_journal" }
