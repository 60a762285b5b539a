package main

import (
	"bytes"
	_ "embed"
	"encoding/base64"
)

//go:embed page.html
var pageSource []byte

//go:embed page.js
var pageScript []byte

//go:embed door.js
var doorScript []byte

// inScript makes a script safe to stand in a page: it cannot end its element.
func inScript(src []byte) []byte {
	return bytes.ReplaceAll(src, []byte("</script"), []byte(`<\/script`))
}

// fill puts parts into the page.
func fill(x *xterm, first, program, script []byte) []byte {
	out := pageSource
	for _, part := range []struct {
		mark string
		text []byte
	}{{"/*xterm.css*/", x.style}, {"<!--first-->", first}, {"/*xterm.js*/", inScript(x.script)}, {"/*addon-fit.js*/", inScript(x.fit)}, {"/*program*/", program}, {"/*script*/", inScript(script)}} {
		out = bytes.Replace(out, []byte(part.mark), part.text, 1)
	}
	return out
}

// wholePage is the page that needs no server; first is what it shows before the program
// runs.
func wholePage(x *xterm, p *parts, first []byte) []byte {
	var program bytes.Buffer
	program.WriteString("<script>")
	program.Write(inScript(p.script))
	program.WriteString("</script>\n<script id=\"program\" type=\"application/gzip+base64\">")
	program.WriteString(base64.StdEncoding.EncodeToString(p.wasm))
	program.WriteString("</script>\n")
	return fill(x, first, program.Bytes(), pageScript)
}

// doorPage is the page of esmlab serve.
func doorPage(x *xterm) []byte { return fill(x, nil, nil, doorScript) }
