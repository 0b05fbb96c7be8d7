package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/pursuit-crm/pursuit/examples/orm/erp"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "gorm:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer) error { return erp.Story(ctx, w, use) }
