package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage"
)

// call runs the program.
func call(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = program(t.Context(), args, &out, &errs)
	return code, out.String(), errs.String()
}

// write puts a set into a folder.
func write(t *testing.T, f files) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range f {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

func TestFlags(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"-as-of 2017-02-30", "as-of"},
		{"-as-of yesterday", "as-of"},
		{"-as-of=", "as-of"},
		{"-group-by colour", `-group-by can't be "colour"`},
		{"-dsn postgres://x/y -db z", "-dsn goes without"},
		{"-dsn sqlite://x", "-dsn must begin with"},
		{"-store postgres", `-store can't be "postgres"`},
		{"-store memory -db x.db", "-db goes with"},
		{"-rows -1", "-rows must be"},
		{"-seed x", "seed"},
		{"-nonsense", "nonsense"},
		{"data", `unexpected argument "data"`},
	} {
		code, out, errs := call(t, strings.Fields(c.args)...)
		require.Equal(t, 2, code, c.args)
		require.Empty(t, out, c.args)
		require.Contains(t, errs, c.want, c.args)
		require.Contains(t, errs, "Usage of replay", c.args)
	}
	code, _, errs := call(t, "-h")
	require.Zero(t, code)
	require.Contains(t, errs, "-group-by")
}

func TestSaysWhatIsMissing(t *testing.T) {
	for dir, want := range map[string]string{
		filepath.Join(t.TempDir(), "nowhere"):                     "accounts.csv is missing",
		write(t, files{accountsFile: small()[accountsFile]}):      "products.csv is missing",
		write(t, small().with(pipelineFile, "opportunity_id\nA")): "sales_pipeline.csv, line 1: replay.header.invalid",
	} {
		code, out, errs := call(t, "-store", "memory", "-data", dir)
		require.Equal(t, 1, code)
		require.Empty(t, out)
		require.Contains(t, errs, want)
	}
}

var threeRows = []string{
	"A,Ann,GTXPro,Child,Won,2017-01-02,2017-01-05,4000.5",
	"B,Bob,MG Special,,Engaging,2017-01-03,,",
	"C,Bob,MG Special,Parent,Lost,2017-01-03,2017-01-03,0",
	"D,Bob,MG Special,Parent,Prospecting,,,",
	"E,Bob,None,Parent,Prospecting,,,",
}

func TestPrintsJSON(t *testing.T) {
	dir := write(t, small(threeRows...))
	code, out, errs := call(t, "-store", "memory", "-data", dir, "-json", "-as-of", "2017-01-04", "-group-by", "sector")
	require.Zero(t, code, errs)
	require.Empty(t, errs, "no progress bar and no remarks")
	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	require.Positive(t, got["seconds"])
	delete(got, "seconds")
	b, err := json.Marshal(got)
	require.NoError(t, err)
	require.JSONEq(t, `{"rows":5,"mended":{"account":1,"product":1},
		"rejected":[{"file":"sales_pipeline.csv","line":6,"code":"replay.row.invalid","fields":[{"path":"/product","code":"unknown","message":"isn't in products.csv"}]}],
		"imported":4,"updated":0,"repeated":0,"opportunities":4,"won":1,"lost":1,"open":2,
		"won_amount":"4000.50","open_amount":"110.00","weighted_amount":"33.00","win_rate":"0.5000",
		"mean_cycle_days_won":"3.0000","median_cycle_days_won":3,
		"as_of":{"date":"2017-01-04","open":2,"open_amount":"4876.00"},
		"groups":{
			"Unknown":{"n":1,"won":0,"lost":0,"open":1,"won_amount":"0.00","open_amount":"55.00"},
			"medical":{"n":1,"won":1,"lost":0,"open":0,"won_amount":"4000.50","open_amount":"0.00"},
			"technolgy":{"n":2,"won":0,"lost":1,"open":1,"won_amount":"0.00","open_amount":"55.00"}}}`, string(b))
}

func TestPrintsNothingAsNothing(t *testing.T) {
	dir := write(t, small())
	code, out, _ := call(t, "-store", "memory", "-data", dir, "-json", "-as-of", "2016-01-01", "-group-by", "agent")
	require.Zero(t, code)
	out, _, ok := strings.Cut(out, `"seconds"`)
	require.True(t, ok)
	require.Equal(t, `{"rows":0,"mended":{},"rejected":[],"imported":0,"updated":0,"repeated":0,"opportunities":0,"won":0,"lost":0,"open":0,`+
		`"won_amount":"0.00","open_amount":"0.00","weighted_amount":"0.00","win_rate":null,"mean_cycle_days_won":null,"median_cycle_days_won":null,`, out)

	code, out, _ = call(t, "-store", "memory", "-data", dir, "-as-of", "2016-01-01")
	require.Zero(t, code)
	require.Regexp(t, `Win rate +–\n`, out)
	require.Regexp(t, `Engaging at the end of 2016-01-01 +0 open, 0.00 USD\n`, out)
}

