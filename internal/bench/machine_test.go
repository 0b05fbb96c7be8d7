package bench_test

import (
	"context"
	"testing"

	"github.com/looplab/fsm"
	"github.com/qmuntal/stateless"

	"github.com/pursuit-crm/pursuit/stage"
)

// The machine that all three run: an opportunity's lifecycle, copied here as
// plain data so that none of them has an advantage.
type (
	status  uint8
	command uint8
)

const (
	open status = iota + 1
	onHold
	won
	lost
	void
	closed
)

const (
	win command = iota + 1
	lose
	hold
	resume
	annul
	finish
	reopen
)

var (
	statusNames  = [...]string{open: "open", onHold: "on_hold", won: "won", lost: "lost", void: "void", closed: "closed"}
	commandNames = [...]string{win: "win", lose: "lose", hold: "hold", resume: "resume", annul: "void", finish: "close", reopen: "reopen"}
	moves        = []stage.Transition[status, command]{
		{From: open, Event: win, To: won}, {From: open, Event: lose, To: lost}, {From: open, Event: hold, To: onHold}, {From: open, Event: annul, To: void},
		{From: onHold, Event: resume, To: open}, {From: onHold, Event: lose, To: lost}, {From: onHold, Event: annul, To: void},
		{From: won, Event: finish, To: closed}, {From: won, Event: reopen, To: open},
		{From: lost, Event: reopen, To: open}, {From: void, Event: reopen, To: open}, {From: closed, Event: reopen, To: open},
	}
)

// The stored form of a status, as an ERP's row has it.
func parse(s string) status {
	for i, name := range statusNames {
		if name == s && name != "" {
			return status(i)
		}
	}
	return 0
}

