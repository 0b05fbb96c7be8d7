package servers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// patience is how long a server may take to start, or to end, on a busy machine.
const patience = 3 * time.Minute

// Server is a running server, or an existing one that isn't ours to stop.
type Server struct {
	Host     string
	Port     int
	User     string
	Password string

	spec  *spec
	dir   string
	mu    sync.Mutex
	cmd   *exec.Cmd
	ended chan struct{}
}

// spec is what differs between them.
type spec struct {
	name string
	env  string // names an existing server, if there may be one
	// packages are Debian's; programs are what must be there.
	packages []string
	account  string                              // whom the server runs as, if we are root
	initial  func(dir string) (*exec.Cmd, error) // nil: there is nothing to make
	run      func(dir string, port int) (*exec.Cmd, error)
	ready    func(dir string, port int) (*exec.Cmd, error)
	stop     syscall.Signal // asks for an orderly end
}

// starter runs on a thread of its own for as long as the program lives: a
// process's death signal comes when the thread that started it ends.
var starter = sync.OnceValue(func() chan func() {
	c := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range c {
			f()
		}
	}()
	return c
})

func onStarter(f func() error) error {
	done := make(chan error, 1)
	starter() <- func() { done <- f() }
	return <-done
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// existing reads host:port:user:password.
func existing(s *spec) (*Server, error) {
	v := os.Getenv(s.env)
	if v == "" {
		return nil, nil
	}
	p := strings.SplitN(v, ":", 4)
	if len(p) != 4 {
		return nil, fmt.Errorf("%s must hold host:port:user:password", s.env)
	}
	port, err := strconv.Atoi(p[1])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.env, err)
	}
	return &Server{Host: p[0], Port: port, User: p[2], Password: p[3]}, nil
}

func start(ctx context.Context, s *spec, user string) (*Server, error) {
	if found, err := existing(s); found != nil || err != nil {
		return found, err
	}
	dir, err := os.MkdirTemp("", "pursuit-"+s.name+"-")
	if err != nil {
		return nil, err
	}
	srv := &Server{Host: "127.0.0.1", User: user, spec: s, dir: dir}
	if err := srv.prepare(ctx); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	if err := srv.Start(ctx); err != nil {
		srv.Stop()
		return nil, err
	}
	return srv, nil
}

func (s *Server) prepare(ctx context.Context) error {
	cred, err := s.credential()
	if err != nil {
		return err
	}
	if cred != nil {
		if err := os.Chown(s.dir, int(cred.Uid), int(cred.Gid)); err != nil {
			return err
		}
	}
	if s.spec.initial == nil {
		return ctx.Err()
	}
	cmd, err := s.spec.initial(s.dir)
	if err != nil {
		return err
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
	cmd.Dir = s.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", s.spec.name, err, out)
	}
	return ctx.Err()
}

// credential is whom the server runs as: neither server runs as root.
func (s *Server) credential() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup(s.spec.account)
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}

// Start starts the server, again after Kill: on the same data, and on the same
// port after the first time.
func (s *Server) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.spec == nil || s.cmd != nil {
		return errors.New("the server isn't ours to start, or runs")
	}
	var last error
	for range 3 {
		if s.Port == 0 {
			port, err := freePort()
			if err != nil {
				return err
			}
			s.Port = port
			if last = s.launch(ctx); last != nil {
				s.Port = 0 // taken meanwhile, perhaps
				continue
			}
			return nil
		}
		if last = s.again(ctx); last == nil {
			return nil
		}
	}
	return last
}

// again launches the server on the data that it had. The children of a PostgreSQL
// that was killed live a moment longer, and hold its shared memory until they notice.
func (s *Server) again(ctx context.Context) error {
	deadline := time.Now().Add(patience)
	for {
		err := s.launch(ctx)
		if err == nil || !stillHeld(err) || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// stillHeld says whether a server didn't start because of the last one's children.
func stillHeld(err error) bool {
	return strings.Contains(err.Error(), "pre-existing shared memory block")
}

func (s *Server) launch(ctx context.Context) error {
	cred, err := s.credential()
	if err != nil {
		return err
	}
	cmd, err := s.spec.run(s.dir, s.Port)
	if err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	before, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	cmd.Dir, cmd.Stdout, cmd.Stderr = s.dir, log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred, Pdeathsig: syscall.SIGKILL}
	if err := onStarter(cmd.Start); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	s.cmd, s.ended = cmd, ended
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) && ctx.Err() == nil {
		select {
		case <-ended:
			s.cmd = nil
			return fmt.Errorf("%s ended: %s", s.spec.name, s.logSince(before))
		case <-time.After(50 * time.Millisecond):
		}
		probe, err := s.spec.ready(s.dir, s.Port)
		if err != nil {
			return err
		}
		if probe.Run() == nil {
			return nil
		}
	}
	s.end(syscall.SIGKILL)
	return fmt.Errorf("%s doesn't answer: %s", s.spec.name, s.Log())
}

// Pid is the server's process; 0 if it doesn't run, or isn't ours.
func (s *Server) Pid() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return 0
	}
	return s.cmd.Process.Pid
}

// Log is the end of what the server wrote.
func (s *Server) Log() string {
	return s.logSince(0)
}

// logSince is the end of what the server wrote after so many bytes.
func (s *Server) logSince(before int64) string {
	b, _ := os.ReadFile(filepath.Join(s.dir, "log"))
	b = b[min(before, int64(len(b))):]
	return string(b[max(0, len(b)-4000):])
}

func (s *Server) end(sig syscall.Signal) {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Signal(sig)
	select {
	case <-s.ended:
	case <-time.After(patience):
		_ = s.cmd.Process.Kill()
		<-s.ended
	}
	s.cmd = nil
}

// Kill ends the server with SIGKILL, as a crash would.
func (s *Server) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(syscall.SIGKILL)
}

// Stop ends the server and removes its data. An existing server is left alone.
func (s *Server) Stop() error {
	if s == nil || s.spec == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end(s.spec.stop)
	return os.RemoveAll(s.dir)
}
