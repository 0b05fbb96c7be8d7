package fault

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
)

// ProblemContentType is the media type of [ProblemDetails] in an HTTP response.
const ProblemContentType = "application/problem+json"

// ProblemType is the prefix of a problem's Type; the code follows it.
const ProblemType = "urn:pursuit:fault:"

// ProblemDetails is an error in the form that RFC 9457 defines for HTTP APIs.
// Code, Fields, Conditions and Retry are the library's extensions. A host may
// change any member before it encodes the value: set Type to a page of its own,
// for example, or Instance to the request's URI.
type ProblemDetails struct {
	// Type identifies the kind of problem: [ProblemType] and the code, or
	// "about:blank" for an error from outside the library or with a host's own
	// code.
	Type string `json:"type"`
	// Title is the meaning of the code, in the requested language.
	Title  string `json:"title"`
	Status int    `json:"status"`
	// Detail says what to do about the error, in the requested language. It is
	// absent from server failures, which a client can't fix.
	Detail string `json:"detail,omitzero"`
	// Instance is for the host to fill in.
	Instance string `json:"instance,omitzero"`
	// Code is the stable code: "opportunity.win.invalid".
	Code string `json:"code,omitzero"`
	// Fields are the places in the input that are at fault: each has a JSON
	// pointer, a code, and a message in the requested language.
	Fields []Field `json:"fields,omitzero"`
	// Conditions are the unmet conditions, by name ("gate/has_contact").
	Conditions []Field `json:"conditions,omitzero"`
	// Retry reports whether the same request may succeed after a short wait.
	Retry bool `json:"retry,omitzero"`
}

// HTTPStatus returns the HTTP status for an error's kind, as listed in
// docs/errors.md: 200 for nil, 503 for a context that ended, 500 for any other
// error from outside the library.
//
// [ErrOutcomeUnknown] is 500 and not 503, so that no client automatically repeats
// a command that may have taken effect. With the same request id a retry is safe.
func HTTPStatus(err error) int {
	if err == nil {
		return 200
	}
	of := KindOf(err)
	for _, k := range kinds {
		if k.err == of {
			return k.status
		}
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return 503
	}
	return 500
}

// Problem returns an error as problem details, with words in a language ("en",
// "zh-CN"; others get English). For a server failure (status 500 or more) it
// includes only the kind and the code. It never shows causes or errors from
// outside the library.
func Problem(err error, lang string) ProblemDetails {
	p := ProblemDetails{Type: "about:blank", Status: HTTPStatus(err), Code: CodeOf(err), Title: KindLabel(err, lang)}
	p.Retry = p.Status == 503
	c, known := codeOf(p.Code)
	if known {
		p.Type = ProblemType + p.Code
	}
	if p.Status >= 500 {
		p.Title = cmp.Or(p.Title, KindLabel(ErrInternal, lang))
		if p.Retry {
			p.Title = KindLabel(cmp.Or(KindOf(err), ErrCancelled), lang)
		}
		return p
	}
	if known {
		p.Title, p.Detail = c.Label(lang), c.Remedy(lang)
	}
	for _, f := range FieldsOf(err) {
		f.Message, f.Texts = f.In(lang), nil
		if f.Path == "" || strings.HasPrefix(f.Path, "/") {
			p.Fields = append(p.Fields, f)
		} else {
			p.Conditions = append(p.Conditions, f)
		}
	}
	return p
}

// In returns what is wrong with the field in a language ("en", "zh-CN"): the
// condition's own text if it has one, else the message in English and the code's
// label in other languages.
func (f Field) In(lang string) string {
	if text := f.Texts[lang]; text != "" {
		return text
	}
	for _, tag := range slices.Sorted(maps.Keys(f.Texts)) {
		if text := f.Texts[tag]; text != "" && strings.EqualFold(base(tag), base(lang)) {
			return text
		}
	}
	if label := f.Label(lang); label != f.Code && label != f.Label("en") {
		return label
	}
	return cmp.Or(f.Message, f.Label(lang))
}

func base(tag string) string {
	b, _, _ := strings.Cut(tag, "-")
	return b
}
