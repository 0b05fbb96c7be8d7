package stage_test

import (
	"fmt"

	"github.com/pursuit-crm/pursuit/stage"
)

func ExamplePublish() {
	p := stage.Simple()
	p.Stages[1].Names["en"] = "Quotation"
	v, err := stage.Publish(p)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.First().ID, "→", v.Targets("contact"))
	fmt.Println(v.CanMove("offer", "offer"))
	// Output:
	// contact → [offer]
	// stage.same: it is in stage offer already (/to: is the stage that it is in)
}

func ExampleProcess_Check() {
	p := stage.B2B()
	p.Stages[0].Next = []string{"contract"}
	p.AllowBack = false
	fmt.Println(p.Check(nil) != nil)
	// Output: true
}

func ExampleUnmet() {
	gates := []stage.Gate{
		{Kind: stage.GateLines, Params: map[string]string{"n": "1"}},
		{ID: "credit", Kind: "erp_credit", Params: map[string]string{"limit": "1000"}},
	}
	host := stage.Verdicts{gates[1].Key(): {Message: "the customer is over 1000"}}
	unmet, err := stage.Unmet(gates, stage.Facts{}, host)
	for _, f := range unmet {
		fmt.Println(f.Path, f.Message)
	}
	fmt.Println(err)
	// Output:
	// gate/lines_min needs at least 1 lines
	// gate/credit the customer is over 1000
	// <nil>
}

func ExampleTable_Next() {
	const (
		draft, sent = uint8(1), uint8(2)
		send        = uint8(1)
	)
	table, err := stage.NewTable(stage.Definition[uint8, uint8]{
		Name: "letter", States: []uint8{draft, sent}, Events: []uint8{send}, Initial: draft, Final: []uint8{sent},
		Transitions: []stage.Transition[uint8, uint8]{{From: draft, Event: send, To: sent}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(table.Next(draft, send))
	fmt.Println(table.Next(sent, send))
	// Output:
	// 2 true
	// 0 false
}

func ExampleProcess_Mermaid() {
	fmt.Print(stage.Simple().Mermaid("zh-CN"))
	// Output:
	// stateDiagram-v2
	//     state "接洽 (20 #37;)" as s0
	//     state "报价 (60 #37;)" as s1
	//     state "赢单" as won
	//     state "输单" as lost
	//     [*] --> s0
	//     s0 --> s1
	//     s1 --> s0
	//     s0 --> won : 赢单
	//     s0 --> lost : 输单
	//     s1 --> won : 赢单
	//     s1 --> lost : 输单
	//     won --> [*]
	//     lost --> [*]
}
