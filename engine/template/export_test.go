package template

// SlipOfType gives the type that another one is a slip of.
var SlipOfType = slipOfType
