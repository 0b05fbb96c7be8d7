.PHONY: test night lint lint-all floor bench bench-json bench-go cover api api-accept conformance check reliability reliability-short mutants
all = ./... ./examples/... ./examples/orm/... ./internal/integration/... ./internal/bench/... ./internal/reliability/... ./storage/migrate/... ./storage/pgxconn/... ./storage/storagetest/powerloss/...

test: ; go test -timeout 60m $(all)
night: ; PURSUIT_NIGHT=1 go test -timeout 6h $(all)
lint: tools ; test -z "$$(gofmt -l .)" && go vet $(all) && bin/staticcheck $(all) && bash scripts/lint && cd internal/tools && GOWORK=off go vet ./...
lint-all: lint ; bash scripts/lint all
floor: ; bash scripts/floor
bench: ; go run ./internal/bench/cmd/lifecycle
bench-json: ; @go run ./internal/bench/cmd/lifecycle -json -rounds 5 -slice 400ms -cases '^(sqlite|postgres-g|pgx|mariadb-g)'
bench-go: ; go test -run '^$$' -bench . -benchmem $(all)
cover: ; bash scripts/tests library
conformance: ; go test -count=1 -v -run 'TestConformance' ./internal/integration
api: tools ; bin/apicheck -dir . -baseline api/baseline
api-accept: tools ; bin/apicheck -dir . -baseline api/baseline -accept
check: ; bash scripts/check
reliability: ; go run ./internal/reliability/cmd/bar
reliability-short: ; go run ./internal/reliability/cmd/bar -short
mutants: ; go run ./internal/reliability/cmd/mutants


# B18: how many changes of one operator the tests of the packages notice. Takes hours: PACKAGES="money stage" limits it.
.PHONY: mutation fuzz fuzz-long
mutation:
	cd internal/tools && GOWORK=off go build -o $(CURDIR)/bin/ ./mutation github.com/go-gremlins/gremlins/cmd/gremlins
	bin/mutation -dir . -gremlins bin/gremlins $(PACKAGES)
# B12: all targets in two minutes, and each a million times.
fuzz: ; bash scripts/fuzz 120s
fuzz-long: ; bash scripts/fuzz 1000000x

.PHONY: tools
tools: ; cd internal/tools && GOWORK=off go build -o $(CURDIR)/bin/ honnef.co/go/tools/cmd/staticcheck ./apicheck
