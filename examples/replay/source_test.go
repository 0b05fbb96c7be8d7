package main

import (
	"io"
	"io/fs"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
)

// files is a set in memory.
type files map[string]string

func (f files) open(name string) (io.ReadCloser, error) {
	if text, ok := f[name]; ok {
		return io.NopCloser(strings.NewReader(text)), nil
	}
	return nil, fs.ErrNotExist
}

const header8 = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"

// small is a set without faults, with some rows of the pipeline.
func small(rows ...string) files {
	return files{
		accountsFile: "account,sector,year_established,revenue,employees,office_location,subsidiary_of\n" +
			"Child,medical,1996,1.5,3,Kenya,Parent\nParent,technolgy,1990,10,20,Norway,\n",
		productsFile: "product,series,sales_price\nGTX Pro,GTX,4821\nMG Special,MG,55\n",
		teamsFile:    "sales_agent,manager,regional_office\nAnn,Meg,West\nBob,Max,East\n",
		pipelineFile: header8 + strings.Join(rows, "\n"),
	}
}

func (f files) with(name, text string) files {
	f[name] = text
	return f
}

// faults gives "file:line path code …" of everything that was rejected.
func faults(list []rejection) []string {
	var out []string
	for _, r := range list {
		s := r.File + ":" + string(rune('0'+r.Line))
		for _, f := range r.Fields {
			s += " " + f.Path + " " + f.Code
		}
		out = append(out, s)
	}
	return out
}

func TestReadsGoodRows(t *testing.T) {
	d, err := read(small(
		"A,Ann,GTXPro,Child,Won,2017-01-02,2017-01-02,4000.50",
		`B,"Bob",MG Special,"",Engaging,2017-01-02,,`,
		"", // no row
		"C,Bob,MG Special,Parent,Prospecting,,,",
		"D,Bob,MG Special,Parent,Lost,2016-02-29,2017-01-03,0",
	).open)
	require.NoError(t, err)
	require.Empty(t, d.rejected)
	require.Equal(t, 4, d.read)
	require.Len(t, d.rows, 4)
	a := d.rows[0]
	require.Equal(t, []mending{{2, "product", "GTXPro", "GTX Pro"}}, a.mendings)
	require.Equal(t, "GTX Pro", a.product)
	require.Equal(t, "4821", a.list.String())
	require.Equal(t, "4000.5", a.value.String())
	require.Equal(t, "West", a.office)
	require.Equal(t, []mending{{3, "account", "", "Unknown"}}, d.rows[1].mendings)
	require.Equal(t, 5, d.rows[2].line, "lines are counted as an editor does")
	require.Equal(t, "Parent", d.accounts[0].name, "parents come first")
	require.Equal(t, "technolgy", d.accounts[0].sector, "kept as it is spelt")
	require.Equal(t, map[string]string{"year_established": "1990", "revenue": "10", "employees": "20", "office_location": "Norway"}, d.accounts[0].attributes)
}

func TestReadsWhatOtherProgramsWrite(t *testing.T) {
	f := small("A,Ann,GTXPro,Child,Won,2017-01-02,2017-03-01,4000", "B,Bob,MG Special,,Engaging,2017-01-02,,")
	for name, text := range f {
		f[name] = "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n")
	}
	f[teamsFile] = "note,regional_office,manager,sales_agent\nx,West,Meg,Ann\ny,East,Max,Bob\n"
	d, err := read(f.open)
	require.NoError(t, err)
	require.Empty(t, d.rejected)
	require.Len(t, d.rows, 2)
	require.Equal(t, agent{"Meg", "West"}, d.agents["Ann"])
}

