package archive_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
)

var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func id(n uint64) (u uuid.UUID) {
	binary.BigEndian.PutUint64(u[8:], n)
	return u
}

// ids gives growing ids.
func ids(from uint64) func() uuid.UUID {
	return func() uuid.UUID { from++; return id(from) }
}

func at(minute int) journal.Moment {
	t := start.Add(time.Duration(minute) * time.Minute)
	return journal.Moment{Effective: t, Recorded: t, By: "ann"}
}

func input(kind archive.Kind) archive.CreateInput {
	return archive.CreateInput{Kind: kind, Code: "fair-2026", Names: map[string]string{"en": "Trade fair", "zh-CN": "展会"}}
}

func stored(t *testing.T, in archive.CreateInput) archive.Record {
	t.Helper()
	a, err := archive.New(id(1), "acme", in, at(0))
	require.NoError(t, err)
	c, err := a.Change(ids(100))
	require.NoError(t, err)
	return archive.Record{Entry: c.Entry, Head: c.Head}
}

// wrong gives "path code" of every field.
func wrong(err error) []string {
	var list []string
	for _, f := range fault.FieldsOf(err) {
		list = append(list, f.Path+" "+f.Code)
	}
	return list
}

func TestA01_NewEntry(t *testing.T) {
	for _, kind := range archive.Kinds() {
		in := input(kind)
		in.Names["zh-hans-cn"] = " 展会 "
		in.Attributes = map[string]string{"budget": "1000"}
		a, err := archive.New(id(1), "acme", in, at(3))
		require.NoError(t, err)
		require.Equal(t, archive.Entry{
			ID: id(1), Tenant: "acme", Kind: kind, Code: "fair-2026", Status: archive.Active, Version: 1,
			Names:      map[string]string{"en": "Trade fair", "zh-CN": "展会", "zh-Hans-CN": "展会"},
			Attributes: map[string]string{"budget": "1000"},
			Created:    at(3).Recorded, Updated: at(3).Recorded,
		}, a.Entry)

		in.Attributes["budget"] = "changed later"
		c, err := a.Change(ids(10))
		require.NoError(t, err)
		require.Equal(t, "1000", c.Entry.Attributes["budget"], "shares nothing with the input")
		require.Zero(t, c.Expected)
		require.False(t, c.Delete)
		require.Len(t, c.Entries, 1)
		require.Equal(t, archive.EventCreated, c.Entries[0].Type)
		require.Equal(t, journal.KindArchive, c.Entries[0].Kind)
		require.EqualValues(t, 1, c.Entries[0].Version)
		require.NoError(t, journal.Verify(c.Entries, c.Head))
	}
	require.False(t, archive.Kind("planet").Valid())
	require.True(t, archive.Retired.Valid())
	require.False(t, archive.Status("").Valid())
}

func TestA01_EveryFaultIsListed(t *testing.T) {
	_, err := archive.New(id(1), "", archive.CreateInput{
		Kind: "planet", Code: "a b", Names: map[string]string{"e": "x", "en": " ", "EN": "twice"},
		NeedsExplanation: true, NeedsCompetitor: true,
		Description: strings.Repeat("x", archive.MaxDescription+1), Attributes: map[string]string{"Bad": "x"},
	}, at(0))
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, "archive.invalid", fault.CodeOf(err))
	require.Equal(t, []string{
		"/tenant required", "/kind unknown", "/code bad_code", "/names bad_language", "/names/en required",
		"/names/en repeated", "/needs_explanation wrong_kind", "/needs_competitor wrong_kind",
		"/description too_long", "/attributes bad_key",
	}, wrong(err))

	_, err = archive.New(id(1), "acme", archive.CreateInput{Kind: archive.Source}, at(0))
	require.Equal(t, []string{"/code required", "/names required"}, wrong(err))

	in := input(archive.Source)
	for i := range archive.MaxNames {
		in.Names[fmt.Sprintf("en-x-%d0", i)] = "x"
	}
	_, err = archive.New(id(1), "acme", in, at(0))
	require.Equal(t, []string{"/names too_many"}, wrong(err))

	_, err = archive.New(uuid.Nil, "acme", input(archive.Source), at(0))
	require.ErrorIs(t, err, fault.ErrInternal)
}

