// Package servers starts throw-away PostgreSQL and MariaDB servers for tests: on
// free ports of the loopback, in temporary directories, with the durability of
// production, and a pgbouncer in front of the former. Every process is ended by its
// pid, and dies with the test that started it.
//
// As root on Debian, Install brings what is missing. An existing server can be
// named instead: PURSUIT_POSTGRES and PURSUIT_MARIADB hold host:port:user:password.
package servers
