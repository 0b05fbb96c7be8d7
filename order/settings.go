package order

import (
	"encoding/json"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/internal/wire"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/money"
)

// The types of a sales system's events in the journal.
const (
	EventEnabled     = "sales_system.enabled.v1"
	EventInitialised = "sales_system.initialised.v1"
	EventDisabled    = "sales_system.disabled.v1"
)

var settingsEvents = journal.NewRegistry(journal.KindSales,
	func(s *Settings) journal.Marks {
		return journal.Marks{Version: &s.Version, Updated: &s.Updated, Effective: &s.Effective, Head: &s.Head}
	},
	journal.On(EventEnabled, func(_ *EnabledPayload, s *Settings, _ journal.Moment) { s.Enabled = true }),
	journal.On(EventInitialised, (*InitialisedPayload).apply),
	journal.On(EventDisabled, func(_ *DisabledPayload, s *Settings, _ journal.Moment) { s.Enabled = false }),
)

func (e *InitialisedPayload) apply(s *Settings, _ journal.Moment) {
	s.Initialised, s.BaseCurrency, s.NumberPrefix, s.TaxTreatment = true, e.BaseCurrency, e.NumberPrefix, e.TaxTreatment
	s.SeveralOrders, s.OverDelivery = e.SeveralOrders, e.OverDelivery
}

// DefaultNumberPrefix is the prefix of order numbers unless the initialisation
// sets one; MaxNumberPrefix is its limit, in characters.
const (
	DefaultNumberPrefix = "ORD"
	MaxNumberPrefix     = 16
	// MaxOverDelivery is the largest allowed over-delivery, in percent.
	MaxOverDelivery = 100
)

// Ready returns nil if orders may be worked on. Errors: ErrSalesSystemDisabled,
// ErrSalesSystemNotInitialised (Q01).
func (s Settings) Ready() error {
	switch {
	case !s.Enabled:
		return fault.New(fault.ErrSalesSystemDisabled, "sales_system.disabled", "the sales system isn't enabled")
	case !s.Initialised:
		return fault.New(fault.ErrSalesSystemNotInitialised, "sales_system.not_initialised", "the sales system isn't initialised")
	}
	return nil
}

// InitialiseInput holds the settings of an initialisation (Q01).
type InitialiseInput struct {
	BaseCurrency money.Currency `json:"base_currency"`
	// NumberPrefix is DefaultNumberPrefix if empty.
	NumberPrefix string `json:"number_prefix,omitempty"`
	// TaxTreatment is TaxExclusive if empty.
	TaxTreatment money.TaxTreatment `json:"tax_treatment,omitempty"`
	// SeveralOrders allows more than one order of an opportunity (Q04).
	SeveralOrders bool `json:"several_orders,omitempty"`
	// OverDelivery is in percent, 0 to 100, with up to 4 decimals (Q07). It
	// applies to orders created afterwards.
	OverDelivery decimal.Decimal `json:"over_delivery"`
}

// UnmarshalJSON decodes the input. It refuses an overlong decimal before parsing
// it. Errors: ErrInvalid ("decimal.invalid").
func (in *InitialiseInput) UnmarshalJSON(b []byte) error {
	type plain InitialiseInput
	return json.Unmarshal(b, &struct {
		*plain
		OverDelivery wire.Decimal `json:"over_delivery"`
	}{(*plain)(in), wire.Into("/over_delivery", &in.OverDelivery)})
}

// SettingsAggregate is the guarded aggregate of a tenant's settings: a command
// makes its whole change, or returns an error and changes nothing.
type SettingsAggregate struct {
	s       Settings
	pending journal.Pending[Settings]
}

// OpenSettings returns the aggregate of stored settings, or of the zero Settings
// with Tenant set.
func OpenSettings(s Settings) *SettingsAggregate {
	s.OverDelivery = money.Canonical(s.OverDelivery)
	return &SettingsAggregate{s: s, pending: settingsEvents.Pending(s.Version)}
}

// Settings returns the current state.
func (x *SettingsAggregate) Settings() Settings { return x.s }

func (x *SettingsAggregate) begin(at journal.Moment) error {
	return at.Begin(x.pending.Empty(), x.s.Effective, "sales_system.pending", "sales_system.moment.future", "sales_system.moment.backwards")
}

