package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/opportunity"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

func main() {
	db := flag.String("db", "", "SQLite's `file`, kept afterwards; without it a temporary one")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *db); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// run tells the whole story.
func run(ctx context.Context, w io.Writer, db string) (err error) {
	store, closeStore, err := open(ctx, db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeStore()) }()
	// Documents' contents go where the host says; here they end with the program.
	eng, err := pursuit.New(store, &pursuit.Options{Blobs: memory.NewBlobs()})
	if err != nil {
		return err
	}
	// A session is somebody's. Who may do what follows from the roles.
	st := &story{
		w:     w,
		admin: eng.As(pursuit.Actor{Tenant: "acme", User: "root", Roles: []access.Role{access.Administrator}}),
		ann:   eng.As(pursuit.Actor{Tenant: "acme", User: "ann", Department: "east", Roles: []access.Role{access.Sales}}),
		bob:   eng.As(pursuit.Actor{Tenant: "acme", User: "bob", Department: "labs", Roles: []access.Role{access.Sales}}),
	}
	for _, step := range []func(context.Context) error{
		st.setUp, st.record, st.team, st.enrich, st.followUp, st.refused, st.advance, st.quote,
		st.win, st.lose, st.order, st.close, st.prove,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	st.title("The states of an opportunity, in Mermaid")
	fmt.Fprintln(w, opportunity.Lifecycle().Mermaid())
	return nil
}

// story holds what one step leaves for the next.
type story struct {
	w               io.Writer
	admin, ann, bob *pursuit.Session
	setup           setup
	deal            pursuit.Result // the opportunity that is won
	visit, expense  uuid.UUID      // what is to do and was spent for it
}

func (st *story) title(format string, args ...any) {
	fmt.Fprintf(st.w, "\n"+format+"\n", args...)
}

func (st *story) say(format string, args ...any) {
	fmt.Fprintf(st.w, "   "+format+"\n", args...)
}
