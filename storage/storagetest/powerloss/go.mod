module github.com/pursuit-crm/pursuit/storage/storagetest/powerloss

go 1.25.0

require (
	github.com/ncruces/go-sqlite3 v0.32.0
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/ncruces/julianday v1.0.0 // indirect
	github.com/tetratelabs/wazero v1.11.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/sys v0.47.0 // indirect
	golang.org/x/text v0.39.0 // indirect
)
