// Command attache keeps a calendar of unsettled dates and tells people when they move.
package main

func main() {}
