package lessons

import (
	"bytes"
	"strings"
)

// templateFence begins the template of a lesson that is one file: a fenced block
// after its last step.
const templateFence = "```yaml template"

// TemplateIn gives the template that stands in a lesson's own file, with as many
// empty lines before it as the file has, so that what is wrong in it has its line.
// ok is false if there is none.
func TemplateIn(src []byte) (tpl []byte, ok bool) {
	lines := strings.SplitAfter(string(src), "\n")
	var b strings.Builder
	inside := false
	for _, line := range lines {
		text := strings.TrimRight(line, " \r\n")
		switch {
		case !inside && text == templateFence:
			inside, ok = true, true
			b.WriteString("\n")
		case inside && text == "```":
			return []byte(b.String()), true
		case inside:
			b.WriteString(line)
		default:
			b.WriteString("\n")
		}
	}
	return []byte(b.String()), ok
}

// withoutTemplate blanks the template in a lesson's own file, and the heading above
// it.
func withoutTemplate(body []byte) []byte {
	at := bytes.Index(body, []byte("\n"+templateFence))
	if at < 0 {
		return body
	}
	out := bytes.Clone(body)
	end := len(out)
	if close := bytes.Index(out[at+1+len(templateFence):], []byte("\n```")); close >= 0 {
		end = at + 1 + len(templateFence) + close + len("\n```")
	}
	if head := bytes.LastIndex(out[:at], []byte("\n## Template")); head >= 0 && len(bytes.TrimSpace(out[head+len("\n## Template"):at])) == 0 {
		at = head
	}
	for i := at; i < end; i++ {
		if out[i] != '\n' {
			out[i] = ' '
		}
	}
	return out
}