func TestNamesEveryFaultByLine(t *testing.T) {
	long := strings.Repeat("x", maxText+1)
	for name, c := range map[string]struct{ row, want string }{
		"unknown agent":        {"A,Nobody,GTX Pro,Child,Engaging,2017-01-02,,", "/sales_agent unknown"},
		"no agent":             {"A,,GTX Pro,Child,Engaging,2017-01-02,,", "/sales_agent unknown"},
		"unknown product":      {"A,Ann,GTX pro,Child,Engaging,2017-01-02,,", "/product unknown"},
		"blank is not mended":  {"A,Ann,GTX Pro ,Child,Engaging,2017-01-02,,", "/product unknown"},
		"unknown account":      {"A,Ann,GTX Pro,child,Engaging,2017-01-02,,", "/account unknown"},
		"unknown stage":        {"A,Ann,GTX Pro,Child,won,2017-01-02,2017-01-03,1", "/deal_stage unknown"},
		"no such day":          {"A,Ann,GTX Pro,Child,Engaging,2017-02-29,,", "/engage_date bad_date"},
		"other date format":    {"A,Ann,GTX Pro,Child,Won,2/1/2017,2017-03-01,1", "/engage_date bad_date"},
		"won without dates":    {"A,Ann,GTX Pro,Child,Won,,,1", "/engage_date required /close_date required"},
		"lost without value":   {"A,Ann,GTX Pro,Child,Lost,2017-01-02,2017-01-03,", "/close_value required"},
		"close before engage":  {"A,Ann,GTX Pro,Child,Won,2017-01-02,2017-01-01,1", "/close_date before_engage"},
		"negative value":       {"A,Ann,GTX Pro,Child,Won,2017-01-02,2017-01-03,-1", "/close_value negative"},
		"value in words":       {"A,Ann,GTX Pro,Child,Won,2017-01-02,2017-01-03,1e9", "/close_value bad_number"},
		"fractions of cents":   {"A,Ann,GTX Pro,Child,Won,2017-01-02,2017-01-03,1.005", "/close_value bad_number"},
		"too large":            {"A,Ann,GTX Pro,Child,Won,2017-01-02,2017-01-03,1000000000000", "/close_value bad_number"},
		"engaging but closed":  {"A,Ann,GTX Pro,Child,Engaging,2017-01-02,2017-01-03,1", "/close_date contradiction /close_value contradiction"},
		"prospecting, engaged": {"A,Ann,GTX Pro,Child,Prospecting,2017-01-02,,", "/engage_date contradiction"},
		"engaging, never":      {"A,Ann,GTX Pro,Child,Engaging,,,", "/engage_date required"},
		"no id":                {",Ann,GTX Pro,Child,Engaging,2017-01-02,,", "/opportunity_id required"},
		"long id":              {long + ",Ann,GTX Pro,Child,Engaging,2017-01-02,,", "/opportunity_id too_long"},
		"blank at the end":     {"A ,Ann,GTX Pro,Child,Engaging,2017-01-02,,", "/opportunity_id blank_ends"},
		"not UTF-8":            {"\xff,Ann,GTX Pro,Child,Engaging,2017-01-02,,", "/opportunity_id bad_utf8"},
		"control character":    {"A\x00B,Ann,GTX Pro,Child,Engaging,2017-01-02,,", "/opportunity_id control"},
		"duplicate":            {"FIRST,Ann,GTX Pro,Child,Engaging,2017-01-02,,", "/opportunity_id duplicate"},
		"missing column":       {"A,Ann,GTX Pro,Child,Engaging,2017-01-02,", "/ columns"},
		"column too many":      {"A,Ann,GTX Pro,Child,Engaging,2017-01-02,,,", "/ columns"},
		"open quote":           {`A,"Ann,GTX Pro,Child,Engaging,2017-01-02,,`, "/ csv"},
		"quote inside":         {`A,Ann"x",GTX Pro,Child,Engaging,2017-01-02,,`, "/ csv"},
		"all at once":          {"A,X,Y,Z,Lost,1,2,x", "/sales_agent unknown /product unknown /account unknown /engage_date bad_date /close_date bad_date /close_value bad_number"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := read(small("FIRST,Ann,GTX Pro,Child,Engaging,2017-01-02,,", c.row, "LAST,Ann,GTX Pro,Child,Engaging,2017-01-02,,").open)
			require.NoError(t, err)
			require.Equal(t, []string{pipelineFile + ":3 " + c.want}, faults(d.rejected))
			require.Equal(t, 3, d.read)
			require.Len(t, d.rows, 2, "a bad line costs itself only")
		})
	}
}