func TestPrintsATable(t *testing.T) {
	code, out, errs := call(t, "-store", "memory", "-data", write(t, small(threeRows...)), "-as-of", "2017-01-04", "-group-by", "agent")
	require.Zero(t, code, errs)
	for _, want := range []string{
		`Rows +5: 4 new, 0 moved on, 0 there already, 1 rejected\n`,
		`Opportunities +4: 2 open, 1 won, 1 lost\n`,
		`Won +4000.50 USD\n`,
		`Open, weighted +33.00 USD\n`,
		`Cycle of wins +3.0000 days on average, 3 in the middle\n`,
		`Engaging at the end of 2017-01-04 +2 open, 4876.00 USD\n`,
		` agent +n +won +lost +open +won USD +open USD *\n`,
		` Ann +1 +1 +0 +0 +4000.50 +0.00 *\n`,
		`Mended: account "" is taken for "Unknown": 1 rows, lines 3\n`,
		`Mended: product "GTXPro" is taken for "GTX Pro": 1 rows, lines 2\n`,
		`Rejected: sales_pipeline.csv, line 6: product isn't in products.csv \(replay.row.invalid\)\n`,
	} {
		require.Regexp(t, want, out)
	}
}

func TestMadeSet(t *testing.T) {
	stores(t, func(t *testing.T, store storage.Store) {
		n := 3000
		if raced {
			n = 800
		}
		m := generate(7, n)
		d, err := read(m.open)
		require.NoError(t, err)
		out, err := replay(t.Context(), store, d, options{asOf: day(t, "2017-06-30"), groupBy: "account"}, quiet)
		require.NoError(t, err)
		require.Equal(t, n, out.Rows)
		require.Equal(t, m.mended, out.Mended)
		require.Greater(t, m.mended["product"], n/10)
		require.Greater(t, m.mended["account"], n/10)

		got := map[int]string{}
		for _, r := range out.Rejected {
			require.Equal(t, pipelineFile, r.File)
			var why []string
			for _, f := range r.Fields {
				why = append(why, f.Path+" "+f.Code)
			}
			got[r.Line] = strings.Join(why, " ")
		}
		require.Equal(t, m.rejected, got)
		require.Greater(t, len(got), n/200)

		require.Equal(t, []int64{int64(m.stages[won]), int64(m.stages[lost]), int64(m.stages[engaging] + m.stages[prospecting])},
			[]int64{out.Won, out.Lost, out.Open})
		require.Equal(t, int64(m.mended["account"]), out.Groups[unknownAccount].N)
		open, amount := engagingAt(madeDeals(d), day(t, "2017-06-30").Start(time.UTC))
		require.Equal(t, &asOf{day(t, "2017-06-30"), open, dollars(amount)}, out.AsOf)

		last, err := replay(t.Context(), store, d, options{asOf: day(t, "9999-12-31")}, quiet)
		require.NoError(t, err)
		require.EqualValues(t, m.stages[engaging], last.AsOf.Open, "the last day that there is")

		before := fingerprint(t, store)
		again, err := replay(t.Context(), store, d, options{}, quiet)
		require.NoError(t, err)
		require.Equal(t, out.Imported, again.Repeated)
		require.Zero(t, again.Imported+again.Updated)
		require.Equal(t, out.Rejected, again.Rejected)
		require.Equal(t, before, fingerprint(t, store))

		// The comparison sees a single deal that was touched.
		eng, err := pursuit.New(store, nil)
		require.NoError(t, err)
		s := eng.As(importer())
		list, err := s.Opportunities().List(t.Context(), pursuit.OpportunityQuery{}, pursuit.Page{Size: 1})
		require.NoError(t, err)
		_, err = s.Team().Set(t.Context(), list.Items[0].ID, opportunity.MemberInput{User: "meg", Role: opportunity.RoleSupport, Access: opportunity.Read})
		require.NoError(t, err)
		require.NotEqual(t, before, fingerprint(t, store))
	})
}

// madeDeals gives a made set's rows to the test's own arithmetic.
func madeDeals(d *data) []deal {
	var out []deal
	for _, r := range d.rows {
		x := deal{stage: r.stage, list: r.list.IntPart()}
		if !r.engaged.IsZero() {
			x.engaged = r.engaged.Start(time.UTC)
		}
		if !r.closed.IsZero() {
			x.closed = r.closed.Start(time.UTC)
		}
		out = append(out, x)
	}
	return out
}

func TestMadeSetComesFromItsSeed(t *testing.T) {
	a, b, c := generate(1, 500), generate(1, 500), generate(2, 500)
	require.Equal(t, a, b)
	require.NotEqual(t, a.files[pipelineFile].String(), c.files[pipelineFile].String())
	lines := strings.Split(a.files[pipelineFile].String(), "\n")
	require.Equal(t, strings.Join(pipelineColumns, ","), lines[0])
	require.Equal(t, goldenRow, lines[1], "the same with every version of Go")
	require.Len(t, generate(1, 0).files, 4)
}

// goldenRow is the first row of seed 1.
const goldenRow = "4SJTGHVG,Gus Baker,GTX Plus,Juniper & Sons,Engaging,2016-10-30,,"

func TestProgressBar(t *testing.T) {
	var b bytes.Buffer
	bar(&b)(1, 2)
	require.Empty(t, b.String(), "only on a terminal")
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	defer f.Close()
	bar(f)(1, 2)
	info, err := f.Stat()
	require.NoError(t, err)
	require.Zero(t, info.Size(), "not into a file")

	draw := drawn(&b, time.Now().Add(-time.Second))
	draw(1, 2)
	require.Regexp(t, `^\r\[={20} {20}\] 1 of 2, 1 a second $`, b.String())
	draw(2, 2)
	require.True(t, strings.HasSuffix(b.String(), "\n"))
	require.Contains(t, b.String(), "["+strings.Repeat("=", 40)+"]")
}
