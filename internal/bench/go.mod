module github.com/pursuit-crm/pursuit/internal/bench

go 1.25.0

require (
	github.com/looplab/fsm v1.0.3
	github.com/pursuit-crm/pursuit v0.0.0
	github.com/qmuntal/stateless v1.7.2
)

require (
	github.com/google/uuid v1.6.0 // indirect
	github.com/shopspring/decimal v1.6.0 // indirect
	golang.org/x/exp v0.0.0-20251209150349-8475f28825e9 // indirect
	golang.org/x/text v0.31.0 // indirect
)

replace github.com/pursuit-crm/pursuit => ../..
