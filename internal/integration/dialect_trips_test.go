package integration

import (
	"database/sql/driver"
	"net"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"

	"github.com/pursuit-crm/pursuit"
	"github.com/pursuit-crm/pursuit/opportunity"
)

// wire passes a server's connections on, and counts the trips: how often the client
// speaks again after the server did.
type wire struct {
	trips  atomic.Int64
	target string
}

func (w *wire) listen(t testing.TB) (host string, port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", w.target)
			if err != nil {
				client.Close()
				continue
			}
			var answered atomic.Bool // the server spoke last
			answered.Store(true)
			go w.pass(server, client, func() {
				if answered.Swap(false) {
					w.trips.Add(1)
				}
			})
			go w.pass(client, server, func() { answered.Store(true) })
		}
	}()
	a := l.Addr().(*net.TCPAddr)
	return a.IP.String(), a.Port
}

func (w *wire) pass(to, from net.Conn, note func()) {
	defer to.Close()
	defer from.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			note()
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// through connects to a database with tables over the wire.
func (w *wire) through(t testing.TB, d database) driver.Connector {
	t.Helper()
	if d.name == "postgres" {
		s := postgres.get(t)
		w.target = net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
		cfg, err := pgx.ParseConfig(s.PostgresURL(pgPool.name(t)))
		require.NoError(t, err)
		host, port := w.listen(t)
		cfg.Host, cfg.Port = host, uint16(port)
		return stdlib.GetConnector(*cfg)
	}
	s := mariadb.get(t)
	w.target = net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
	cfg, err := mysql.ParseDSN(s.MariaDBDSN(mariaPool.name(t)))
	require.NoError(t, err)
	host, port := w.listen(t)
	cfg.Addr, cfg.Logger = net.JoinHostPort(host, strconv.Itoa(port)), &mysql.NopLogger{}
	return mariaConnector(t, cfg)
}

// TestTrips counts what commands cost once statements are prepared, in
// transactions of their own: each statement is a trip, and so are BEGIN and COMMIT.
func TestTrips(t *testing.T) {
	onServers(t, func(t *testing.T, d database) {
		wr := &wire{}
		db := opened(t, wr.through(t, d))
		db.SetMaxOpenConns(1)
		w := newWorld(t, d.on(t, db, nil))
		o := w.s.Opportunities()
		for round := range 5 {
			var id uuid.UUID
			for _, x := range []struct {
				name string
				want int64
				run  func() (pursuit.Result, error)
			}{
				{"record with 3 lines and 2 members", 8, func() (pursuit.Result, error) {
					in := w.input("one", 3)
					in.Members = []opportunity.MemberInput{{User: "bob", Role: opportunity.RoleSupport, Access: opportunity.Read}, {User: "eve", Role: opportunity.RoleSupport, Access: opportunity.Read}}
					r, err := o.Record(w.ctx, in)
					id = r.ID
					return r, err
				}},
				{"add a line", 7, func() (pursuit.Result, error) { return w.s.Lines().Add(w.ctx, id, w.input("", 1).Lines) }},
				{"advance", 6, func() (pursuit.Result, error) {
					return o.Advance(w.ctx, id, opportunity.AdvanceInput{To: "engaging", Summary: "done"})
				}},
				{"win", 7, func() (pursuit.Result, error) {
					return o.Win(w.ctx, id, opportunity.WinInput{Summary: "won", Reasons: choose(w.win)})
				}},
				{"close", 6, func() (pursuit.Result, error) {
					return o.Close(w.ctx, id, opportunity.CloseInput{Override: "no order"})
				}},
			} {
				before := wr.trips.Load()
				_, err := x.run()
				require.NoError(t, err, x.name)
				trips := wr.trips.Load() - before
				if round == 4 { // the first ones prepare
					require.Equal(t, x.want, trips, x.name)
				}
			}
		}
		before := wr.trips.Load()
		_, err := o.Count(w.ctx, opportunity.Filter{})
		require.NoError(t, err)
		// MariaDB is told the isolation of the transaction first.
		require.LessOrEqual(t, wr.trips.Load()-before, map[string]int64{"postgres": 4, "mariadb": 5}[d.name])
	})
}
