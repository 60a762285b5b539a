package cmd

import (
	"path/filepath"

	"esmlab/engine/finding"
)

// This file writes what `check` found as SARIF 2.1.0, the format in which code hosts take
// what tools find.

type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"semanticVersion,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string       `json:"id"`
		Short   sarifText    `json:"shortDescription"`
		HelpURI string       `json:"helpUri,omitempty"`
		Default sarifDefault `json:"defaultConfiguration"`
	}
	sarifDefault struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
		Properties   map[string]string  `json:"properties,omitempty"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification"`
	}
)

// What is wrong beside findings has ids of its own.
const (
	ruleRefused = "refused"
	ruleFailed  = "expectation-failed"
)

// sarif writes what was found. What only informs is left out.
func sarif(all []found) sarifLog {
	levels := map[string]string{"error": "error", "warning": "warning", "advice": "note"}
	run := sarifRun{Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "esmlab"}
	used := map[string]bool{}
	for i := range all {
		f := &all[i]
		if f.Level != "" {
			continue
		}
		r := sarifResult{RuleID: f.ID, Level: levels[f.Severity], Message: sarifText{f.Message}}
		if f.Right != "" {
			r.Message.Text += " (" + f.Right + ")"
		}
		if f.Refused {
			r.Properties = map[string]string{"refusal": f.ID}
		}
		if f.ID == "" || f.Refused {
			if r.RuleID, r.Level = ruleRefused, "error"; f.Expectation {
				r.RuleID = ruleFailed
			}
		}
		used[r.RuleID] = true
		at := sarifPhysical{Artifact: sarifArtifact{filepath.ToSlash(f.File)}}
		if f.Line > 0 {
			at.Region = &sarifRegion{f.Line, f.Col}
		}
		r.Locations = []sarifLocation{{at}}
		if f.Ignored != "" {
			r.Suppressions = []sarifSuppression{{"inSource", f.Ignored}}
		}
		if f.Fix != "" {
			r.Properties = map[string]string{"fix": f.Fix}
		}
		run.Results = append(run.Results, r)
	}
	rules := []sarifRule{}
	for i := range finding.Kinds {
		if k := &finding.Kinds[i]; used[k.ID] {
			rules = append(rules, sarifRule{k.ID, sarifText{k.About}, k.Source, sarifDefault{levels[k.Severity.String()]}})
		}
	}
	for _, own := range [][2]string{{ruleRefused, "AWS or esmlab refuses it"}, {ruleFailed, "an expectation of Metadata.esmlab does not hold"}} {
		if used[own[0]] {
			rules = append(rules, sarifRule{ID: own[0], Short: sarifText{own[1]}, Default: sarifDefault{"error"}})
		}
	}
	run.Tool.Driver.Rules = rules
	return sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}}
}
