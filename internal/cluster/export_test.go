package cluster

// ErrUnsure says of an entry that nobody here knows whether it is there.
var ErrUnsure = errUnsure
