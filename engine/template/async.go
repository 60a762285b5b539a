package template

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/iam"
	"esmlab/engine/setting"
)

// This file reads what functions have for asynchronous invocations: DLQs and
// destinations. A mapping invokes synchronously and never uses them (Q-E17); only
// what Lambda stops as a loop goes there (N-A4).

// Async is something of a function that only asynchronous invocations use.
type Async struct {
	Property, Function, Mapping string
	Node                        *yaml.Node
	To                          string // logical id of where failures go; "" where it is none of the template's
	record                      bool   // an on-failure destination, not a DLQ
}

// neverUsed notes what functions of mappings have for asynchronous invocations,
// and finds where failures of them go.
func (t *Template) neverUsed() {
	for i := range t.Mappings {
		for k := range t.Functions {
			if t.Functions[k].ID == t.Mappings[i].Function {
				t.invoked(&t.Mappings[i], &t.Functions[k])
			}
		}
	}
	for _, x := range t.AsyncOnly() {
		t.Note(x.Property + " of " + x.Function + " is for asynchronous invocations: " + x.Mapping + " never uses it")
		f := &t.Functions[slices.IndexFunc(t.Functions, func(f engine.FunctionConfig) bool { return f.ID == x.Function })]
		a := engine.AsyncDestination{Property: x.Property, To: x.To, Record: x.record}
		if !slices.Contains(f.Async, a) {
			f.Async = append(f.Async, a)
		}
		i := slices.IndexFunc(t.Mappings, func(m engine.MappingConfig) bool { return m.ID == x.Mapping })
		if who := t.principalOf(x.Function); who != nil {
			for _, need := range t.sends(a.To) {
				t.deny(&t.Mappings[i], t.decide(who, need.action, need.arn), need.action, a.To)
			}
		}
	}
}

// destinationByARN is the queue, topic or bucket of the template that an ARN means;
// "" where it is none.
func (t *Template) destinationByARN(v *Value) string {
	if v == nil || v.Kind != Scalar {
		return ""
	}
	for _, q := range t.Queues {
		if q.ARN == v.Text {
			return q.ID
		}
	}
	for _, x := range t.Targets {
		if x.ARN == v.Text {
			return x.ID
		}
	}
	return ""
}

// AsyncOnly lists what functions of mappings have for asynchronous invocations.
func (t *Template) AsyncOnly() (out []Async) {
	onFailure := func(config *Value) string {
		return t.destinationByARN(config.Get(setting.OnFailure).Get("Destination"))
	}
	for _, m := range t.Mappings {
		fn := t.byID[m.Function]
		if fn == nil {
			continue
		}
		for _, f := range t.properties(fn).fields() {
			switch config := f.Get(setting.DestinationConfig); {
			case f.Name == "DeadLetterConfig", f.Name == "DeadLetterQueue":
				out = append(out, Async{f.Name, m.Function, m.ID, f.Key, t.destinationByARN(f.Get("TargetArn")), false})
			case f.Name == "EventInvokeConfig" && config != nil:
				out = append(out, Async{f.Name, m.Function, m.ID, f.Key, onFailure(config), true})
			}
		}
		for _, r := range t.order {
			if p := t.properties(r); r.Type == "AWS::Lambda::EventInvokeConfig" && !r.absent && p.Get(setting.DestinationConfig) != nil && functionName(p.Get("FunctionName").text()) == t.name(fn) {
				out = append(out, Async{r.ID, m.Function, m.ID, t.Where[r.ID], onFailure(p.Get(setting.DestinationConfig)), true})
			}
		}
	}
	return out
}

// asyncStatements are what SAM lets the role that it makes send to: a function's
// DeadLetterQueue, and OnFailure of its EventInvokeConfig where that says its Type.
func asyncStatements(p *Value) (out []iam.Statement) {
	allow := func(name, kind string, to *Value) {
		action := map[string]string{"SQS": "sqs:SendMessage", "SNS": "sns:Publish"}[kind]
		if action != "" && to != nil {
			out = append(out, iam.Statement{Name: name, Actions: []string{action}, Resources: words(to)})
		}
	}
	q, fail := p.Get("DeadLetterQueue"), p.Get("EventInvokeConfig").Get(setting.DestinationConfig).Get(setting.OnFailure)
	allow("the DeadLetterQueue", q.Get("Type").text(), q.Get("TargetArn"))
	allow("the OnFailure of EventInvokeConfig", fail.Get("Type").text(), fail.Get("Destination"))
	return out
}
