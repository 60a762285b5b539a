package engine

// Purposes of random draws. Each has its own luck, and what a seed means
// depends on the values: they never change.
const (
	drawTakes     uint64 = 1
	drawChance    uint64 = 2
	drawKey       uint64 = 3
	drawRequest   uint64 = 4 // request id of an invocation, in a failure record
	drawRead      uint64 = 6
	drawEvent     uint64 = 9  // eventID of a table's record; 10 is package event's
	drawDiscard   uint64 = 11 // request id of records that no invocation had last
	drawMessage   uint64 = 21
	drawHandle    uint64 = 22
	drawReceive   uint64 = 23
	drawWait      uint64 = 24
	drawDelete    uint64 = 25
	drawDuplicate uint64 = 26
	drawAct       uint64 = 51 // whether an act is done in an invocation
	drawRefuse    uint64 = 52 // whether a service refuses a record
	drawLost      uint64 = 53 // whether the answer to a producer's call is lost
	drawThrottle  uint64 = 41 // wait of a stream's throttled batch
	drawSlot      uint64 = 42 // who gets a free slot
	drawFront     uint64 = 44 // id of what a topic, a bucket or a rule sends
	drawVersion   uint64 = 43 // which version of a weighted alias
)