func TestA01_Languages(t *testing.T) {
	for tag, want := range map[string]string{
		"en": "en", "EN-us": "en-US", "zh-hant-tw": "zh-Hant-TW", "es-419": "es-419", "de-CH-1901": "de-CH-1901",
		"x": "", "x-private": "", "1a": "", "en-": "", "en--us": "", "en_US": "", "en-x-AB": "en-x-ab", "en-x": "",
		"": "", "中文": "", "abcdefghi": "", "en-abcdefghi": "", "en-" + strings.Repeat("abcdefg-", 5): "",
	} {
		in := input(archive.Source)
		in.Names = map[string]string{tag: "name"}
		a, err := archive.New(id(1), "acme", in, at(0))
		if want == "" {
			require.Equal(t, []string{"/names bad_language"}, wrong(err), tag)
			continue
		}
		require.NoError(t, err, tag)
		require.Equal(t, map[string]string{want: "name"}, a.Entry.Names)
	}
}

func TestA01_NameFallsBack(t *testing.T) {
	e := archive.Entry{Code: "fair", Names: map[string]string{"en": "Fair", "zh-Hant": "展會", "zh-CN": "展会", "de-AT": "Messe"}}
	for lang, want := range map[string]string{
		"en": "Fair", "en-GB": "Fair", "zh-hant-tw": "展會", "zh-CN": "展会", "zh": "展会", "zh-SG": "展会",
		"de": "Messe", "de-CH": "Messe", "fr": "Fair", "": "Fair", "??": "Fair",
	} {
		require.Equal(t, want, e.Name(lang), lang)
	}
	delete(e.Names, "en")
	require.Equal(t, "Messe", e.Name("fr"), "the first in order")
	require.Equal(t, "fair", archive.Entry{Code: "fair"}.Name("en"))
}

func TestA02_RetiredCantBeChosen(t *testing.T) {
	a := archive.Open(stored(t, input(archive.Source)))
	var f fault.Fields
	archive.Usable(a.Entry, archive.Source, "/source", &f)
	require.True(t, f.Empty())

	require.NoError(t, a.Retire(at(1)))
	archive.Usable(a.Entry, archive.Source, "/source", &f)
	require.Equal(t, []string{"/source retired"}, wrong(f.Invalid("x")))
	require.Equal(t, "展会", a.Entry.Name("zh-CN"), "stays readable")
	require.EqualValues(t, 2, a.Entry.Version)
	require.Equal(t, at(1).Recorded, a.Entry.Updated)

	err := a.Retire(at(2))
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, "archive.retired", fault.CodeOf(err))
	require.NoError(t, a.Activate(at(2)))
	require.Equal(t, archive.Active, a.Entry.Status)
	err = a.Activate(at(3))
	require.ErrorIs(t, err, fault.ErrNotAllowed)
	require.Equal(t, "archive.active", fault.CodeOf(err))

	c, err := a.Change(ids(200))
	require.NoError(t, err)
	require.EqualValues(t, 1, c.Expected)
	require.EqualValues(t, 2, c.Entry.Version, "two commands before one Change make one version")
	require.Len(t, c.Entries, 2, "the refused ones leave nothing")
}

