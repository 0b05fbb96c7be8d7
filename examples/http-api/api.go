package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// maxBody bounds a request's body: far above what any command takes.
const maxBody = 1 << 20

// api answers requests with an engine, for whoever login says the request is from.
type api struct {
	engine *pursuit.Engine
	login  func(*http.Request) (pursuit.Actor, error)
}

// errNoLogin is the host's own: who sends it isn't known.
var errNoLogin = fault.New(fault.ErrForbidden, "erp.login", "nobody is logged in")

func (a api) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /deals", a.with(a.list))
	mux.HandleFunc("POST /deals", a.with(a.record))
	mux.HandleFunc("GET /deals/{id}", a.with(a.view))
	mux.HandleFunc("POST /deals/{id}/advance", a.with(command(func(s *pursuit.Session, r *http.Request, id uuid.UUID, in opportunity.AdvanceInput, o ...pursuit.CallOption) (pursuit.Result, error) {
		return s.Opportunities().Advance(r.Context(), id, in, o...)
	})))
	mux.HandleFunc("POST /deals/{id}/win", a.with(command(func(s *pursuit.Session, r *http.Request, id uuid.UUID, in opportunity.WinInput, o ...pursuit.CallOption) (pursuit.Result, error) {
		return s.Opportunities().Win(r.Context(), id, in, o...)
	})))
	return mux
}

// with gives a handler the session of whoever asks, and answers its errors.
func (a api) with(h func(s *pursuit.Session, w http.ResponseWriter, r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		actor, err := a.login(r)
		if err == nil {
			err = h(a.engine.As(actor), w, r)
		}
		if err != nil {
			problem(w, r, err)
		}
	}
}

// problem answers with problem details, in the browser's language.
func problem(w http.ResponseWriter, r *http.Request, err error) {
	lang := "en"
	if strings.HasPrefix(r.Header.Get("Accept-Language"), "zh") {
		lang = "zh-CN"
	}
	p := fault.Problem(err, lang)
	if errors.Is(err, errNoLogin) {
		p.Status = http.StatusUnauthorized
	}
	w.Header().Set("Content-Type", "application/problem+json")
	if p.Retry {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client has gone
}

func answer(w http.ResponseWriter, status int, v any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client has gone
	return nil
}

// read decodes a request's body into a command's input.
func read(r *http.Request, in any) error {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		return fault.Wrap(fault.ErrInvalid, "erp.body", "the body can't be read", err)
	}
	return pursuit.Decode(body, in)
}

// options are what a request's headers say of a command.
func options(r *http.Request) ([]pursuit.CallOption, error) {
	var out []pursuit.CallOption
	if key := r.Header.Get("Idempotency-Key"); key != "" {
		out = append(out, pursuit.RequestID(key))
	}
	if tag := r.Header.Get("If-Match"); tag != "" {
		v, err := strconv.ParseInt(strings.Trim(tag, `"`), 10, 64)
		if err != nil {
			return nil, fault.Invalid("erp.if_match", fault.Field{Path: "/if_match", Code: "invalid", Message: "must be an ETag of a deal"})
		}
		out = append(out, pursuit.IfVersion(v))
	}
	return out, nil
}

func etag(w http.ResponseWriter, version int64) {
	w.Header().Set("ETag", `"`+strconv.FormatInt(version, 10)+`"`)
}

// idOf reads the deal's id. What isn't one is no deal.
func idOf(r *http.Request) (uuid.UUID, error) {
	id, err := uuid.Parse(r.PathValue("id"))
	if err != nil {
		return uuid.Nil, fault.NotFound(fault.OpportunityNotFound)
	}
	return id, nil
}

// command is a handler that gives one command on a deal.
func command[In any](do func(*pursuit.Session, *http.Request, uuid.UUID, In, ...pursuit.CallOption) (pursuit.Result, error)) func(*pursuit.Session, http.ResponseWriter, *http.Request) error {
	return func(s *pursuit.Session, w http.ResponseWriter, r *http.Request) error {
		id, err := idOf(r)
		if err != nil {
			return err
		}
		var in In
		if err := read(r, &in); err != nil {
			return err
		}
		o, err := options(r)
		if err != nil {
			return err
		}
		res, err := do(s, r, id, in, o...)
		if err != nil {
			return err
		}
		etag(w, res.Version)
		return answer(w, http.StatusOK, res)
	}
}

func (a api) record(s *pursuit.Session, w http.ResponseWriter, r *http.Request) error {
	var in pursuit.RecordForNewCustomerInput
	if err := read(r, &in); err != nil {
		return err
	}
	o, err := options(r)
	if err != nil {
		return err
	}
	res, err := s.Opportunities().RecordForNewCustomer(r.Context(), in, o...)
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/deals/"+res.ID.String())
	etag(w, res.Version)
	return answer(w, http.StatusCreated, res)
}

func (a api) view(s *pursuit.Session, w http.ResponseWriter, r *http.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	v, err := s.Opportunities().View(r.Context(), id)
	if err != nil {
		return err
	}
	etag(w, v.Opportunity.Version)
	return answer(w, http.StatusOK, v)
}

// list answers with a page of deals. size and cursor are the page's; every other
// parameter is the filter's.
func (a api) list(s *pursuit.Session, w http.ResponseWriter, r *http.Request) error {
	values := r.URL.Query()
	page := pursuit.Page{Cursor: values.Get("cursor")}
	if n := values.Get("size"); n != "" {
		var err error
		if page.Size, err = strconv.Atoi(n); err != nil {
			return fault.Invalid("erp.page", fault.Field{Path: "/size", Code: "invalid", Message: "must be a number"})
		}
	}
	values.Del("cursor")
	values.Del("size")
	filter, err := pursuit.ParseFilter(values)
	if err != nil {
		return err
	}
	list, err := s.Opportunities().List(r.Context(), pursuit.OpportunityQuery{Filter: filter}, page)
	if err != nil {
		return err
	}
	if list.Next != "" {
		next := pursuit.FilterValues(filter)
		next.Set("cursor", list.Next)
		if page.Size > 0 {
			next.Set("size", strconv.Itoa(page.Size))
		}
		w.Header().Set("Link", "<"+(&url.URL{Path: r.URL.Path, RawQuery: next.Encode()}).String()+`>; rel="next"`)
	}
	return answer(w, http.StatusOK, list)
}
