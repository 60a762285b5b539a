package finding

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"

	"esmlab/engine/template"
)

// This file silences findings: by a comment beside a resource,
//
//	# esmlab: ignore no-dead-letter-queue every message is in the database too
//
// or by Metadata.esmlab.ignore. A reason belongs to each, and is listed.

// ignored is one place that silences a kind of finding.
type ignored struct {
	kind, on, reason string
	in               string // the resource in whose lines it stands, "" the whole file
	line, col        int
	used             bool
}

var ignoreComment = regexp.MustCompile(`(?:^|\s)#+\s*esmlab:\s*ignore\s+(\S+?):?(?:\s+(.*?))?\s*$`)

// ignore gives findings the reasons for which the template silences them, and adds one for
// each place that silences nothing.
func (l *looker) ignore() {
	places := append(l.comments(), l.listed()...)
	for i := range l.list {
		f := &l.list[i]
		for k := range places {
			p := &places[k]
			if p.kind != f.Kind.ID || p.on != "" && p.on != f.On || p.in != "" && !l.beside(p.in, f) {
				continue
			}
			if p.used = true; f.Ignored == "" {
				if f.Ignored = p.reason; p.reason == "" {
					f.Ignored = "no reason given"
				}
			}
		}
	}
	l.kind = KindOf("ignore-unknown")
	for _, p := range places {
		at := &yaml.Node{Line: p.line, Column: p.col}
		switch {
		case KindOf(p.kind) == nil:
			l.add(nil, at, Finding{On: p.kind, Sentence: "there is no kind of finding called " + p.kind + ": nothing is silenced here", Right: template.OneOf(p.kind, IDs())})
		case !p.used && l.looked(p.kind):
			l.add(nil, at, Finding{On: p.kind, soft: true, Sentence: "no finding here is " + p.kind + ": there is nothing to silence", Right: "leave the line out"})
		}
	}
}

// looked tells whether all was there that finding a kind needs: code may be missing.
func (l *looker) looked(kind string) bool {
	switch kind {
	case "item-failures-not-asked", "item-failures-unused", "recursion", "keys-without-meaning", "batch-without-item-failures":
		return l.o.Code != nil
	}
	return true
}

// beside tells whether a finding is about a resource: it stands in its lines, or is on it or
// on a mapping of it.
func (l *looker) beside(id string, f *Finding) bool {
	if f.On == id || l.t.Inside(f.Line) == id {
		return true
	}
	for _, m := range l.cfg.Mappings {
		if m.ID == f.On && (m.Function == id || m.Source == id) {
			return true
		}
	}
	return false
}

// comments finds the comments of the file.
func (l *looker) comments() []ignored {
	var out []ignored
	line := 0
	for text := range strings.Lines(string(l.sc.Source)) {
		line++
		if !strings.Contains(text, "esmlab:") {
			continue
		}
		at := ignoreComment.FindStringSubmatchIndex(text)
		if at == nil {
			continue
		}
		kind, reason := text[at[2]:at[3]], ""
		if at[4] >= 0 {
			reason = strings.TrimSpace(text[at[4]:at[5]])
		}
		kind, on, _ := strings.Cut(kind, ":")
		out = append(out, ignored{kind: kind, on: on, reason: reason, in: l.t.Inside(line), line: line, col: at[2] + 1})
	}
	return out
}

// listed reads Metadata.esmlab.ignore: reasons by id, or a list of ids, resources and
// reasons.
func (l *looker) listed() []ignored {
	var out []ignored
	meta := l.sc.Meta()
	v := meta.Get("ignore")
	if v == nil {
		return nil
	}
	add := func(id, on, reason string, at *yaml.Node) {
		kind, more, cut := strings.Cut(id, ":")
		if cut && on == "" {
			on = strings.TrimSpace(more)
		}
		out = append(out, ignored{kind: strings.TrimSpace(kind), on: on, reason: reason, line: at.Line, col: at.Column})
	}
	text := func(v *template.Value, names ...string) string {
		for _, name := range names {
			if f := v.Get(name); f != nil {
				return f.Text
			}
		}
		return ""
	}
	for _, f := range v.Fields {
		switch f.Kind {
		case template.Map: // by resource
			for _, g := range f.Fields {
				add(f.Name, g.Name, g.Text, g.Key)
			}
		default:
			add(f.Name, "", f.Text, f.Key)
		}
	}
	for _, item := range v.Items {
		if item.Kind == template.Scalar {
			id, reason, _ := strings.Cut(item.Text, " ")
			add(id, "", strings.TrimSpace(reason), item.Node)
			continue
		}
		add(text(item, "id"), text(item, "on", "resource"), text(item, "reason"), item.Node)
	}
	return out
}
