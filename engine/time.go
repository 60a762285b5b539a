package engine

import "esmlab/engine/setting"

// Micros is an instant of virtual time, or a length of time, in microseconds.
type Micros = setting.Micros

// Units of Micros.
const (
	Millisecond = setting.Millisecond
	Second      = setting.Second
	Minute      = setting.Minute
	Hour        = setting.Hour
	Never       = setting.Never // lies after every instant that a run can reach
)
