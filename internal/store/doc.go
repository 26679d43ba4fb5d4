// Package store keeps what attache knows in one file.
package store
