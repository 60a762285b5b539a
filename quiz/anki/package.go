package anki

import (
	"archive/zip"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"modernc.org/sqlite"

	"esmlab/quiz/card"
)

// schema is that of a collection of version 11, which every Anki since 2.1 imports:
// https://github.com/ankitects/anki/blob/main/rslib/src/storage/schema11.sql
const schema = `
CREATE TABLE col (id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL, scm integer NOT NULL, ver integer NOT NULL,
  dty integer NOT NULL, usn integer NOT NULL, ls integer NOT NULL, conf text NOT NULL, models text NOT NULL, decks text NOT NULL, dconf text NOT NULL, tags text NOT NULL);
CREATE TABLE notes (id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL, mod integer NOT NULL, usn integer NOT NULL,
  tags text NOT NULL, flds text NOT NULL, sfld integer NOT NULL, csum integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE cards (id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL, ord integer NOT NULL, mod integer NOT NULL, usn integer NOT NULL,
  type integer NOT NULL, queue integer NOT NULL, due integer NOT NULL, ivl integer NOT NULL, factor integer NOT NULL, reps integer NOT NULL, lapses integer NOT NULL,
  left integer NOT NULL, odue integer NOT NULL, odid integer NOT NULL, flags integer NOT NULL, data text NOT NULL);
CREATE TABLE revlog (id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL, ease integer NOT NULL, ivl integer NOT NULL,
  lastIvl integer NOT NULL, factor integer NOT NULL, time integer NOT NULL, type integer NOT NULL);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);`

// The ids of the note types never change: Anki knows them again by these.
const (
	basicModel = 1764460800001
	clozeModel = 1764460800002
)

// Package writes cards as a package that Anki imports: a zip with a SQLite collection, and
// the images that media gives. Imported again it updates the notes whose text has changed, and keeps
// their schedules.
func Package(w io.Writer, cards []*card.Card, media Media, now time.Time) error {
	k := &collector{media: media, files: map[string][]byte{}, names: map[string]string{}}
	notes := k.notes(cards)
	db, err := collection(notes, now)
	if err != nil {
		return fmt.Errorf("the collection cannot be made: %w", err)
	}
	z := zip.NewWriter(w)
	put := func(name string, data []byte) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: now})
		if err == nil {
			_, err = f.Write(data)
		}
		return err
	}
	if err := put("collection.anki2", db); err != nil {
		return err
	}
	list := map[string]string{}
	for i, name := range slices.Sorted(maps.Keys(k.files)) {
		list[strconv.Itoa(i)] = name
		if err := put(strconv.Itoa(i), k.files[name]); err != nil {
			return err
		}
	}
	names, err := json.Marshal(list)
	if err != nil {
		return err
	}
	if err := put("media", names); err != nil {
		return err
	}
	return z.Close()
}

// connection is what of a connection to SQLite is used here.
type connection interface {
	driver.Conn
	driver.ExecerContext
	Serialize() ([]byte, error)
}

