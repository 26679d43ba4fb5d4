package store

// OpenBolt opens the engine of one file for tests.
var OpenBolt = openBolt
