package reliability

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"regexp"
	"strings"
	"sync"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
)

var decimalType = reflect.TypeFor[decimal.Decimal]()

// decimals are all places for a decimal in a method's input, found by reflection.
func (c *Call) decimals() []place {
	return c.placesOf(func(t reflect.Type) bool { return t == decimalType })
}

// hostMade are decimals that only a host can make: text that long is refused before.
var hostMade = sync.OnceValue(func() []decimal.Decimal {
	long := new(big.Int).Exp(big.NewInt(10), big.NewInt(1_000_000), nil)
	return []decimal.Decimal{
		decimal.New(1, math.MaxInt32), decimal.New(-1, math.MaxInt32), decimal.New(1, math.MinInt32), decimal.New(-1, math.MinInt32),
		decimal.New(0, math.MaxInt32), decimal.New(0, math.MinInt32),
		decimal.NewFromBigInt(long, 0), decimal.NewFromBigInt(long, -1_000_000), decimal.NewFromBigInt(long, math.MaxInt32), decimal.NewFromBigInt(long, math.MinInt32),
	}
})

// wireMade are the like, and others, as JSON text.
var wireMade = sync.OnceValue(func() []string {
	nines := strings.Repeat("9", 100_000)
	list := []string{"1e2147483647", "-1e2147483647", "1e-2147483648", "1e99999999999999999999", "0e2147483647", "1e100000", nines, "0." + nines, nines + "e-100000"}
	for _, s := range list {
		list = append(list, `"`+s+`"`)
	}
	return list
})

// bombed is one place for a decimal, and the call on a tenant.
type bombed struct {
	*bomber
	p  place
	w  *World
	id uuid.UUID
}

// call gives the call with a decimal in its place.
func (b *bombed) call(d decimal.Decimal, o ...pursuit.CallOption) (func() error, error) {
	args, err := b.p.call.Args(b, b.w, b.id)
	if err != nil {
		return nil, err
	}
	b.p.set(b.w, args, func(v reflect.Value) { v.Set(reflect.ValueOf(d)) })
	return func() error { return b.p.call.Do(b, b.w, b.id, args, o...) }, nil
}

// fields tries every decimal of every method's input: more are drawn by chance.
func (b *bomber) fields(calls []*Call, more int) error {
	wired := map[string]bool{}
	for i, c := range calls {
		places := c.decimals()
		if len(places) == 0 {
			continue
		}
		w, id, err := preparedCall(b, b.place, c, fmt.Sprint("field", i))
		if err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		before, err := Dump(b, b.place, w.Tenant)
		if err != nil {
			return err
		}
		for _, p := range places {
			x := &bombed{b, p, w, id}
			if err := x.field(more); err != nil {
				return fmt.Errorf("%s: %w", p, err)
			}
			if key := p.path; b.Site == Memory && !wired[key] { // decoding asks no store
				wired[key] = true
				if err := x.wire(); err != nil {
					return fmt.Errorf("%s: %w", p, err)
				}
			}
			b.places++
		}
		after, err := Dump(b, b.place, w.Tenant)
		if err != nil {
			return err
		}
		if after != before {
			b.Breach("%s left something: %s", c.Name, firstDifference(before, after))
		}
	}
	return nil
}

// field tries the decimals that a host makes.
func (b *bombed) field(more int) error {
	list := hostMade()
	for range more {
		list = append(list, b.drawn())
	}
	for i, d := range list {
		f, err := b.call(d)
		if err != nil {
			return err
		}
		what := fmt.Sprintf("%s of %d bits, exponent %d,", b.p, d.Coefficient().BitLen(), d.Exponent())
		if d.IsZero() { // may be taken, as zero
			continue
		}
		if err := b.light(what, f, d); !errors.Is(err, fault.ErrInvalid) || len(fault.FieldsOf(err)) == 0 {
			b.Breach("%s, the %dth, gives %v", what, i, err)
		}
	}
	return b.zeros()
}

// zeros tries decimals that are zero and have a large exponent. They may be taken.
func (b *bombed) zeros() error {
	for _, d := range hostMade() {
		if !d.IsZero() {
			continue
		}
		err := rehearse(b, b.place.Store, b.w, func(ctx context.Context, tx storage.Tx, x *World) error {
			y := *b
			y.w = x
			f, err := y.call(d)
			if err != nil {
				return err
			}
			before, err := known(ctx, tx, x.Tenant)
			if err != nil {
				return err
			}
			_ = b.light(fmt.Sprintf("%s of zero, exponent %d,", b.p, d.Exponent()), f, d)
			_, err = written(ctx, tx, x.Tenant, before) // is stored so that it can be read
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sentinel is a decimal that is found again in JSON.
const sentinel = "7.0625"

var keyed = regexp.MustCompile(`"(\w+)":"` + regexp.QuoteMeta(sentinel) + `"`)

// wire decodes the whole input with a bomb in the place.
func (b *bombed) wire() error {
	args, err := b.p.call.Args(b, b.w, b.id)
	if err != nil {
		return err
	}
	b.p.set(b.w, args, func(v reflect.Value) { v.Set(reflect.ValueOf(Dec(sentinel))) })
	good, err := json.Marshal(args[b.p.arg].Interface())
	if err != nil {
		return err
	}
	fresh := func() any { return reflect.New(b.p.call.In[b.p.arg]).Interface() }
	back := fresh()
	if err := json.Unmarshal(good, back); err != nil {
		return err
	}
	if again, err := json.Marshal(back); err != nil || !bytes.Equal(again, good) || !keyed.Match(good) {
		return fmt.Errorf("the input isn't the same after JSON: %s, %s, %w", good, again, err)
	}
	for _, bomb := range wireMade() {
		for _, to := range []string{`"$1":`, `"$1":"1","$1":`, strings.ToUpper(keyed.FindStringSubmatch(string(good))[1])} {
			if !strings.Contains(to, "$1") {
				to = `"` + to + `":`
			}
			text := keyed.ReplaceAll(good, []byte(to+bomb))
			what := fmt.Sprintf("%s as %.20s… in JSON", b.p, bomb)
			if err := b.light(what, func() error { return json.Unmarshal(text, fresh()) }, decimal.Zero); err == nil && !strings.HasPrefix(strings.Trim(bomb, `"`), "0e") {
				b.Breach("%s is taken", what)
			}
		}
	}
	return nil
}
