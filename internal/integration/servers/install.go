package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
)

var installing sync.Mutex

// programs say whether a package is there.
var programs = map[string]func() error{
	"postgresql":     func() error { _, err := postgresBin("initdb"); return err },
	"mariadb-server": func() error { _, err := mariadbBin("mariadbd"); return err },
	"pgbouncer":      func() error { _, err := mariadbBin("pgbouncer"); return err },
}

// alone waits until no other process installs: go test runs several packages at
// once, and apt-get gives up when it isn't alone.
func alone() (unlock func() error, err error) {
	f, err := os.OpenFile(filepath.Join(os.TempDir(), "pursuit-install.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}

// Install installs one of Debian's packages if what it brings is missing, and
// keeps Debian from starting its service.
func Install(ctx context.Context, name string) error {
	installing.Lock()
	defer installing.Unlock()
	there := programs[name]
	if there == nil {
		return fmt.Errorf("%s isn't a package of ours", name)
	}
	if os.Getuid() != 0 {
		if there() == nil {
			return nil
		}
		return fmt.Errorf("%s is missing: install it, or run as root on Debian", name)
	}
	unlock, err := alone()
	if err != nil {
		return err
	}
	defer unlock()
	if there() == nil { // asked only now: a package that is half installed is there too
		return nil
	}
	const rule = "/usr/sbin/policy-rc.d" // 101 forbids packages to start services
	if _, err := os.Stat(rule); os.IsNotExist(err) {
		if err := os.WriteFile(rule, []byte("#!/bin/sh\nexit 101\n"), 0o755); err != nil {
			return err
		}
		defer os.Remove(rule)
	}
	for _, args := range [][]string{{"update", "-q"}, {"install", "-qy", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", name}} {
		cmd := exec.CommandContext(ctx, "apt-get", args...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("apt-get %v: %w: %s", args, err, out[max(0, len(out)-2000):])
		}
	}
	return there()
}
