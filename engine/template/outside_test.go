package template_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"esmlab/engine/template"
)

// outside are values that come from outside a template, each in its way.
var outside = []string{"!Ref FromOutside", "!ImportValue other-stack", "'{{resolve:ssm:/from/outside}}'", "!Sub '${FromOutside}'", "!FindInMap [Chosen, !Ref FromOutside, value]"}

// TestOutside puts a value from outside the template in the place of each value of each
// resource's properties, over the built-in scenarios. What AWS will get then is not known,
// so nothing may be refused for it.
func TestOutside(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../scenario/builtin/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no built-in scenarios: ", err)
	}
	own, err := filepath.Glob("testdata/outside/*.yaml")
	if err != nil || len(own) == 0 {
		t.Fatal("no templates of its own: ", err)
	}
	files = append(own, files...)
	for n, file := range files {
		if n >= len(own) && (n%3 != 0 || testing.Short() && n%9 != 0) {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var doc yaml.Node
			if err := yaml.Unmarshal(src, &doc); err != nil {
				t.Fatal(err)
			}
			root := doc.Content[0]
			root.Content = append(root.Content, node(t, "Parameters"), node(t, "{FromOutside: {Type: String}}"), node(t, "Mappings"), node(t, "{Chosen: {one: {value: a}}}"))
			tried := 0
			properties(at(root, "Resources"), func(path []string, place **yaml.Node) {
				if structural(path) {
					return
				}
				was := *place
				for i, text := range outside {
					if i > 0 && i != 1+tried%(len(outside)-1) || testing.Short() && i > 0 { // a parameter, and the others in turn
						continue
					}
					*place = node(t, text)
					changed, err := yaml.Marshal(&doc)
					if err != nil {
						t.Fatal(err)
					}
					if _, err := template.Load(file, changed, nil); err != nil {
						t.Errorf("%s: %s: %v", strings.Join(path, "."), text, err)
					}
				}
				*place = was
				tried++
			})
			if tried == 0 {
				t.Error("nothing was tried")
			}
		})
	}
}

// structural are the places where CloudFormation and SAM take no value from outside: the
// type of an event, and what is a list or map of other things.
func structural(path []string) bool {
	last := path[len(path)-1]
	return last == "Type" && len(path) > 3 && path[len(path)-3] == "Events" || last == "Events" || len(path) > 1 && path[len(path)-2] == "Events" || last == "Properties"
}

func node(t *testing.T, text string) *yaml.Node {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Content[0]
}

func at(n *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

// properties calls a function with each value below the properties of each resource.
func properties(resources *yaml.Node, each func(path []string, place **yaml.Node)) {
	var walk func(path []string, n *yaml.Node)
	walk = func(path []string, n *yaml.Node) {
		if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
			return
		}
		for i := range n.Content {
			name := strconv.Itoa(i)
			if n.Kind == yaml.MappingNode {
				if i%2 == 0 {
					continue
				}
				name = n.Content[i-1].Value
			}
			inside := append(append([]string(nil), path...), name)
			if len(inside) > 2 && inside[1] != "Properties" {
				continue
			}
			if len(inside) > 2 {
				each(inside, &n.Content[i])
			}
			walk(inside, n.Content[i])
		}
	}
	walk(nil, resources)
}