func pursuitTable(tb testing.TB) *stage.Table[status, command] {
	tb.Helper()
	t, err := stage.NewTable(stage.Definition[status, command]{
		Name: "lifecycle", States: []status{open, onHold, won, lost, void, closed}, Events: []command{win, lose, hold, resume, annul, finish, reopen},
		StateName: func(s status) string { return statusNames[s] }, EventName: func(c command) string { return commandNames[c] },
		Initial: open, Final: []status{lost, void, closed}, Transitions: moves,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func looplabEvents() fsm.Events {
	var out fsm.Events
	for _, m := range moves {
		out = append(out, fsm.EventDesc{Name: commandNames[m.Event], Src: []string{statusNames[m.From]}, Dst: statusNames[m.To]})
	}
	return out
}

func looplab(initial string, events fsm.Events) *fsm.FSM {
	return fsm.NewFSM(initial, events, fsm.Callbacks{})
}

func configure(m *stateless.StateMachine) *stateless.StateMachine {
	for _, x := range moves {
		m.Configure(x.From).Permit(x.Event, x.To)
	}
	return m
}

// Every machine gives the same answer to every status and command: what is
// compared is the same.
func TestMachinesAgree(t *testing.T) {
	ctx := context.Background()
	table, events := pursuitTable(t), looplabEvents()
	n := 0
	for s := open; s <= closed; s++ {
		for c := win; c <= reopen; c++ {
			to, ok := table.Next(s, c)
			f := looplab(statusNames[s], events)
			if err := f.Event(ctx, commandNames[c]); (err == nil) != ok || ok && f.Current() != statusNames[to] {
				t.Errorf("looplab/fsm: %s %s gives %s, %v", statusNames[s], commandNames[c], f.Current(), err)
			}
			m := configure(stateless.NewStateMachine(s))
			if err := m.FireCtx(ctx, c); (err == nil) != ok || ok && m.MustState() != to {
				t.Errorf("qmuntal/stateless: %s %s gives %v, %v", statusNames[s], commandNames[c], m.MustState(), err)
			}
			if ok {
				n++
			}
		}
	}
	if n != len(moves) {
		t.Fatalf("%d moves, not %d", n, len(moves))
	}
}

func TestTableDoesNotAllocate(t *testing.T) {
	table := pursuitTable(t)
	s := open
	if n := testing.AllocsPerRun(1000, func() {
		s, _ = table.Next(s, hold)
		s, _ = table.Next(s, resume)
	}); n != 0 {
		t.Fatalf("a live machine: %v allocations", n)
	}
	if s != open {
		t.Fatalf("ended %s", statusNames[s])
	}
	if n := testing.AllocsPerRun(1000, func() {
		if to, ok := table.Next(parse("won"), reopen); !ok || to != open {
			t.Fatal("wrong")
		}
	}); n != 0 {
		t.Fatalf("restored: %v allocations", n)
	}
}

// BenchmarkLive fires two commands on a machine that stays in memory: hold, and
// resume. One operation is both.
func BenchmarkLive(b *testing.B) {
	ctx := context.Background()
	b.Run("pursuit/stage.Table", func(b *testing.B) {
		table, s := pursuitTable(b), open
		b.ReportAllocs()
		for b.Loop() {
			s, _ = table.Next(s, hold)
			s, _ = table.Next(s, resume)
		}
		if s != open {
			b.Fatal("wrong")
		}
	})
	b.Run("looplab/fsm", func(b *testing.B) {
		f := looplab("open", looplabEvents())
		b.ReportAllocs()
		for b.Loop() {
			if f.Event(ctx, "hold") != nil || f.Event(ctx, "resume") != nil {
				b.Fatal("refused")
			}
		}
	})
	b.Run("qmuntal/stateless", func(b *testing.B) {
		m := configure(stateless.NewStateMachine(open))
		b.ReportAllocs()
		for b.Loop() {
			if m.FireCtx(ctx, hold) != nil || m.FireCtx(ctx, resume) != nil {
				b.Fatal("refused")
			}
		}
	})
}

// BenchmarkRestored is what an ERP does for each command: the status comes from a
// row as text, one command is given, and the next status goes back.
//
// looplab/fsm keeps the state inside the machine, so it is built for each row, or
// one is kept and set (which only one goroutine at a time may do). qmuntal/stateless
// can be built for each row, or read the state from outside.
func BenchmarkRestored(b *testing.B) {
	ctx := context.Background()
	row := "won"
	b.Run("pursuit/stage.Table", func(b *testing.B) {
		table := pursuitTable(b)
		b.ReportAllocs()
		for b.Loop() {
			if to, ok := table.Next(parse(row), reopen); !ok || statusNames[to] != "open" {
				b.Fatal("wrong")
			}
		}
	})
	b.Run("looplab/fsm/built", func(b *testing.B) {
		events := looplabEvents()
		b.ReportAllocs()
		for b.Loop() {
			if f := looplab(row, events); f.Event(ctx, "reopen") != nil || f.Current() != "open" {
				b.Fatal("wrong")
			}
		}
	})
	b.Run("looplab/fsm/reused", func(b *testing.B) {
		f := looplab(row, looplabEvents())
		b.ReportAllocs()
		for b.Loop() {
			if f.SetState(row); f.Event(ctx, "reopen") != nil || f.Current() != "open" {
				b.Fatal("wrong")
			}
		}
	})
	b.Run("qmuntal/stateless/built", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if m := configure(stateless.NewStateMachine(parse(row))); m.FireCtx(ctx, reopen) != nil || m.MustState() != open {
				b.Fatal("wrong")
			}
		}
	})
	b.Run("qmuntal/stateless/reused", func(b *testing.B) {
		var now status
		m := configure(stateless.NewStateMachineWithExternalStorage(
			func(context.Context) (stateless.State, error) { return now, nil },
			func(_ context.Context, s stateless.State) error { now = s.(status); return nil }, stateless.FiringImmediate))
		b.ReportAllocs()
		for b.Loop() {
			if now = parse(row); m.FireCtx(ctx, reopen) != nil || now != open {
				b.Fatal("wrong")
			}
		}
	})
}
