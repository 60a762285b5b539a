package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"esmlab/engine/finding"
	"esmlab/engine/setting"
)

// TestSettings keeps the tables of settings in docs/scenarios.md those of
// engine/setting.
func TestSettings(t *testing.T) {
	const path, from, to = "docs/scenarios.md", "<!-- settings: made from engine/setting by go test . -rewrite -->\n", "<!-- end of settings -->\n"
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(src), from)
	_, after, ends := strings.Cut(rest, to)
	if !begins || !ends {
		t.Fatalf("%s has no part between %s and %s", path, from, to)
	}
	page(t, path, before+from+settingTables()+to+after)
}

// TestFixed keeps what replaces a resource in docs/scenarios.md as engine/setting has
// it.
func TestFixed(t *testing.T) {
	const path, from, to = "docs/scenarios.md", "<!-- fixed: made from engine/setting by go test . -rewrite -->\n", "<!-- end of fixed -->\n"
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(src), from)
	_, after, ends := strings.Cut(rest, to)
	if !begins || !ends {
		t.Fatalf("%s has no part between %s and %s", path, from, to)
	}
	var b strings.Builder
	b.WriteString("\n| resource | properties |\n|---|---|\n")
	for of := setting.OfMapping; of <= setting.OfFunction; of++ {
		var names []string
		for _, p := range setting.FixedProperties {
			if p.Of == of {
				names = append(names, fmt.Sprintf("[`%s`](%s)", p.Name, p.Page))
			}
		}
		fmt.Fprintf(&b, "| %s | %s |\n", of, strings.Join(names, ", "))
	}
	b.WriteString("\n")
	page(t, path, before+from+b.String()+to+after)
}

func settingTables() string {
	var b strings.Builder
	for of, title := range []string{setting.OfMapping: "Event source mappings", setting.OfQueue: "Queues", setting.OfStream: "Streams", setting.OfFunction: "Functions"} {
		fmt.Fprintf(&b, "\n### %s\n\n| setting | sources | values | default | what it is |\n|---|---|---|---|---|\n", title)
		for i := range setting.All {
			p := &setting.All[i]
			if p.About == "" || p.Of != setting.Owner(of) {
				continue
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", p.FullName(), p.In, cell(p.Values()), cell(p.Typed(p.Default)), cell(p.About))
		}
	}
	b.WriteString("\n")
	return b.String()
}

// TestFindingKinds keeps the table of docs/findings.md that of engine/finding.
func TestFindingKinds(t *testing.T) {
	const path, from, to = "docs/findings.md", "<!-- kinds: made from engine/finding by go test . -rewrite -->\n", "<!-- end of kinds -->\n"
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(src), from)
	_, after, ends := strings.Cut(rest, to)
	if !begins || !ends {
		t.Fatalf("%s has no part between %s and %s", path, from, to)
	}
	var b strings.Builder
	b.WriteString("\n| id | severity | what is wrong | AWS's page |\n|---|---|---|---|\n")
	for i := range finding.Kinds {
		k := &finding.Kinds[i]
		source := ""
		if k.Source != "" {
			source = "[" + strings.TrimSuffix(k.Source[strings.LastIndex(k.Source, "/")+1:], ".html") + "](" + k.Source + ")"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", k.ID, k.Severity, cell(k.About), source)
	}
	b.WriteString("\n")
	page(t, path, before+from+b.String()+to+after)
}
