package integration

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/customer"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

// A host opens its database with the driver of its choice, brings the tables up,
// and gives the store to the engine. What the library writes inside the host's
// transaction is committed, or rolled back, with the host's own rows.
func Example_hostTransaction() {
	ctx := context.Background()
	db, err := sql.Open("sqlite", "file::memory:?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)")
	if err != nil {
		panic(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // each connection to :memory: is a database of its own

	store, err := sqlstore.New(db, sqlstore.SQLite(), nil)
	if err != nil {
		panic(err)
	}
	if err := store.Migrate(ctx); err != nil {
		panic(err)
	}
	if err := store.Check(ctx); err != nil {
		panic(err)
	}
	eng, err := pursuit.New(store, nil)
	if err != nil {
		panic(err)
	}
	ann := pursuit.Actor{Tenant: "acme", User: "ann", Roles: []access.Role{access.Administrator}}

	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		panic(err)
	}
	inside := eng.In(store.Bind(sqlstore.Std(tx))).As(ann)
	if _, err := inside.Customers().Create(ctx, customer.CreateInput{Name: "Northwind", Code: "C1"}); err != nil {
		panic(err)
	}
	if err := tx.Rollback(); err != nil { // the host changed its mind
		panic(err)
	}

	_, err = eng.As(ann).Customers().ByCode(ctx, "C1")
	fmt.Println(err)
	// Output: customer.not_found: not found
}
