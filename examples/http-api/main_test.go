package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/pursuittest"
)

func TestOutput(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, run(t.Context(), &b, ""))
	require.Regexp(t, `^POST /deals: 201
POST /deals: 201
  sent twice, recorded once: OPP-\d{4}-000001 true
POST /deals: 400 input\.json .*
GET /deals: 404 opportunity\.not_found .*
POST /deals: 409 opportunity\.changed .*
POST /deals: 200
GET /deals: 200
  won: 1
$`, b.String())
}

// ask sends one request to the API on a world's engine.
func ask(w *pursuittest.World, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("X-User", "ann")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	out := httptest.NewRecorder()
	api{w.Engine, login}.handler().ServeHTTP(out, r)
	return out
}

func problemOf(t *testing.T, r *httptest.ResponseRecorder) fault.ProblemDetails {
	t.Helper()
	require.Equal(t, "application/problem+json", r.Header().Get("Content-Type"))
	var p fault.ProblemDetails
	require.NoError(t, json.Unmarshal(r.Body.Bytes(), &p))
	require.Equal(t, r.Code, p.Status)
	return p
}

func TestErrorsAreProblemDetails(t *testing.T) {
	w := pursuittest.New(t)
	deal := "/deals/" + w.Deal().Record().String()
	for name, x := range map[string]struct {
		method, path, body string
		headers            []string
		status             int
		code               string
	}{
		"nobody":            {"GET", deal, "", []string{"X-User", ""}, 401, "erp.login"},
		"no id":             {"GET", "/deals/7", "", nil, 404, "opportunity.not_found"},
		"no JSON":           {"POST", deal + "/win", "{", nil, 400, "input.json"},
		"too much":          {"POST", deal + "/win", `{"summary":"` + strings.Repeat("x", maxBody) + `"}`, nil, 400, "erp.body"},
		"no reason":         {"POST", deal + "/win", `{"summary":"x"}`, nil, 400, "opportunity.win.invalid"},
		"an unknown reason": {"POST", deal + "/win", `{"summary":"x","reasons":[{"code":"nobody"}]}`, nil, 400, "opportunity.win.invalid"},
		"no version":        {"POST", deal + "/win", `{}`, []string{"If-Match", "W/x"}, 400, "erp.if_match"},
		"another version":   {"POST", deal + "/win", `{"summary":"x","reasons":[{"code":"price"}]}`, []string{"If-Match", `"9"`}, 409, "opportunity.changed"},
		"no filter":         {"GET", "/deals?colour=red", "", nil, 400, "filter.parameters"},
		"no size":           {"GET", "/deals?size=many", "", nil, 400, "erp.page"},
	} {
		r := ask(w, x.method, x.path, x.body, x.headers...)
		require.Equal(t, x.status, r.Code, "%s: %s", name, r.Body)
		require.Equal(t, x.code, problemOf(t, r).Code, name)
	}
	p := problemOf(t, ask(w, "POST", deal+"/win", `{"summary":"x"}`, "Accept-Language", "zh-CN,zh;q=0.9"))
	require.NotEmpty(t, p.Title)
	require.NotContains(t, p.Title, "invalid")
}

func TestPagesAreLinked(t *testing.T) {
	w := pursuittest.New(t)
	for range 3 {
		w.Deal().Record()
	}
	w.Deal().Won()
	seen := 0
	for path := "/deals?statuses=open&size=2"; path != ""; {
		r := ask(w, "GET", path, "")
		require.Equal(t, http.StatusOK, r.Code, "%s", r.Body)
		var list pursuit.List[json.RawMessage]
		require.NoError(t, json.Unmarshal(r.Body.Bytes(), &list))
		seen += len(list.Items)
		path = strings.TrimSuffix(strings.TrimPrefix(r.Header().Get("Link"), "<"), `>; rel="next"`)
	}
	require.Equal(t, 3, seen)
}

func TestCommandsAndVersions(t *testing.T) {
	w := pursuittest.New(t)
	id := w.Deal().Record()
	deal := "/deals/" + id.String()
	tag := ask(w, "GET", deal, "").Header().Get("ETag")
	r := ask(w, "POST", deal+"/advance", `{"to":"propose","summary":"Done"}`, "If-Match", tag, "Idempotency-Key", "k")
	require.Equal(t, http.StatusOK, r.Code, "%s", r.Body)
	require.NotEqual(t, tag, r.Header().Get("ETag"))
	require.Equal(t, "propose", w.Get(id).Stage)
	again := ask(w, "POST", deal+"/advance", `{"to":"propose","summary":"Done"}`, "If-Match", tag, "Idempotency-Key", "k")
	require.Equal(t, r.Body.String(), again.Body.String(), "a repetition changes nothing")
}
