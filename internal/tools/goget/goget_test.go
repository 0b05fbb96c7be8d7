package goget

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

const root, version = "github.com/pursuit-crm/pursuit", "v0.1.0"

// released are the modules that hosts import, by their folders, each with a program
// that uses it.
var released = []struct{ dir, program string }{
	{"", `package main

import (
	"fmt"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/storage/memory"
)

func main() {
	_, err := pursuit.New(memory.New(), nil)
	fmt.Println(err)
}
`},
	{"storage/pgxconn", `package main

import (
	"fmt"

	"github.com/pursuit-crm/pursuit/storage/pgxconn"
)

func main() { fmt.Println(pgxconn.New(nil, nil)) }
`},
	{"storage/migrate", `package main

import (
	"fmt"

	"github.com/pursuit-crm/pursuit/storage/migrate"
	"github.com/pursuit-crm/pursuit/storage/sqlstore"
)

func main() { fmt.Println(migrate.New(nil, sqlstore.SQLite(), nil)) }
`},
}

// TestModulesComeFromAProxy packs what is committed as a release, serves it from a
// folder, and fetches each module into an empty project that builds with it. The
// requirements of the modules are complete: tidying them changes nothing.
func TestModulesComeFromAProxy(t *testing.T) {
	repo, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	proxy, cache := t.TempDir(), t.TempDir()
	for _, m := range released {
		pack(t, proxy, repo, m.dir)
	}
	real := strings.TrimSpace(run(t, repo, nil, "go", "env", "GOPROXY"))
	downloaded := strings.TrimSpace(run(t, repo, nil, "go", "env", "GOMODCACHE")) + "/cache/download"
	env := []string{
		"GOWORK=off", "GOFLAGS=-modcacherw", "GOMODCACHE=" + cache, "GOSUMDB=off", "GOPRIVATE=", "GONOPROXY=",
		fmt.Sprintf("GOPROXY=file://%s,file://%s,%s", proxy, downloaded, real),
	}
	for _, m := range released {
		path := strings.TrimSuffix(root+"/"+m.dir, "/")
		t.Run(path, func(t *testing.T) {
			project := t.TempDir()
			run(t, project, env, "go", "mod", "init", "example.com/host")
			write(t, filepath.Join(project, "main.go"), m.program)
			run(t, project, env, "go", "get", path+"@"+version)
			run(t, project, env, "go", "mod", "tidy")
			run(t, project, env, "go", "build", "-o", os.DevNull, ".")
			if text := read(t, filepath.Join(project, "go.mod")); strings.Contains(text, "replace") || !strings.Contains(text, path+" "+version) {
				t.Errorf("the host's go.mod is\n%s", text)
			}
			clone := t.TempDir()
			if err := os.CopyFS(clone, os.DirFS(filepath.Join(cache, filepath.FromSlash(path)+"@"+version))); err != nil {
				t.Fatal(err)
			}
			before := read(t, filepath.Join(clone, "go.mod"))
			run(t, clone, env, "go", "mod", "tidy")
			if after := read(t, filepath.Join(clone, "go.mod")); after != before {
				t.Errorf("go.mod isn't tidy:\n%s\nis wanted", after)
			}
		})
	}
}

// pack writes what the module's folder has at HEAD as a release into the proxy.
func pack(t *testing.T, proxy, repo, dir string) {
	t.Helper()
	m := module.Version{Path: strings.TrimSuffix(root+"/"+dir, "/"), Version: version}
	var b bytes.Buffer
	if err := zip.CreateFromVCS(&b, m, repo, "HEAD", dir); err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(proxy, filepath.FromSlash(m.Path), "@v")
	if err := os.MkdirAll(at, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(at, "list"), version+"\n")
	write(t, filepath.Join(at, version+".info"), fmt.Sprintf(`{"Version":%q}`, version))
	write(t, filepath.Join(at, version+".mod"), run(t, repo, nil, "git", "show", "HEAD:"+strings.TrimPrefix(dir+"/go.mod", "/")))
	write(t, filepath.Join(at, version+".zip"), b.String())
}

func run(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(cmd.Args, " "), err, out, said.String())
	}
	return string(out)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
