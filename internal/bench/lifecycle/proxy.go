package lifecycle

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// proxy passes TCP connections on to a server. It counts round trips, which are
// changes of direction from the server's answers to a client's question, and
// makes each of them longer.
type proxy struct {
	l     net.Listener
	to    string
	delay atomic.Int64 // nanoseconds
	trips atomic.Int64
	wg    sync.WaitGroup
	mu    sync.Mutex
	conns map[net.Conn]bool
}

func startProxy(to string, delay time.Duration) (*proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{l: l, to: to, conns: map[net.Conn]bool{}}
	p.slow(delay)
	p.wg.Add(1)
	go p.accept()
	return p, nil
}

// slow sets by how much each trip is longer from now on.
func (p *proxy) slow(delay time.Duration) { p.delay.Store(int64(delay)) }

func (p *proxy) port() int { return p.l.Addr().(*net.TCPAddr).Port }

// take gives the number of trips since, and begins again.
func (p *proxy) take() int64 { return p.trips.Swap(0) }

// stop ends the proxy and its connections, and waits for them.
func (p *proxy) stop() error {
	err := p.l.Close()
	p.mu.Lock()
	for c := range p.conns {
		c.Close()
	}
	p.mu.Unlock()
	p.wg.Wait()
	return err
}

func (p *proxy) accept() {
	defer p.wg.Done()
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
		p.mu.Lock()
		p.conns[client], p.conns[server] = true, true
		p.mu.Unlock()
		p.wg.Add(2)
		var answered atomic.Bool
		answered.Store(true)
		go p.pass(client, server, func() {
			if answered.Swap(false) {
				p.trips.Add(1)
				if d := p.delay.Load(); d > 0 {
					time.Sleep(time.Duration(d))
				}
			}
		})
		go p.pass(server, client, func() { answered.Store(true) })
	}
}

func (p *proxy) pass(from, to net.Conn, before func()) {
	defer p.wg.Done()
	defer func() {
		from.Close()
		to.Close()
		p.mu.Lock()
		delete(p.conns, from)
		p.mu.Unlock()
	}()
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			before()
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
