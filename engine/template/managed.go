package template

import (
	"strings"

	"esmlab/engine"
	"esmlab/engine/setting"
)

// This file reads what a function has of Managed Instances, durable executions and
// tenant isolation, and what that means for a mapping (N-B1 to N-B5).

// slotsPerVCPU are how many invocations share an execution environment for each
// vCPU, by runtime, where PerExecutionEnvironmentMaxConcurrency is not set (N-B2).
var slotsPerVCPU = map[string]int{"nodejs": 64, "java": 32, "dotnet": 32, "python": 16}

// managed reads CapacityProviderConfig, FunctionScalingConfig and DurableConfig.
func (t *Template) managed(f *engine.FunctionSettings, p *Value) {
	within := func(v *Value, name string, lo, hi, or int) int {
		if v == nil || v.Kind == Outside {
			return or
		}
		n, ok := v.Int()
		if !ok || n < lo || n > hi {
			t.Problems.Add(v.Node, "ValidationException", "Value '"+short(v.text())+"' at '"+name+"' failed to satisfy constraint", setting.Thousands(lo)+" to "+setting.Thousands(hi))
			return or
		}
		return n
	}
	if v := p.Get("DurableConfig"); v != nil {
		f.Execution = engine.Micros(within(v.Get("ExecutionTimeout"), "durableConfig.executionTimeout", 1, 31_622_400, 0)) * engine.Second
	}
	config := p.Get("CapacityProviderConfig")
	if config == nil {
		return
	}
	if inner := config.Get("LambdaManagedInstancesCapacityProviderConfig"); inner != nil { // SAM has its fields at the top
		config = inner
	}
	vcpus := 1
	if memory, ok := p.Get("MemorySize").Int(); ok {
		each := within(config.Get("ExecutionEnvironmentMemoryGiBPerVCpu"), "executionEnvironmentMemoryGiBPerVCpu", 2, 8, 2)
		vcpus = max(1, memory/1024/each)
	}
	slots := 16
	for runtime, n := range slotsPerVCPU {
		if strings.HasPrefix(p.Get("Runtime").text(), runtime) {
			slots = n
		}
	}
	slots = within(config.Get("PerExecutionEnvironmentMaxConcurrency"), "perExecutionEnvironmentMaxConcurrency", 1, 1600, slots*vcpus)
	scaling := p.Get("FunctionScalingConfig")
	least := within(scaling.Get("MinExecutionEnvironments"), "minExecutionEnvironments", 0, 15_000, 3)
	if f.Managed = slots * within(scaling.Get("MaxExecutionEnvironments"), "maxExecutionEnvironments", 0, 15_000, least); f.Managed == 0 {
		f.Managed = -1
	}
}

// invoked refuses a mapping of a function that no mapping may invoke, or not so.
func (t *Template) invoked(m *engine.MappingConfig, f *engine.FunctionConfig) {
	at, fn := t.Where[m.ID], t.byID[m.Function]
	if fn == nil {
		return
	}
	p := t.properties(fn)
	limit := 900
	if f.Managed != 0 {
		limit = setting.ManagedTimeout
	}
	switch {
	case p.Get("TenancyConfig").Get("TenantIsolationMode").text() == "PER_TENANT":
		t.Problems.Add(at, invalid, f.ID+" has tenant isolation: it must be invoked with a tenant id, which an event source mapping has not.", "a function without TenancyConfig")
	case p.Get("DurableConfig") != nil && m.Qualifier == "":
		t.Problems.Add(at, invalid, f.ID+" is a durable function: a mapping must name a version or an alias of it.", "AutoPublishAlias, or FunctionName: !Ref an alias")
	case int(f.Execution/engine.Second) > limit:
		t.Problems.Add(at, invalid, "ExecutionTimeout of "+f.ID+" is longer than a mapping waits for an execution.", "at most "+setting.Thousands(limit)+" seconds, or a function between that invokes it asynchronously")
	case f.Managed != 0 && m.Qualifier == "":
		t.Note(f.ID + " is on Managed Instances, which run published versions only: " + m.ID + " names none")
	}
}
