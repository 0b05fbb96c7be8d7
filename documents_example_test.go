package pursuit_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// Contents go to Options.Blobs, and are checked when they are read.
func ExampleDocuments_Add() {
	ctx, s := context.Background(), open()
	deal := s.record("Pumps").ID
	kind := must(s.Archives().Create(ctx, archive.CreateInput{Kind: archive.DocumentKind, Code: "contract", Names: map[string]string{"en": "Contract", "zh": "合同"}})).ID
	doc := must(s.Documents().Add(ctx, deal, opportunity.AddDocumentInput{Name: "pumps.txt", Kind: kind, MediaType: "text/plain"},
		strings.NewReader("Five pumps, by June."))).Document

	d, content, err := s.Documents().Open(ctx, deal, doc)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer content.Close()
	fmt.Println(d.Name, d.KindCode, d.Size, "bytes:", string(must(io.ReadAll(content))))
	// Output:
	// pumps.txt contract 20 bytes: Five pumps, by June.
}

// What a host keeps itself is recorded with its location, and read there.
func ExampleDocuments_Open() {
	ctx, s := context.Background(), open()
	deal := s.record("Pumps").ID
	doc := must(s.Documents().Add(ctx, deal, opportunity.AddDocumentInput{Name: "plan.pdf", Location: "erp://files/4711"}, nil)).Document
	_, _, err := s.Documents().Open(ctx, deal, doc)
	fmt.Println(err)
	fmt.Println(must(s.Opportunities().Get(ctx, deal, opportunity.PartDocuments)).Documents[0].Location)
	// Output:
	// document.elsewhere: the content is stored elsewhere
	// erp://files/4711
}

// A host's scheduler removes contents that no document names any more.
func ExampleDocuments_CleanUp() {
	ctx, s := context.Background(), open()
	deal := s.record("Pumps").ID
	draft := must(s.Documents().Add(ctx, deal, opportunity.AddDocumentInput{Name: "draft.txt"}, strings.NewReader("Four pumps"))).Document
	must(s.Documents().Add(ctx, deal, opportunity.AddDocumentInput{Name: "final.txt"}, strings.NewReader("Five pumps")))
	must(s.Documents().Remove(ctx, deal, draft))
	fmt.Println(must(s.Documents().CleanUp(ctx, 24*time.Hour)), "removed") // it is too young

	april := func() time.Time { return time.Date(2026, 4, 1, 2, 0, 0, 0, time.UTC) }
	later := must(pursuit.New(s.store, &pursuit.Options{Clock: april, Blobs: s.blobs})).As(s.Actor())
	fmt.Println(must(later.Documents().CleanUp(ctx, 24*time.Hour)), "removed")
	fmt.Println(must(later.Documents().CleanUp(ctx, 24*time.Hour)), "removed") // nothing is left
	// Output:
	// 0 removed
	// 1 removed
	// 0 removed
}