func TestNamesFaultsOfTheOtherFiles(t *testing.T) {
	f := small("A,Ann,GTX Pro,Parent,Engaging,2017-01-02,,")
	f[accountsFile] += "Parent,x,,,,,\nRing 1,x,,,,,Ring 2\nRing 2,x,,,,,Ring 1\nUnknown,x,,,,,\nLost,x,,,,,Nowhere\n,x,,,,,\n"
	f[productsFile] += "GTX Pro,GTX,1\nFree,GTX,\n"
	f[teamsFile] += "Ann,Meg,West\nCem,,West\n"
	d, err := read(f.open)
	require.NoError(t, err)
	require.Equal(t, []string{
		"accounts.csv:4 /account duplicate", "accounts.csv:7 /account reserved", "accounts.csv:9 /account required",
		"accounts.csv:5 /subsidiary_of unknown", "accounts.csv:6 /subsidiary_of unknown", "accounts.csv:8 /subsidiary_of unknown",
		"products.csv:4 /product duplicate", "products.csv:5 /sales_price required",
		"sales_teams.csv:4 /sales_agent duplicate", "sales_teams.csv:5 /manager required",
	}, faults(d.rejected))
	require.Len(t, d.rows, 1)
}

func TestRefusesBrokenFiles(t *testing.T) {
	for name, c := range map[string]struct {
		set  files
		kind error
		code string
		want string
	}{
		"no accounts":   {files{}, fault.ErrNotFound, "replay.file.missing", "accounts.csv"},
		"empty":         {small().with(productsFile, ""), fault.ErrInvalid, "replay.header.invalid", "products.csv, line 1"},
		"wrong header":  {small().with(pipelineFile, "a,b,c\n1,2,3\n"), fault.ErrInvalid, "replay.header.invalid", "/close_value: is missing"},
		"column twice":  {small().with(teamsFile, "sales_agent,sales_agent,manager,regional_office\n"), fault.ErrInvalid, "replay.header.invalid", "/sales_agent: is there twice"},
		"quoted header": {small().with(teamsFile, "\"sales_agent,manager,regional_office\n"), fault.ErrInvalid, "replay.row.malformed", "sales_teams.csv, line 1"},
		"endless line":  {small().with(pipelineFile, header8+strings.Repeat("x", maxLine+1)), fault.ErrLimit, "replay.line.too_long", "line 2"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(c.set.open)
			require.ErrorIs(t, err, c.kind)
			require.Equal(t, c.code, fault.CodeOf(err))
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := read(func(string) (io.ReadCloser, error) { return nil, fs.ErrPermission })
	require.ErrorIs(t, err, fs.ErrPermission)
	require.ErrorIs(t, err, fault.ErrInternal)
	_, err = read(func(string) (io.ReadCloser, error) { return io.NopCloser(failing{}), nil })
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.ErrorIs(t, err, fault.ErrInternal)
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// FuzzRow gives the reader any line: it takes it, or says what is wrong with it,
// and never both or neither.
func FuzzRow(f *testing.F) {
	for _, s := range []string{"", "A,Ann,GTXPro,Child,Won,2017-01-02,2017-01-02,4000.50", "A,Ann,GTX Pro,,Prospecting,,,",
		`"A","Ann","MG Special","Parent",Lost,2017-01-02,2017-01-03,0`, `"`, ",,,,,,,", "\xff", "A,Ann\r,", "A,X,Y,Z,Lost,1,2,1e2147483647",
		"A,Ann,GTX Pro,Child,Won,0000-00-00,9999-12-31,99999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\n") || len(line) >= maxLine {
			return
		}
		d, err := read(small(line).open)
		require.NoError(t, err)
		require.Equal(t, d.read, len(d.rows)+len(d.rejected))
		require.LessOrEqual(t, d.read, 1)
		for _, r := range d.rejected {
			require.NotEmpty(t, r.Code)
			require.NotEmpty(t, r.Fields)
		}
		for _, r := range d.rows {
			require.True(t, utf8.ValidString(r.id) && r.id != "")
			require.False(t, r.value.IsNegative())
			require.Equal(t, r.stage == won || r.stage == lost, !r.closed.IsZero())
			require.False(t, !r.closed.IsZero() && r.closed.Before(r.engaged))
		}
	})
}
