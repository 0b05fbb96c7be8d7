package main

import (
	"github.com/shopspring/decimal"

	"github.com/pursuit-crm/pursuit/calendar"
	"github.com/pursuit-crm/pursuit/fault"
)

// data is everything that the files hold, checked.
type data struct {
	accounts []account                  // parents before their subsidiaries
	known    map[string]bool            // the accounts' names
	products map[string]decimal.Decimal // list price by name
	agents   map[string]agent
	rows     []row
	// read counts the rows of sales_pipeline.csv, rejected ones too.
	read     int
	rejected []rejection
}

// account is a row of accounts.csv.
type account struct {
	line                       int
	name, sector, subsidiaryOf string
	attributes                 map[string]string
}

// agent is a row of sales_teams.csv. The regional office is the department.
type agent struct{ manager, office string }

// row is a usable row of sales_pipeline.csv.
type row struct {
	line                       int
	id, agent, office, product string
	account                    string // unknownAccount if blank
	stage                      string // as in the file
	engaged, closed            calendar.Date
	list, value                decimal.Decimal // list price; what it was won for
	mendings                   []mending
}

// The stages of the file. Won and Lost are no stages of the process: they are
// how a deal in Engaging ended.
const (
	prospecting = "Prospecting"
	engaging    = "Engaging"
	won         = "Won"
	lost        = "Lost"
)

// unknownAccount is the customer of rows without an account.
const unknownAccount = "Unknown"

// mending says that a row was taken for something that it doesn't say.
type mending struct {
	Line  int
	Field string
	From  string
	To    string
}

// rejection says why a line of a file wasn't used: everything that is wrong
// with it.
type rejection struct {
	File   string        `json:"file"`
	Line   int           `json:"line"`
	Code   string        `json:"code"`
	Fields []fault.Field `json:"fields"`
}
