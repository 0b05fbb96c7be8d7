package pursuit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/storage"
)

// Numbered is a sort of things that have numbers.
type Numbered string

// What has numbers.
const (
	NumberedOpportunity Numbered = "opportunity"
	NumberedQuote       Numbered = "quote"
	NumberedOrder       Numbered = "order"
)

// Series is what the numbers of one series look like: "OPP-2026-000123" has the prefix
// "OPP", the year and the width 6. Each prefix, and with years each year, counts from 1.
type Series struct {
	// Prefix has 1 to MaxNumberPrefix letters, digits and "._-/".
	Prefix string
	// Yearless leaves the year out; the series then goes on for ever.
	Yearless bool
	// Width is how many digits a number has at least, up to 12; 6 if it is 0.
	Width int
}

// MaxNumberPrefix bounds the prefix of a series, in characters.
const MaxNumberPrefix = 16

// NumberInput is what Options.Numbers is asked for: the number of a thing that is being
// made.
type NumberInput struct {
	Actor Actor
	Of    Numbered
	// On is the day of the thing's making in the tenant's time zone.
	On calendar.Date
	// Tx is the transaction that it is made in; sqlstore.ConnOf gives its connection. What
	// the host writes in it is undone if the command is refused after all.
	Tx storage.Tx
}

// series gives the form of a tenant's numbers. of gives the prefix where the host has
// nothing to say.
func (s *Session) series(of Numbered, prefix string) (Series, error) {
	out := Series{Prefix: prefix}
	if f := s.eng.opts.Series; f != nil {
		out = guarded("Series", func() Series { return f(s.actor.Tenant, of) })
		if out == (Series{}) {
			out.Prefix = prefix
		}
	}
	var f fault.Fields
	text.Code(&f, "/prefix", out.Prefix, 1)
	if len(out.Prefix) > MaxNumberPrefix {
		f.Add("/prefix", "too_long", "is too long")
	}
	if out.Width < 0 || out.Width > 12 {
		f.Add("/width", "out_of_range", "must be 0 to 12")
	}
	if !f.Empty() {
		return Series{}, fault.New(fault.ErrHost, "host.series", "Options.Series gives what no number can be made of", f.List()...)
	}
	if out.Width == 0 {
		out.Width = 6
	}
	return out, nil
}

// asked gets a number of the host's own series.
func (x *numbering) asked(ctx context.Context, c *command, of Numbered, on time.Time) (number string, err error) {
	s := x.s
	in := NumberInput{Actor: s.Actor(), Of: of, On: calendar.Of(on, s.eng.zone(s.actor.Tenant)), Tx: c.tx}
	defer func() {
		if recover() != nil {
			number, err = "", panicked("Numbers")
		}
	}()
	number, err = s.eng.opts.Numbers(s.calling(ctx), in)
	if err != nil {
		return "", hosted(ctx, err, "host.numbers", "the host gives no number")
	}
	var f fault.Fields
	text.Key(&f, "/number", number, 1, text.MaxCode)
	if !f.Empty() {
		return "", fault.New(fault.ErrHost, "host.numbers", "the host gives what can't be a number", f.List()...)
	}
	return number, nil
}

// taken reports whether a command was refused because somebody else has its number.
func taken(err error) bool {
	return errors.Is(err, fault.ErrDuplicate) && strings.HasSuffix(fault.CodeOf(err), ".number.taken")
}

// located names the place of a number or a code that is taken.
func located(err error) error {
	var e *fault.Error
	if !errors.Is(err, fault.ErrDuplicate) || !errors.As(err, &e) || len(e.Fields) > 0 {
		return err
	}
	path := ""
	switch {
	case strings.HasSuffix(e.Code, ".number.taken"):
		path = "/number"
	case strings.HasSuffix(e.Code, ".code.taken"):
		path = "/code"
	default:
		return err
	}
	named := *e
	named.Fields = []fault.Field{{Path: path, Code: "taken", Message: "is taken"}}
	return &named
}

func (x Series) name(on time.Time) string {
	if x.Yearless {
		return x.Prefix
	}
	return fmt.Sprintf("%s-%04d", x.Prefix, on.Year())
}
