package fault

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
)

// ProblemContentType is the media type of [ProblemDetails] in an HTTP answer.
const ProblemContentType = "application/problem+json"

// ProblemType is what the Type of a problem begins with; the code follows.
const ProblemType = "urn:pursuit:fault:"

// ProblemDetails is an error as RFC 9457 has HTTP APIs answer with it. Code,
// Fields, Conditions and Retry are the library's extensions. A host may change
// what it likes before it encodes it: put a page of its own in Type, say, or the
// request's URI in Instance.
type ProblemDetails struct {
	// Type names the kind of problem: [ProblemType] and the code, or "about:blank"
	// for an error that isn't the library's, or has a host's own code.
	Type string `json:"type"`
	// Title is the meaning of the code, in the language that was asked for.
	Title string `json:"title"`
	// Status is [HTTPStatus].
	Status int `json:"status"`
	// Detail says what to do about it, in the language. It is absent of failures
	// of the server, which a client can do nothing about.
	Detail string `json:"detail,omitzero"`
	// Instance is the host's to fill.
	Instance string `json:"instance,omitzero"`
	// Code is the stable code: "opportunity.win.invalid".
	Code string `json:"code,omitzero"`
	// Fields are the places of the input at fault: each has a JSON pointer into it,
	// a code, and a message in the language.
	Fields []Field `json:"fields,omitzero"`
	// Conditions are those that aren't met, by name ("gate/has_contact").
	Conditions []Field `json:"conditions,omitzero"`
	// Retry reports whether the same request may succeed after a short wait.
	Retry bool `json:"retry,omitzero"`
}

// HTTPStatus returns the HTTP status of an error by its kind, as docs/errors.md
// lists them: 200 for nil, 503 for a context that ended, 500 for any other error
// that isn't the library's.
//
// [ErrOutcomeUnknown] is 500 and not 503, so that no client repeats by itself what
// may have been done; with the same request id it is safe to repeat.
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
// "zh-CN"; others get English). Of a failure of the server (a status of 500 or
// more) it has the kind and the code only; neither causes nor an error that isn't
// the library's are ever shown.
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
