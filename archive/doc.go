// Package archive holds the lists by which an enterprise controls the process:
// sources, competitors, win and loss reasons, scorecards, expense kinds and
// document kinds (C1, C3, C4 of the process; A01–A05).
package archive
