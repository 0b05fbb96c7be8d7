module github.com/pursuit-crm/pursuit

go 1.25.0

require (
	github.com/google/uuid v1.6.0
	github.com/shopspring/decimal v1.6.0
	github.com/stretchr/testify v1.12.1
	golang.org/x/exp v0.0.0-20251209150349-8475f28825e9
	golang.org/x/text v0.31.0
)

require go.yaml.in/yaml/v3 v3.0.5 // indirect
