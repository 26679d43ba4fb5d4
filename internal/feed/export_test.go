package feed

// Line is what a title reads like once it is published.
var Line = line
