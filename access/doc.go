// Package access says who may do what, and who may see what (C6 of the
// process; J01–J03).
//
// A Policy answers two questions. Allow: may this actor do this action on this
// subject? It is asked exactly once per command, before any write. Scope: which
// rows may this actor see? Its answer is pushed into every query. Default is a
// good policy for departments and the posts that the process names; a host may
// bring its own. Policies are called from several goroutines at once.
package access
