// Package order holds the orders that won opportunities yield, the execution
// events that sales systems report, and the settings of a sales system (Q01–Q09).
// So far it holds the data and the port; commands are still to come.
package order
