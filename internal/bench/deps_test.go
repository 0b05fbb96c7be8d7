package bench

import (
	_ "github.com/looplab/fsm"
	_ "github.com/qmuntal/stateless"

	_ "github.com/pursuit-crm/pursuit/stage"
)