func TestA03_KindAndCodeAreFixed(t *testing.T) {
	rec := stored(t, input(archive.WinReason))
	a := archive.Open(rec)
	in := input(archive.LossReason)
	in.Code = "other"
	in.NeedsCompetitor = true
	err := a.Update(in.Update(), at(1))
	require.ErrorIs(t, err, fault.ErrInvalid)
	require.Equal(t, []string{"/kind fixed", "/code fixed", "/needs_competitor wrong_kind"}, wrong(err))
	require.Equal(t, rec.Entry, a.Entry, "nothing changed")
	_, err = a.Change(ids(200))
	require.ErrorIs(t, err, fault.ErrInternal)
	require.Equal(t, "archive.unchanged", fault.CodeOf(err))

	for _, kind := range []archive.Kind{"", archive.WinReason} {
		in = archive.CreateInput{Kind: kind, Names: map[string]string{"en": "Price"}, Description: "said so", NeedsExplanation: true}
		a = archive.Open(rec)
		require.NoError(t, a.Update(in.Update(), at(1)))
		require.Equal(t, archive.WinReason, a.Entry.Kind)
		require.Equal(t, "fair-2026", a.Entry.Code)
		require.Equal(t, "Price", a.Entry.Name("en"))
		c, err := a.Change(ids(200))
		require.NoError(t, err)
		var p archive.UpdatedPayload
		require.NoError(t, json.Unmarshal(c.Entries[0].Payload, &p))
		require.Equal(t, []string{"names", "needs_explanation", "description"}, p.Changed)
	}
}

func TestA03_ReasonsServeTheirOwnKind(t *testing.T) {
	win := stored(t, input(archive.WinReason)).Entry
	loss := stored(t, input(archive.LossReason)).Entry
	var f fault.Fields
	archive.Usable(win, archive.WinReason, "/reasons/0", &f)
	archive.Usable(loss, archive.LossReason, "/reasons/1", &f)
	require.True(t, f.Empty())
	loss.Status = archive.Retired
	archive.Usable(win, archive.LossReason, "/reasons/0", &f)
	archive.Usable(loss, archive.WinReason, "/reasons/1", &f)
	require.Equal(t, []string{"/reasons/0 wrong_kind", "/reasons/1 wrong_kind", "/reasons/1 retired"}, wrong(f.Invalid("x")))
	require.Contains(t, f.List()[0].Message, "loss reason")
}

func TestA04_InUseIsNotDeleted(t *testing.T) {
	rec := stored(t, input(archive.Competitor))
	a := archive.Open(rec)
	err := a.Delete(true, at(1))
	require.ErrorIs(t, err, fault.ErrInUse)
	require.Equal(t, "archive.in_use", fault.CodeOf(err))
	require.Equal(t, rec.Entry, a.Entry)

	require.NoError(t, a.Delete(false, at(1)))
	c, err := a.Change(ids(200))
	require.NoError(t, err)
	require.True(t, c.Delete)
	require.EqualValues(t, 1, c.Expected)
	require.Equal(t, archive.EventDeleted, c.Entries[0].Type)
	for _, again := range []error{
		a.Delete(false, at(2)), a.Retire(at(2)), a.Activate(at(2)), a.Update(input("").Update(), at(2)),
	} {
		require.ErrorIs(t, again, fault.ErrNotAllowed)
		require.Equal(t, "archive.deleted", fault.CodeOf(again))
	}

	fresh, err := archive.New(id(2), "acme", input(archive.Source), at(0))
	require.NoError(t, err)
	require.Equal(t, "archive.new", fault.CodeOf(fresh.Delete(false, at(1))))
}

func TestA05_ReasonsDemandMore(t *testing.T) {
	in := input(archive.LossReason)
	in.NeedsExplanation, in.NeedsCompetitor = true, true
	e := stored(t, in).Entry
	var f fault.Fields
	archive.Demands(e, " \n", false, "/reasons/0", &f)
	require.Equal(t, []string{"/reasons/0 needs_explanation", "/reasons/0 needs_competitor"}, wrong(f.NotAllowed("x", "")))
	f = fault.Fields{}
	archive.Demands(e, "cheaper by half", true, "/reasons/0", &f)
	archive.Demands(stored(t, input(archive.WinReason)).Entry, "", false, "/reasons/1", &f)
	require.True(t, f.Empty())

	in.Kind = archive.WinReason
	_, err := archive.New(id(1), "acme", in, at(0))
	require.Equal(t, []string{"/needs_competitor wrong_kind"}, wrong(err))
}

func TestCloneSharesNothing(t *testing.T) {
	e := stored(t, input(archive.Source)).Entry
	c := e.Clone()
	c.Names["en"] = "changed"
	require.Equal(t, "Trade fair", e.Names["en"])
}
