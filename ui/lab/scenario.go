package lab

import "esmlab/engine"

// Scenario is a world that the lab opens.
type Scenario struct {
	Name, Title, About string
	Config             *engine.Config
	Notes              []string
}
