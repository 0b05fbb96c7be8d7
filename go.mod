module github.com/pursuit-crm/pursuit

go 1.25.0

require (
	github.com/google/uuid v1.6.0
	golang.org/x/text v0.31.0
)
