// Package journalled holds today's code against journals that earlier versions
// wrote. Each file has journals of every type of event of one package, with the
// state that they replayed to when they were written. Such a file is never
// written again: a later version gets one of its own.
package journalled
