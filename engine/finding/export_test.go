package finding

import "esmlab/engine/scenario"

// Over runs the world of a finding over another template.
func Over(f *Finding, sc *scenario.Scenario) (*Proof, error) { return f.World.run(sc) }
