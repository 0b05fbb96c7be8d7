package opportunity

import (
	"encoding/hex"
	"mime"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/internal/text"
	"github.com/pursuit-crm/pursuit/journal"
)

// Limits of documents; names, types and locations in characters.
const (
	MaxDocuments        = 500
	MaxDocumentName     = 200
	MaxMediaType        = 128
	MaxDocumentLocation = 2000
	// MaxDocumentKinds is the most kinds among an opportunity's documents.
	MaxDocumentKinds = 50
)

// separators are path separators and characters that look like them (R06).
const separators = `/\` + "\u2215\uff0f\u2044\u29f8" + "\uff3c\u29f5\u2216\u29f9\ufe68"

// Document describes a file 文档 of the opportunity (R03). Its content is stored
// beside the database, or elsewhere.
type Document struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
	// Kind is an archive entry, or Nil; KindCode is its code.
	Kind      uuid.UUID `json:"kind,omitzero"`
	KindCode  string    `json:"kind_code,omitempty"`
	MediaType string    `json:"media_type,omitempty"`
	// Size is in bytes. SHA256 is in lower-case hexadecimal. Both may be unknown
	// for a document stored elsewhere: 0 and "".
	Size   int64  `json:"size,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	// Stored means that the library keeps the content under the document's id;
	// otherwise Location locates it.
	Stored   bool      `json:"stored,omitempty"`
	Location string    `json:"location,omitempty"`
	Note     string    `json:"note,omitempty"`
	Added    time.Time `json:"added"`
	By       string    `json:"by" host:"user"`
}

// AddDocumentInput is a document to add (R03).
type AddDocumentInput struct {
	// Name is a file name without a path: no separators, and neither "." nor
	// "..".
	Name string `json:"name"`
	// Kind is an archive entry, or Nil. Its code may identify it.
	Kind     uuid.UUID `json:"kind,omitzero"`
	KindCode string    `json:"kind_code,omitempty"`
	// MediaType is "type/subtype", with or without parameters; optional.
	MediaType string `json:"media_type,omitempty"`
	// Size and SHA256 (64 hexadecimal digits), if given, must match the content.
	// For content stored elsewhere they are recorded unchecked.
	Size   int64  `json:"size,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	// Location locates content that the library doesn't store: a URL, or anything
	// the host understands.
	Location string `json:"location,omitempty"`
	Note     string `json:"note,omitempty"`
}

// Content describes the stored bytes.
type Content struct {
	Size   int64
	SHA256 string
}

// CanAddDocument returns the error that AddDocument would return for an input,
// before the content is stored. Errors as for AddDocument.
func (o *Opportunity) CanAddDocument(in AddDocumentInput, stored bool, at journal.Moment) error {
	_, err := o.document(uuid.Nil, in, stored, at)
	return err
}

// AddDocument adds a document; it needs no parts. Load must name its kind.
// content describes what was stored under the id; it is nil if the content is
// elsewhere, at in.Location. Errors: ErrInvalid (A02, R03; also for content that
// differs from the input's size or hash), ErrNotAllowed (O08), ErrLimit.
func (o *Opportunity) AddDocument(id uuid.UUID, in AddDocumentInput, content *Content, at journal.Moment) error {
	d, err := o.document(id, in, content != nil, at)
	if err != nil {
		return err
	}
	if content != nil {
		var f fault.Fields
		if in.Size != 0 && in.Size != content.Size {
			f.Add("/size", "differs", "isn't the content's size")
		}
		if d.SHA256 != "" && d.SHA256 != content.SHA256 {
			f.Add("/sha256", "differs", "isn't the content's hash")
		}
		if err := f.Invalid("opportunity.document.content"); err != nil {
			return err
		}
		d.Size, d.SHA256 = content.Size, content.SHA256
	}
	o.do(&DocumentAddedPayload{Document: d}, at)
	o.dirty.Documents = append(o.dirty.Documents, d)
	return nil
}

// RemoveDocument removes a document from the opportunity. It needs PartDocuments.
// Stored content remains until orphans are cleaned up. Errors: ErrNotFound,
// ErrNotAllowed (O08).
func (o *Opportunity) RemoveDocument(id uuid.UUID, at journal.Moment) error {
	if err := o.begin(at); err != nil {
		return err
	}
	if err := o.followUp("opportunity.documents.status"); err != nil {
		return err
	}
	if err := o.needs(PartDocuments); err != nil {
		return err
	}
	i := slices.IndexFunc(o.s.Documents, func(d Document) bool { return d.ID == id })
	if i < 0 {
		return fault.NotFound("opportunity.document.not_found")
	}
	d := o.s.Documents[i]
	o.do(&DocumentRemovedPayload{ID: id, Kind: d.KindCode, Removed: &d}, at)
	o.dirty.RemovedDocuments = append(o.dirty.RemovedDocuments, id)
	return nil
}

func (o *Opportunity) document(id uuid.UUID, in AddDocumentInput, stored bool, at journal.Moment) (Document, error) {
	if err := o.begin(at); err != nil {
		return Document{}, err
	}
	if err := o.followUp("opportunity.documents.status"); err != nil {
		return Document{}, err
	}
	d := Document{ID: id, Name: in.Name, Kind: in.Kind, MediaType: in.MediaType, Size: in.Size, SHA256: strings.ToLower(in.SHA256),
		Stored: stored, Location: in.Location, Note: in.Note, Added: at.Effective, By: at.By}
	var f fault.Fields
	d.check(&f)
	if in.Kind != uuid.Nil {
		if n := o.usable(&f, "/kind", in.Kind, archive.DocumentKind); n != nil {
			d.KindCode = n.Entry.Code
		}
	}
	if err := f.Invalid("opportunity.document.invalid"); err != nil {
		return Document{}, err
	}
	if o.s.Counts.Documents >= MaxDocuments {
		return Document{}, fault.New(fault.ErrLimit, "opportunity.documents.too_many", "an opportunity has at most 500 documents")
	}
	if _, known := o.s.Counts.DocumentKinds[d.KindCode]; d.KindCode != "" && !known && len(o.s.Counts.DocumentKinds) >= MaxDocumentKinds {
		return Document{}, fault.New(fault.ErrLimit, "opportunity.documents.kinds", "an opportunity has documents of at most 50 kinds")
	}
	return d, nil
}

// check notes every fault of a document (R03).
func (d *Document) check(f *fault.Fields) {
	text.Name(f, "/name", &d.Name, 1, MaxDocumentName)
	if strings.ContainsAny(d.Name, separators) || d.Name == "." || d.Name == ".." {
		f.Add("/name", "path", "must be a name without a path")
	}
	if d.MediaType != "" {
		text.Key(f, "/media_type", d.MediaType, 1, MaxMediaType)
		if t, _, err := mime.ParseMediaType(d.MediaType); err != nil || strings.Count(t, "/") != 1 {
			f.Add("/media_type", "bad_media_type", "must look like application/pdf")
		}
	}
	if d.Size < 0 {
		f.Add("/size", "negative", "must not be negative")
	}
	if sum, err := hex.DecodeString(d.SHA256); d.SHA256 != "" && (err != nil || len(sum) != 32) {
		f.Add("/sha256", "bad_hash", "must be 64 hexadecimal digits")
	}
	switch {
	case d.Stored && d.Location != "":
		f.Add("/location", "contradiction", "can't be given for content to be stored")
	case !d.Stored:
		text.Key(f, "/location", d.Location, 1, MaxDocumentLocation)
	}
	text.Block(f, "/note", &d.Note, 0, text.MaxDescription)
}
