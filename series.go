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

// Numbered is a kind of record with numbers.
type Numbered string

// The kinds of records with numbers.
const (
	NumberedOpportunity Numbered = "opportunity"
	NumberedQuote       Numbered = "quote"
	NumberedOrder       Numbered = "order"
)

// Series is the form of a series' numbers: "OPP-2026-000123" has the prefix
// "OPP", the year and the width 6. Each prefix, and with years each year, counts
// from 1.
type Series struct {
	// Prefix has 1 to MaxNumberPrefix letters, digits and "._-/".
	Prefix string
	// Yearless omits the year; the series then continues for ever.
	Yearless bool
	// Width is the least number of digits, up to 12; 0 means 6.
	Width int
}

// MaxNumberPrefix is the longest prefix of a series, in characters.
const MaxNumberPrefix = 16

// NumberInput is the input of Options.Numbers: the number of a new record.
type NumberInput struct {
	Actor Actor
	Of    Numbered
	// On is the day of creation in the tenant's time zone.
	On calendar.Date
	// Tx is the command's transaction; sqlstore.ConnOf returns its connection.
	// The host's writes in it are undone if the command fails.
	Tx storage.Tx
}

// series returns the form of a tenant's numbers. prefix is the default if the
// host sets none.
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

// asked gets a number from the host's own series.
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

// taken reports whether a command was refused because its number is taken.
func taken(err error) bool {
	return errors.Is(err, fault.ErrDuplicate) && strings.HasSuffix(fault.CodeOf(err), ".number.taken")
}

// located sets the path of a taken number or code.
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
