module github.com/pursuit-crm/pursuit/internal/integration

go 1.25.0

require (
	github.com/pursuit-crm/pursuit v0.0.0
	modernc.org/sqlite v1.45.0
)

replace github.com/pursuit-crm/pursuit => ../..
