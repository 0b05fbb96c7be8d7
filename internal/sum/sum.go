package sum

import "github.com/pursuit-crm/pursuit/money"

// Calc does sums and keeps the first error, which its user looks at at the end.
type Calc struct {
	Currency money.Currency
	Err      error
}

// Keep returns m, or zero if there is an error.
func (c *Calc) Keep(m money.Money, err error) money.Money {
	if err != nil {
		if c.Err == nil {
			c.Err = err
		}
		return money.Zero(c.Currency)
	}
	return m
}

// Add returns a + b.
func (c *Calc) Add(a, b money.Money) money.Money { return c.Keep(a.Add(b)) }

// Sub returns a − b.
func (c *Calc) Sub(a, b money.Money) money.Money { return c.Keep(a.Sub(b)) }
