package reliability

import (
	"bytes"
	"io"
	"net"
	"sync"
	"sync/atomic"
)

// proxy stands between a client and a server. Armed, it lets the next COMMIT
// through, keeps the answer back, and cuts the connection.
type proxy struct {
	l     net.Listener
	to    string
	armed atomic.Bool
	cuts  atomic.Int64
	// before cuts before COMMIT has reached the server.
	before atomic.Bool
	mu     sync.Mutex
	conns  map[net.Conn]bool
	wg     sync.WaitGroup
}

func newProxy(to string) (*proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{l: l, to: to, conns: map[net.Conn]bool{}}
	p.wg.Go(p.accept)
	return p, nil
}

func (p *proxy) port() int { return p.l.Addr().(*net.TCPAddr).Port }

func (p *proxy) keep(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns[c] = true
}

func (p *proxy) accept() {
	for {
		client, err := p.l.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.to)
		if err != nil {
			client.Close()
			continue
		}
		p.keep(client)
		p.keep(server)
		var cut atomic.Bool
		end := func() {
			client.Close()
			server.Close()
			p.mu.Lock()
			defer p.mu.Unlock()
			delete(p.conns, client)
			delete(p.conns, server)
		}
		p.wg.Go(func() { // what the client says
			defer end()
			b := make([]byte, 64<<10)
			for {
				n, err := client.Read(b)
				if err != nil {
					return
				}
				if bytes.Contains(bytes.ToLower(b[:n]), []byte("commit")) && p.armed.CompareAndSwap(true, false) {
					p.cuts.Add(1)
					if p.before.Load() {
						return
					}
					cut.Store(true)
				}
				if _, err := server.Write(b[:n]); err != nil {
					return
				}
			}
		})
		p.wg.Go(func() { // what the server answers
			defer end()
			b := make([]byte, 64<<10)
			for {
				n, err := server.Read(b)
				if err != nil || cut.Load() {
					return
				}
				if _, err := client.Write(b[:n]); err != nil && err != io.EOF {
					return
				}
			}
		})
	}
}

func (p *proxy) close() {
	p.l.Close()
	p.mu.Lock()
	for c := range p.conns {
		c.Close()
	}
	p.mu.Unlock()
	p.wg.Wait()
}
