package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/access"
	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/stage"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

func main() {
	addr := flag.String("addr", "", "where to serve, such as 127.0.0.1:8080; without it the program talks to itself and ends")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, *addr); err != nil {
		fmt.Fprintln(os.Stderr, "http-api:", err)
		os.Exit(1)
	}
}

// login stands for the host's own: a header that a proxy has set.
func login(r *http.Request) (pursuit.Actor, error) {
	user := r.Header.Get("X-User")
	if user == "" {
		return pursuit.Actor{}, errNoLogin
	}
	return pursuit.Actor{Tenant: "acme", User: user, Department: "east", Roles: []access.Role{access.Sales}}, nil
}

// seeded is an engine on a tenant with a process and a reason to win.
func seeded(ctx context.Context) (*pursuit.Engine, error) {
	engine, err := pursuit.New(memory.New(), nil)
	if err != nil {
		return nil, err
	}
	admin := engine.As(pursuit.Actor{Tenant: "acme", User: "admin", Roles: []access.Role{access.Administrator}})
	if _, err := admin.Processes().Publish(ctx, stage.Simple()); err != nil {
		return nil, err
	}
	_, err = admin.Archives().Create(ctx, archive.CreateInput{Kind: archive.WinReason, Code: "price", Names: map[string]string{"en": "Price", "zh": "价格"}})
	return engine, err
}

func run(ctx context.Context, out io.Writer, addr string) error {
	engine, err := seeded(ctx)
	if err != nil {
		return err
	}
	at := addr
	if at == "" {
		at = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", at)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: api{engine, login}.handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	if addr != "" {
		fmt.Fprintf(out, "serving on http://%s/deals (X-User names who you are)\n", listener.Addr())
		<-ctx.Done()
	} else {
		err = talk(ctx, out, "http://"+listener.Addr().String())
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if e := server.Shutdown(stop); err == nil {
		err = e
	}
	<-served
	return err
}

// talk is a client that goes through a deal's life.
func talk(ctx context.Context, out io.Writer, base string) error {
	say := func(method, path, body string, headers ...string) (*http.Response, map[string]any, error) {
		req, err := http.NewRequestWithContext(ctx, method, base+path, bytes.NewBufferString(body))
		if err != nil {
			return nil, nil, err
		}
		req.Header.Set("X-User", "ann")
		for i := 0; i+1 < len(headers); i += 2 {
			req.Header.Set(headers[i], headers[i+1])
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return nil, nil, err
		}
		defer res.Body.Close()
		var doc map[string]any
		if err := json.NewDecoder(res.Body).Decode(&doc); err != nil {
			return nil, nil, err
		}
		fmt.Fprintf(out, "%s %s: %d", method, path[:min(len(path), 6)], res.StatusCode)
		if code, ok := doc["code"]; ok {
			fmt.Fprintf(out, " %v %v", code, doc["title"])
		}
		fmt.Fprintln(out)
		return res, doc, nil
	}
	deal := `{"customer":{"name":"Northwind"},"opportunity":{"name":"20 workstations","currency":"CNY","estimated":{"amount":"179990.00","currency":"CNY"}}}`
	res, made, err := say("POST", "/deals", deal, "Idempotency-Key", "form-1")
	if err != nil {
		return err
	}
	again, _, err := say("POST", "/deals", deal, "Idempotency-Key", "form-1")
	if err != nil {
		return err
	}
	at := res.Header.Get("Location")
	fmt.Fprintln(out, "  sent twice, recorded once:", made["number"], at == again.Header.Get("Location"))
	if _, _, err = say("POST", "/deals", `{"customer":{"name":""},"opportunity":{"name":"x","estimated":{"amount":"1.2345","currency":"CNY"}}}`); err != nil {
		return err
	}
	if _, _, err = say("GET", at, "", "X-User", "eve", "Accept-Language", "zh-CN"); err != nil {
		return err
	}
	won := `{"summary":"Signed","reasons":[{"code":"price"}]}`
	if _, _, err = say("POST", at+"/win", won, "If-Match", `"7"`); err != nil {
		return err
	}
	if _, _, err = say("POST", at+"/win", won, "If-Match", res.Header.Get("ETag")); err != nil {
		return err
	}
	_, list, err := say("GET", "/deals?statuses=won&size=1", "")
	if err != nil {
		return err
	}
	items, _ := list["items"].([]any)
	fmt.Fprintln(out, "  won:", len(items))
	return nil
}
