package lessons

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"esmlab/engine/scenario"
)

// The sheet of each part stands alone: settings with their ranges, rules, a picture,
// links, and a template that AWS and the engine accept. It has no names of a story.
func TestSheets(t *testing.T) {
	l := Builtin()
	for _, part := range l.Parts() {
		s, err := l.Sheet(part)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.About) == 0 || s.Picture == "" || len(s.Rules) < 5 || len(s.Settings) < 3 || len(s.Links) < 3 || len(s.Words) == 0 && part != "5-compare" {
			t.Errorf("%s: %d about, picture %v, %d rules, %d settings, %d links, %d words", part, len(s.About), s.Picture != "", len(s.Rules), len(s.Settings), len(s.Links), len(s.Words))
		}
		templates := 0
		for _, c := range s.Code {
			if c.Language != "yaml" {
				continue
			}
			templates++
			src := "AWSTemplateFormatVersion: \"2010-09-09\"\nTransform: AWS::Serverless-2016-10-31\nResources:\n"
			for line := range strings.Lines(c.Text) {
				src += "  " + line
			}
			if _, err := scenario.Read(part+".yaml", []byte(src+"\n"), scenario.Options{}); err != nil {
				t.Errorf("%s: %v", part, err)
			}
		}
		if templates != 1 {
			t.Errorf("%s has %d templates", part, templates)
		}
		md := s.Markdown()
		for _, h := range l.InPart(part) {
			if h.WrongIdea != "" && strings.Contains(md, h.WrongIdea) {
				t.Errorf("%s teaches an error: %s", part, h.WrongIdea)
			}
		}
		for _, story := range []string{"Incident", "{{", "invoices", "uploads", "colleague"} {
			if strings.Contains(md, story) {
				t.Errorf("%s names %q", part, story)
			}
		}
		d := xml.NewDecoder(strings.NewReader(strings.Replace(s.HTML(), "<!DOCTYPE html>", "", 1)))
		d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Errorf("%s: %v", part, err)
				break
			}
		}
	}
}
