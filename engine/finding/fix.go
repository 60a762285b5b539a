package finding

import (
	"strings"

	"esmlab/engine"
)

// This file writes fixes: fragments of the template, to be merged into it.

// fragment nests lines of YAML under names.
func fragment(path []string, lines ...string) string {
	var b strings.Builder
	for i, name := range path {
		b.WriteString(strings.Repeat("  ", i) + name + ":\n")
	}
	for _, block := range lines {
		for _, line := range strings.Split(block, "\n") {
			b.WriteString(strings.Repeat("  ", len(path)) + line + "\n")
		}
	}
	return b.String()
}

// property is a fragment that sets a property of a resource; "" where the template does not
// define it.
func (l *looker) property(id string, lines ...string) string {
	if len(l.t.Resources()) == 0 || !l.t.Has(id) {
		return ""
	}
	return fragment([]string{"Resources", id, "Properties"}, lines...)
}

// parameter is a fragment that sets a parameter of a mapping.
func (l *looker) parameter(m *engine.MappingConfig, lines ...string) string {
	return fragment(l.t.Path(m.ID, m.Function), lines...)
}

// sam tells whether a mapping is an event of a SAM function.
func (l *looker) sam(m *engine.MappingConfig) bool {
	return l.t.Path(m.ID, m.Function)[1] != m.ID
}

// resource is a fragment with a resource beside another one.
func resource(id, text string) string { return fragment([]string{"Resources"}, id+": "+text) }

// joined puts fragments of Resources together.
func joined(fragments ...string) string {
	out := ""
	for i, f := range fragments {
		if i > 0 {
			f = strings.TrimPrefix(f, "Resources:\n")
		}
		out += f
	}
	return out
}

// free is a logical id that the template does not have yet.
func (l *looker) free(id string) string {
	for l.t.Has(id) {
		id += "2"
	}
	return id
}

// onFailure is a fragment with a destination for a mapping's failures, and what its role
// needs to send there. A role that the template writes itself needs sqs:SendMessage too.
func (l *looker) onFailure(m *engine.MappingConfig, more ...string) string {
	id := l.free(m.Source + "Failures")
	if l.cfg.Mappings != nil && m.OnFailure != "" {
		id = m.OnFailure
	}
	to := "DestinationConfig: {OnFailure: {Destination: !GetAtt " + id + ".Arn}}"
	if l.sam(m) {
		to = "DestinationConfig: {OnFailure: {Type: SQS, Destination: !GetAtt " + id + ".Arn}}"
	}
	out := l.parameter(m, append(more, to)...)
	if m.OnFailure == "" {
		out = joined(resource(id, "{Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}"), out)
	}
	return out
}
