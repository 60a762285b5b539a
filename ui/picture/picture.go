// Package picture writes what a terminal shows as SVG: a still, or a film in which only
// what changes is drawn again. A picture needs no script and no font of its own, so that
// it shows wherever an image may stand.
//
//	ESMLAB_UPDATE=1 go test ./ui/picture
//
// plays the program and makes the README's pictures anew.
package picture

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// Color is 0xrrggbb.
type Color uint32

func (c Color) String() string { return fmt.Sprintf("#%06x", uint32(c)) }

// Cell is a sign on the screen.
type Cell struct {
	Char        rune
	Ink, Ground Color
	Bold        bool
}

// Screen is rows of cells, all of one width.
type Screen [][]Cell

// Film is what a screen showed, one frame after the other. Each stands for Every, and after
// the last one it begins again. One frame is a still.
type Film struct {
	Ground Color // of the picture
	Label  string
	Frames []Screen
	Every  time.Duration
	Still  int // the frame that is shown to those who want nothing to move
}

// margin around the screen.
const margin = 10

// SVG writes the film.
func (f *Film) SVG() []byte {
	p := printer{film: f, classes: map[string]string{}}
	first := f.Frames[0]
	still := sink{p: &p}
	var moving bytes.Buffer
	for y := range first {
		for _, s := range f.spans(y) {
			if s.moves {
				p.strip(&moving, y, s)
			} else {
				still.row(first[y][s.from:s.to], s.from*cellW, y*cellH)
			}
		}
	}
	still.flush(&p.body)
	p.body.Write(moving.Bytes())

	w, h := len(first[0])*cellW+2*margin, len(first)*cellH+2*margin
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%d" role="img" aria-label="%s" xml:space="preserve" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace" font-size="13.3">`, w, h, escape(f.Label))
	out.WriteString("\n<style>\ntext{white-space:pre}.l{fill:none}.d{fill:none;stroke-width:2;stroke-linecap:round}.b{font-weight:bold}\n")
	for _, line := range p.style {
		out.WriteString(line)
	}
	out.WriteString("@media(prefers-reduced-motion:reduce){g{animation:none!important}}\n</style>\n")
	fmt.Fprintf(&out, `<rect width="%d" height="%d" rx="8" fill="%s"/>`, w, h, f.Ground)
	fmt.Fprintf(&out, "\n<g transform=\"translate(%d %[1]d)\">\n", margin)
	out.Write(p.body.Bytes())
	out.WriteString("</g>\n</svg>\n")
	return out.Bytes()
}

// printer collects the parts of a picture.
type printer struct {
	film    *Film
	body    bytes.Buffer
	style   []string
	classes map[string]string // the class of a rule
	strips  int
}

// class is the name of a rule for the paths and texts that share it.
func (p *printer) class(kind, rule string) string {
	key := kind + rule
	name, ok := p.classes[key]
	if !ok {
		name = fmt.Sprintf("%s%d", kind, len(p.classes))
		p.classes[key] = name
		p.style = append(p.style, fmt.Sprintf(".%s{%s}\n", name, rule))
	}
	return name
}

// strip draws all that a span shows below each other, in a window that is one row high, and
// moves it so that each part is seen in its time. The part of the still is on top: it is what
// is seen where nothing moves.
func (p *printer) strip(out *bytes.Buffer, y int, s span) {
	f := p.film
	part := map[string]int{}
	drawn := sink{p: p}
	at := func(frame Screen) int {
		cells := frame[y][s.from:s.to]
		key := fmt.Sprint(cells)
		n, ok := part[key]
		if !ok {
			n = len(part)
			part[key] = n
			drawn.row(cells, 0, n*cellH)
		}
		return n
	}
	at(f.Frames[f.Still])
	var keys strings.Builder
	last := -1
	for i, frame := range f.Frames {
		if n := at(frame); n != last {
			fmt.Fprintf(&keys, "%.4g%%{translate:0 %dpx}", float64(i)*100/float64(len(f.Frames)), -n*cellH)
			last = n
		}
	}
	name := fmt.Sprintf("k%d", p.strips)
	p.strips++
	p.style = append(p.style, fmt.Sprintf("@keyframes %s{%s}\n", name, keys.String()))
	all := p.class("m", fmt.Sprintf("animation:%.4gs step-end infinite", (time.Duration(len(f.Frames))*f.Every).Seconds()))
	fmt.Fprintf(out, `<svg x="%d" y="%d" width="%d" height="%d"><g class="%s" style="animation-name:%s">`, s.from*cellW, y*cellH, (s.to-s.from)*cellW, cellH, all, name)
	out.WriteByte('\n')
	drawn.flush(out)
	out.WriteString("</g></svg>\n")
}

// sink gathers cells: all shapes of one look are one path, all texts of one look one group.
type sink struct {
	p             *printer
	shapes, texts looks
}

// looks are what was drawn, by its classes, in the order in which they came.
type looks struct {
	order []string
	of    map[string]*bytes.Buffer
}

func (l *looks) in(look string) *bytes.Buffer {
	b := l.of[look]
	if b == nil {
		if l.of == nil {
			l.of = map[string]*bytes.Buffer{}
		}
		b = &bytes.Buffer{}
		l.of[look] = b
		l.order = append(l.order, look)
	}
	return b
}

// row draws cells from a place on.
func (k *sink) row(cells []Cell, x, y int) {
	ground := k.p.film.Ground
	for i := 0; i < len(cells); {
		n := i + 1
		for n < len(cells) && cells[n].Ground == cells[i].Ground {
			n++
		}
		if g := cells[i].Ground; g != ground {
			k.path(under+k.p.class("f", "fill:"+g.String()), x+i*cellW, y, block(0, cellH)(n-i))
		}
		i = n
	}
	for i := 0; i < len(cells); {
		c := cells[i]
		n := i + 1
		if s := shapeOf(c.Char); s.manner != letter {
			path := s.path
			if s.wide != nil {
				for n < len(cells) && cells[n].Char == c.Char && cells[n].Ink == c.Ink {
					n++
				}
				path = s.wide(n - i)
			}
			k.path(k.look(s, c.Ink), x+i*cellW, y, path)
		} else if c.Char > ' ' {
			if c.Char < 0x80 { // another sign may be wider in some font: it stands alone
				for n < len(cells) && cells[n].Char >= ' ' && cells[n].Char < 0x80 && (cells[n].Char == ' ' || cells[n].Ink == c.Ink && cells[n].Bold == c.Bold) {
					n++
				}
			}
			text := make([]rune, n-i)
			for j := range text {
				text[j] = cells[i+j].Char
			}
			k.text(strings.TrimRight(string(text), " "), c, x+i*cellW, y)
		}
		i = n
	}
}

// look are the classes of a shape in a colour.
func (k *sink) look(s shape, ink Color) string {
	switch s.manner {
	case lined:
		return "l " + k.p.class("s", "stroke:"+ink.String())
	case dotted:
		return "d " + k.p.class("s", "stroke:"+ink.String())
	case shaded:
		return k.p.class("f", fmt.Sprintf("fill:%s;fill-opacity:.%d", ink, s.alpha))
	}
	return k.p.class("f", "fill:"+ink.String())
}

// path adds to the path of a look. A path's own moves are from its cell.
func (k *sink) path(look string, x, y int, path string) {
	b := k.shapes.in(look)
	for part := range strings.SplitSeq(path[1:], "M") {
		var dx, dy float64
		if n, _ := fmt.Sscan(part, &dx, &dy); n < 2 {
			panic("a part of a path begins with no place: " + part)
		}
		i := strings.IndexFunc(part, func(r rune) bool { return r >= 'a' && r <= 'z' })
		fmt.Fprintf(b, "M%g %g%s", float64(x)+dx, float64(y)+dy, part[i:])
	}
}

func (k *sink) text(s string, c Cell, x, y int) {
	class := k.p.class("f", "fill:"+c.Ink.String())
	if c.Bold {
		class += " b"
	}
	b := k.texts.in(class)
	fmt.Fprintf(b, `<text x="%d" y="%d"`, x, y+13)
	if n := len([]rune(s)); n > 1 {
		fmt.Fprintf(b, ` textLength="%d"`, n*cellW)
	}
	fmt.Fprintf(b, ">%s</text>\n", escape(s))
}

// under begins the look of what lies under the others.
const under = "under "

// flush writes what was gathered: grounds first, then shapes, then texts.
func (k *sink) flush(out *bytes.Buffer) {
	for _, grounds := range []bool{true, false} {
		for _, look := range k.shapes.order {
			if class, is := strings.CutPrefix(look, under); is == grounds {
				fmt.Fprintf(out, "<path class=\"%s\" d=\"%s\"/>\n", class, k.shapes.of[look])
			}
		}
	}
	for _, look := range k.texts.order {
		fmt.Fprintf(out, "<g class=\"%s\">%s</g>\n", look, bytes.TrimSuffix(k.texts.of[look].Bytes(), []byte("\n")))
	}
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func escape(s string) string { return escaper.Replace(s) }
