package opportunity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/journal"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// emptyHash is the SHA-256 of nothing.
const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func document(name string, kind uuid.UUID) opportunity.AddDocumentInput {
	return opportunity.AddDocumentInput{Name: name, Kind: kind, MediaType: "application/pdf", Location: "https://files.example/1"}
}

func addDocument(id uuid.UUID, in opportunity.AddDocumentInput) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.AddDocument(id, in, nil, at) }
}

func removeDocument(id uuid.UUID) command {
	return func(o *opportunity.Opportunity, at journal.Moment) error { return o.RemoveDocument(id, at) }
}

func TestR03_ADocumentSaysWhatIsKnownOfIt(t *testing.T) {
	d := record(t, basic())
	in := document(" 合同.pdf ", contract)
	in.Size, in.SHA256, in.Note = 12, strings.ToUpper(emptyHash), "signed"
	d.must(none, addDocument(id(150), in))
	require.Equal(t, []opportunity.Document{{ID: id(150), Name: "合同.pdf", Kind: contract, KindCode: "contract", MediaType: "application/pdf",
		Size: 12, SHA256: emptyHash, Location: in.Location, Note: "signed", Added: d.snap.Effective, By: "ann"}}, d.snap.Documents)
	require.Equal(t, map[string]int{"contract": 1}, d.snap.Counts.DocumentKinds)
	d.must(none, addDocument(id(151), opportunity.AddDocumentInput{Name: "plain", Location: "shelf 3"}))
	d.must(documents, removeDocument(id(150)))
	d.refused(fault.ErrNotFound, documents, removeDocument(id(150)))
	require.Nil(t, d.snap.Counts.DocumentKinds)
	require.Equal(t, 1, d.snap.Counts.Documents)
}

func TestR03_ContentMustBeWhatTheInputSays(t *testing.T) {
	d := record(t, basic())
	stored := func(in opportunity.AddDocumentInput) command {
		return func(o *opportunity.Opportunity, at journal.Moment) error {
			return o.AddDocument(id(150), in, &opportunity.Content{Size: 0, SHA256: emptyHash}, at)
		}
	}
	require.Equal(t, []string{"/sha256 differs", "/size differs"}, d.refused(fault.ErrInvalid, none,
		stored(opportunity.AddDocumentInput{Name: "a", Size: 1, SHA256: strings.Repeat("0", 64)})))
	require.Equal(t, []string{"/location contradiction"}, d.refused(fault.ErrInvalid, none, stored(opportunity.AddDocumentInput{Name: "a", Location: "here"})))
	d.must(none, stored(opportunity.AddDocumentInput{Name: "a", SHA256: emptyHash}))
	require.True(t, d.snap.Documents[0].Stored)
	require.Equal(t, emptyHash, d.snap.Documents[0].SHA256)
}

func TestR03_BadDocumentsAreRefused(t *testing.T) {
	d := record(t, basic())
	for _, x := range []struct {
		want string
		edit func(in *opportunity.AddDocumentInput)
	}{
		{"/name required", func(in *opportunity.AddDocumentInput) { in.Name = "" }},
		{"/name required", func(in *opportunity.AddDocumentInput) { in.Name = " \u200b " }},
		{"/name path", func(in *opportunity.AddDocumentInput) { in.Name = "a/b" }},
		{"/name path", func(in *opportunity.AddDocumentInput) { in.Name = `a\b` }},
		{"/name path", func(in *opportunity.AddDocumentInput) { in.Name = "." }},
		{"/name path", func(in *opportunity.AddDocumentInput) { in.Name = "a\u2215b" }}, // R06: looks like a slash
		{"/name path", func(in *opportunity.AddDocumentInput) { in.Name = "a\uff0fb" }},
		{"/name path", func(in *opportunity.AddDocumentInput) { in.Name = "a\u2044b" }},
		{"/name path", func(in *opportunity.AddDocumentInput) { in.Name = "a\u29f8b" }},
		{"/name path", func(in *opportunity.AddDocumentInput) { in.Name = "a\uff3cb" }},
		{"/name deceptive", func(in *opportunity.AddDocumentInput) { in.Name = "a\u2003b" }},
		{"/name path", func(in *opportunity.AddDocumentInput) { in.Name = " .. " }},
		{"/name control", func(in *opportunity.AddDocumentInput) { in.Name = "a\x00b" }},
		{"/name control", func(in *opportunity.AddDocumentInput) { in.Name = "a\nb" }},
		{"/name control", func(in *opportunity.AddDocumentInput) { in.Name = "a\x7fb" }},
		{"/name bad_utf8", func(in *opportunity.AddDocumentInput) { in.Name = "a\xff" }},
		{"/name too_long", func(in *opportunity.AddDocumentInput) { in.Name = strings.Repeat("长", opportunity.MaxDocumentName+1) }},
		{"/name too_long", func(in *opportunity.AddDocumentInput) { in.Name = strings.Repeat("x", 1<<20) }},
		{"/media_type bad_media_type", func(in *opportunity.AddDocumentInput) { in.MediaType = "pdf" }},
		{"/media_type bad_media_type", func(in *opportunity.AddDocumentInput) { in.MediaType = "a/b/c" }},
		{"/size negative", func(in *opportunity.AddDocumentInput) { in.Size = -1 }},
		{"/sha256 bad_hash", func(in *opportunity.AddDocumentInput) { in.SHA256 = emptyHash[1:] }},
		{"/sha256 bad_hash", func(in *opportunity.AddDocumentInput) { in.SHA256 = "x" + emptyHash[1:] }},
		{"/location required", func(in *opportunity.AddDocumentInput) { in.Location = "" }},
		{"/location control", func(in *opportunity.AddDocumentInput) { in.Location = "a\tb" }},
		{"/note control", func(in *opportunity.AddDocumentInput) { in.Note = "\x00" }},
		{"/kind not_found", func(in *opportunity.AddDocumentInput) { in.Kind = id(200) }},
		{"/kind retired", func(in *opportunity.AddDocumentInput) { in.Kind = oldPaper }},
		{"/kind wrong_kind", func(in *opportunity.AddDocumentInput) { in.Kind = bant }},
	} {
		in := document("a.pdf", contract)
		x.edit(&in)
		require.Equal(t, []string{x.want}, d.refused(fault.ErrInvalid, none, addDocument(id(150), in)))
	}
	d.snap.Counts.Documents = opportunity.MaxDocuments
	d.refused(fault.ErrLimit, none, addDocument(id(150), document("a.pdf", contract)))
	d.snap.Counts.Documents = opportunity.MaxDocumentKinds
	d.snap.Counts.DocumentKinds = map[string]int{}
	for i := range opportunity.MaxDocumentKinds {
		d.snap.Counts.DocumentKinds[fmt.Sprint(i)] = 1
	}
	d.refused(fault.ErrLimit, none, addDocument(id(150), document("a.pdf", contract)))
}
