package archive_test

import (
	"fmt"

	"github.com/pursuit-crm/pursuit/archive"
	"github.com/pursuit-crm/pursuit/fault"
)

func ExampleNew() {
	a, err := archive.New(id(7), "acme", archive.CreateInput{
		Kind: archive.LossReason, Code: "lost-to-competitor", NeedsCompetitor: true,
		Names: map[string]string{"en": "Lost to a competitor", "zh-CN": "败于竞争对手"},
	}, at(0))
	if err != nil {
		fmt.Println(err)
		return
	}
	change, _ := a.Change(ids(0))
	fmt.Println(change.Entry.Name("zh"), change.Entries[0].Type)

	err = archive.Open(archive.Record{Entry: change.Entry, Head: change.Head}).Delete(true, at(1))
	fmt.Println(err)
	// Output:
	// 败于竞争对手 archive.created.v1
	// archive.in_use: the entry is still referenced; retire it instead
}

func ExampleUsable() {
	reason := archive.Entry{Kind: archive.WinReason, Status: archive.Retired}
	var f fault.Fields
	archive.Usable(reason, archive.LossReason, "/reasons/0", &f)
	fmt.Println(f.Invalid("opportunity.lose.invalid"))
	// Output:
	// opportunity.lose.invalid: invalid input (/reasons/0: is not a loss reason; /reasons/0: is retired and can't be chosen any more)
}