// collection makes the database, in memory.
func collection(notes []*entry, now time.Time) ([]byte, error) {
	open, err := (&sqlite.Driver{}).Open(":memory:")
	if err != nil {
		return nil, err
	}
	defer open.Close()
	c, ok := open.(connection)
	if !ok {
		return nil, fmt.Errorf("the driver cannot serialize")
	}
	run := func(query string, args ...any) error {
		values := make([]driver.NamedValue, len(args))
		for i, a := range args {
			if n, ok := a.(int); ok {
				a = int64(n)
			}
			values[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
		}
		_, err := c.ExecContext(context.Background(), query, values)
		return err
	}
	if err := run(schema); err != nil {
		return nil, err
	}
	if err := run("BEGIN"); err != nil {
		return nil, err
	}
	decks := map[string]int64{}
	for _, n := range notes {
		for at := 0; at >= 0; { // each level
			name := n.deck
			if i := strings.Index(n.deck[at:], "::"); i >= 0 {
				name = n.deck[:at+i]
				at += i + 2
			} else {
				at = -1
			}
			decks[name] = stable("deck", name)
		}
	}
	confs, err := configuration(decks, now)
	if err != nil {
		return nil, err
	}
	sec, ms := now.Unix(), now.UnixMilli()
	day := time.Date(now.Year(), now.Month(), now.Day(), 4, 0, 0, 0, now.Location()).Unix()
	if err := run("INSERT INTO col VALUES (1,?,?,?,11,0,0,0,?,?,?,?,'{}')", day, ms, ms, confs[0], confs[1], confs[2], confs[3]); err != nil {
		return nil, err
	}
	due := 0
	for i, n := range notes {
		model := int64(basicModel)
		if n.cloze {
			model = clozeModel
		}
		id := ms + int64(i)*32 // room for a note's cards
		fields := []string{html.EscapeString(n.id), n.front, n.back}
		tags := ""
		if n.tags != "" {
			tags = " " + n.tags + " "
		}
		if err := run("INSERT INTO notes VALUES (?,?,?,?,-1,?,?,?,?,0,'')", id, n.guid(), model, sec, tags, strings.Join(fields, "\x1f"), n.id, checksum(fields[0])); err != nil {
			return nil, err
		}
		for j, ord := range n.cards {
			if err := run("INSERT INTO cards VALUES (?,?,?,?,?,-1,0,0,?,0,0,0,0,0,0,0,0,'')", id+int64(j), id, decks[n.deck], ord, sec, due); err != nil {
				return nil, err
			}
			due++
		}
	}
	if err := run("COMMIT"); err != nil {
		return nil, err
	}
	return c.Serialize()
}

// stable is an id for a name, the same each time, in the range of the ids that Anki makes
// of the time.
func stable(kind, name string) int64 {
	sum := sha256.Sum256([]byte(kind + "\x00" + name))
	return 1_600_000_000_000 + int64(binary.BigEndian.Uint64(sum[:8])%100_000_000_000)
}

var tagsOfHTML = regexp.MustCompile(`<[^>]*>`)

// checksum is by which Anki finds notes with the same first field.
func checksum(field string) int64 {
	sum := sha1.Sum([]byte(tagsOfHTML.ReplaceAllString(field, "")))
	return int64(binary.BigEndian.Uint32(sum[:4]))
}

type object = map[string]any

// configuration gives the JSON of a collection: its settings, note types, decks and the
// decks' options.
func configuration(decks map[string]int64, now time.Time) (out [4]string, err error) {
	sec := now.Unix()
	deck := func(id int64, name string) object {
		return object{"id": id, "name": name, "mod": sec, "usn": -1, "lrnToday": []int{0, 0}, "revToday": []int{0, 0}, "newToday": []int{0, 0}, "timeToday": []int{0, 0},
			"collapsed": false, "browserCollapsed": false, "desc": "", "dyn": 0, "conf": 1, "extendNew": 0, "extendRev": 0}
	}
	all := object{"1": deck(1, "Default")}
	for name, id := range decks {
		all[strconv.FormatInt(id, 10)] = deck(id, name)
	}
	field := func(ord int, name string) object {
		return object{"name": name, "ord": ord, "font": "Arial", "size": 20, "sticky": false, "rtl": false, "media": []string{}}
	}
	model := func(id int64, kind int, name string, fields []string, template object) object {
		var list []object
		for i, f := range fields {
			list = append(list, field(i, f))
		}
		for k, v := range (object{"ord": 0, "did": nil, "bqfmt": "", "bafmt": "", "bfont": "", "bsize": 0}) {
			template[k] = v
		}
		return object{"id": id, "name": name, "type": kind, "mod": sec, "usn": -1, "sortf": 0, "did": 1, "flds": list, "tmpls": []object{template}, "tags": []string{}, "vers": []string{},
			"css": style, "latexPre": latexBefore, "latexPost": `\end{document}`, "latexsvg": false, "req": []any{[]any{0, "any", []int{1}}}}
	}
	models := object{
		strconv.Itoa(basicModel): model(basicModel, 0, TypeName, []string{"ID", "Front", "Back"},
			object{"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}"}),
		strconv.Itoa(clozeModel): model(clozeModel, 1, ClozeName, []string{"ID", "Text", "Back Extra"},
			object{"name": "Cloze", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}<br>\n{{Back Extra}}"}),
	}
	settings := object{"activeDecks": []int{1}, "curDeck": 1, "newSpread": 0, "collapseTime": 1200, "timeLim": 0, "estTimes": true, "dueCounts": true,
		"curModel": basicModel, "nextPos": 1, "sortType": "noteFld", "sortBackwards": false, "addToCur": true, "dayLearnFirst": false, "schedVer": 2}
	options := object{"1": object{"id": 1, "name": "Default", "mod": 0, "usn": 0, "maxTaken": 60, "autoplay": true, "timer": 0, "replayq": true, "dyn": false,
		"new":   object{"bury": true, "delays": []int{1, 10}, "initialFactor": 2500, "ints": []int{1, 4, 7}, "order": 1, "perDay": 20, "separate": true},
		"rev":   object{"bury": true, "ease4": 1.3, "fuzz": 0.05, "ivlFct": 1, "maxIvl": 36500, "minSpace": 1, "perDay": 200, "hardFactor": 1.2},
		"lapse": object{"delays": []int{10}, "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0}}}
	for i, v := range []object{settings, models, all, options} {
		text, err := json.Marshal(v)
		if err != nil {
			return out, err
		}
		out[i] = string(text)
	}
	return out, nil
}

const style = ".card {\n font-family: arial;\n font-size: 20px;\n text-align: left;\n color: black;\n background-color: white;\n}\n.cloze {\n font-weight: bold;\n color: blue;\n}\nimg {\n max-width: 100%;\n}\n"

const latexBefore = "\\documentclass[12pt]{article}\n\\special{papersize=3in,5in}\n\\usepackage[utf8]{inputenc}\n\\usepackage{amssymb,amsmath}\n\\pagestyle{empty}\n\\setlength{\\parindent}{0in}\n\\begin{document}\n"