// Enable enables the sales system 启用. If it was initialised before, it is ready
// at once. Errors: ErrNotAllowed if it is enabled.
func (x *SettingsAggregate) Enable(at journal.Moment) error {
	if err := x.begin(at); err != nil {
		return err
	}
	if x.s.Enabled {
		return fault.NotAllowed("sales_system.enabled", "the sales system is already enabled")
	}
	x.pending.Do(&x.s, &EnabledPayload{}, at)
	return nil
}

// Disable disables it: orders can't be worked on or queried until it is enabled
// again; nothing is lost (Q01). Errors: ErrSalesSystemDisabled if it is already
// disabled.
func (x *SettingsAggregate) Disable(at journal.Moment) error {
	if err := x.begin(at); err != nil {
		return err
	}
	if !x.s.Enabled {
		return x.s.Ready()
	}
	x.pending.Do(&x.s, &DisabledPayload{}, at)
	return nil
}

// Initialise initialises the sales system 初始化. Repeat it to change the number
// prefix and the rules for orders; the first initialisation fixes base currency
// and tax treatment. Errors: ErrSalesSystemDisabled; ErrInvalid with all fields
// at fault; ErrNotAllowed for a change of a fixed setting.
func (x *SettingsAggregate) Initialise(in InitialiseInput, at journal.Moment) error {
	if err := x.begin(at); err != nil {
		return err
	}
	if !x.s.Enabled {
		return x.s.Ready()
	}
	if in.NumberPrefix == "" {
		in.NumberPrefix = DefaultNumberPrefix
	}
	if in.TaxTreatment == "" {
		in.TaxTreatment = money.TaxExclusive
	}
	var f, fixed fault.Fields
	if !in.BaseCurrency.Valid() {
		f.Add("/base_currency", "unknown", "must be an active ISO 4217 currency")
	}
	text.Code(&f, "/number_prefix", in.NumberPrefix, 1)
	if len(in.NumberPrefix) > MaxNumberPrefix {
		f.Add("/number_prefix", "too_long", "has at most 16 characters")
	}
	if !in.TaxTreatment.Valid() {
		f.Add("/tax_treatment", "unknown", "must be exclusive or inclusive")
	}
	if err := money.CheckDecimal(in.OverDelivery, 3, 4); err != nil {
		f.Merge("/over_delivery", err)
	} else {
		in.OverDelivery = money.Canonical(in.OverDelivery)
		if in.OverDelivery.IsNegative() || in.OverDelivery.GreaterThan(decimal.NewFromInt(MaxOverDelivery)) {
			f.Add("/over_delivery", "out_of_range", "must be 0 to 100 per cent")
		}
	}
	if err := f.Invalid("sales_system.invalid"); err != nil {
		return err
	}
	if x.s.Initialised && in.BaseCurrency != x.s.BaseCurrency {
		fixed.Add("/base_currency", "fixed", "can't be changed")
	}
	if x.s.Initialised && in.TaxTreatment != x.s.TaxTreatment {
		fixed.Add("/tax_treatment", "fixed", "can't be changed")
	}
	if err := fixed.NotAllowed("sales_system.fixed", "the setting was fixed when the sales system was first initialised"); err != nil {
		return err
	}
	ev := &InitialisedPayload{Initialisation: Initialisation(in)}
	if x.s.Initialised {
		ev.Before = &Initialisation{x.s.BaseCurrency, x.s.NumberPrefix, x.s.TaxTreatment, x.s.SeveralOrders, x.s.OverDelivery}
	}
	x.pending.Do(&x.s, ev, at)
	return nil
}

// Change returns everything the commands since loading have to write; ok is false
// if nothing changed. Settings have no id: their chain is that of uuid.Nil.
// Errors: ErrInternal if a payload can't be encoded.
func (x *SettingsAggregate) Change(newID func() uuid.UUID) (c SettingsChange, ok bool, err error) {
	if x.pending.Empty() {
		return SettingsChange{}, false, nil
	}
	c.Expected = x.pending.Loaded()
	if c.Entries, err = x.pending.Take(&x.s, x.s.Tenant, uuid.Nil, newID); err != nil {
		return SettingsChange{}, false, err
	}
	c.Settings = x.s
	return c, true, nil
}

// ReplaySettings rebuilds settings from their whole journal (J05); without
// entries it returns the zero Settings. Errors: ErrCorrupt.
func ReplaySettings(entries []journal.Entry) (s Settings, err error) {
	if len(entries) > 0 {
		if s, _, err = settingsEvents.Replay(entries, nil); err != nil {
			return Settings{}, err
		}
		s.Tenant = entries[0].Tenant
	}
	s.OverDelivery = money.Canonical(s.OverDelivery)
	return s, nil
}
