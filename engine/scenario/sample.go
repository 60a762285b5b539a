package scenario

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/template"
	"esmlab/engine/tree"
)

// Template is the template that the scenario was read from.
func (sc *Scenario) Template() *template.Template { return sc.template }

// Meta is Metadata.esmlab.
func (sc *Scenario) Meta() *template.Value { return sc.meta }

// Params are the parameters that the template was read with.
func (sc *Scenario) Params() map[string]string { return sc.params }

// Sample is a body, and of a table's stream a write, that passes the filters of a mapping,
// where values in a pattern say it; "" of what they do not say.
func (sc *Scenario) Sample(m *engine.MappingConfig) (body, op string) {
	cfg := *sc.Config
	cfg.Mappings = []engine.MappingConfig{*m}
	row := (&reader{cfg: &cfg}).passing(engine.Traffic{To: m.Source, Until: engine.Never})[0]
	if row.Op == engine.WriteInsert { // and modified when it is put again
		row.Op = engine.WriteAuto
	}
	return row.Body, engine.WriteOps[row.Op]
}

// World reads the scenario once more with a change of its metadata: keys of Metadata.esmlab
// in YAML that take the place of the template's, and `set`.
func (sc *Scenario) World(change string) (*Scenario, error) {
	var doc yaml.Node
	if err := tree.Unmarshal([]byte(change), &doc); err != nil {
		return nil, err
	}
	return Read(sc.File, sc.Source, Options{Params: sc.params, Changes: []*yaml.Node{doc.Content[0]}})
}

// Quoted writes a text in YAML, on one line.
func Quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
