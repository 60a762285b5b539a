package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"esmlab/engine"
	"esmlab/engine/query"
	"esmlab/engine/scenario"
	"esmlab/engine/share"
	"esmlab/ui/user"
)

// defaultScenario is opened where none is named.
const defaultScenario = "poison-record"

// runOptions are the flags that change a scenario as it is read.
type runOptions struct {
	length, stopWhen string
	seed             uint64
	sets, params     []string
	steps            []string
	stack            string
	anyway           bool
	verbose          bool
	cmd              *cobra.Command
}

func (o *runOptions) flags(c *cobra.Command) {
	o.cmd = c
	c.Flags().StringVar(&o.length, "for", "", "how long to simulate, such as 60s or 24h")
	c.Flags().Uint64Var(&o.seed, "seed", 1, "seed for everything random")
	c.Flags().StringArrayVar(&o.sets, "set", nil, "set a parameter from the start: `NAME=VALUE`, such as ShipOrders.BatchSize=50")
	c.Flags().StringArrayVar(&o.steps, "step", nil, "add a `STEP` to the scenario, such as '{at: 20s, set: {ShipOrders.BatchSize: 50}}'")
	c.Flags().StringArrayVar(&o.params, "param", nil, "set a parameter of the template: `NAME=VALUE`")
	c.Flags().BoolVar(&o.verbose, "verbose", false, "name everything that is left alone, one by one")
	c.Flags().StringVar(&o.stack, "stack", "", "which stack of a CDK app's cdk.out: its `NAME`")
}

// changes are the flags that were given.
func (o *runOptions) changes() user.Changes {
	c := user.Changes{For: o.length, Sets: o.sets, Params: o.params, Steps: o.steps, Stack: o.stack}
	if o.cmd.Flags().Changed("seed") {
		c.Seed = &o.seed
	}
	return c
}

// load reads a scenario with the flags applied.
func (w *Env) load(name string, o *runOptions) (*scenario.Scenario, error) {
	name, err := w.user().Locate(name, o.stack)
	if err != nil {
		return nil, err
	}
	src, file, err := w.user().Source(name)
	if err != nil {
		return nil, err
	}
	return w.user().Read(file, src, o.changes())
}

// loadRun reads a scenario, or a run that was shared.
func (w *Env) loadRun(name string, o *runOptions) (*scenario.Scenario, *share.Opened, error) {
	if !user.IsShared(name) {
		sc, err := w.load(name, o)
		return sc, nil, err
	}
	for _, flag := range []string{"seed", "set", "step", "param"} {
		if o.cmd.Flags().Changed(flag) {
			return nil, nil, cannot("--%s: a shared run has its own (open it with esmlab lab, and change it there)", flag)
		}
	}
	run, err := w.user().SharedRun(name)
	if err != nil {
		return nil, nil, err
	}
	if says := run.Differs(version()); says != "" {
		if !run.Same && !o.anyway {
			return nil, nil, cannot("esm1: %s (--anyway runs it as this version does)", says)
		}
		fmt.Fprintln(w.Err, "note: "+says)
	}
	if len(run.Commands()) > 0 { // what the template expects is about the run without them
		run.Scenario.Expect = nil
	}
	return run.Scenario, run, nil
}

// stopQuery compiles --stop-when.
func (o *runOptions) stopQuery(cfg *engine.Config) (*query.Query, error) {
	if !o.cmd.Flags().Changed("stop-when") {
		return nil, nil
	}
	q, err := query.Compile(o.stopWhen, cfg)
	if err != nil {
		return nil, cannot("--stop-when:1:%d: %s", err.Column+1, err.Error())
	}
	return q, nil
}
