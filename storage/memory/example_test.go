package memory_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/pursuit-crm/pursuit/fault"
	"github.com/pursuit-crm/pursuit/storage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

func ExampleNew() {
	store, ctx := memory.New(), context.Background()
	take := func(ctx context.Context, tx storage.Tx) error {
		first, err := tx.Numbers().Take(ctx, "acme", "opportunity", 10)
		fmt.Println("ten numbers from", first)
		return err
	}
	fmt.Println(store.Update(ctx, take))
	err := store.View(ctx, take)
	fmt.Println(errors.Is(err, fault.ErrNotAllowed))
	// Output:
	// ten numbers from 1
	// <nil>
	// ten numbers from 0
	// true
}

// What a host does inside its own transaction is the host's to keep or to take back.
func ExampleStore_Bind() {
	store, ctx := memory.New(), context.Background()
	take := func(ctx context.Context, tx storage.Tx) error {
		first, err := tx.Numbers().Take(ctx, "acme", "opportunity", 1)
		fmt.Println("number", first)
		return err
	}
	host := store.Begin()
	fmt.Println(store.Bind(host).Update(ctx, take))
	host.Rollback()

	host = store.Begin()
	fmt.Println(store.Bind(host).Update(ctx, take))
	fmt.Println(host.Commit())
	// Output:
	// number 1
	// <nil>
	// number 1
	// <nil>
	// <nil>
}
