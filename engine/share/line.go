package share

import (
	"bytes"
	"compress/flate"
	_ "embed"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"

	"esmlab/engine"
	"esmlab/engine/timeline"
)

// Bounds of what is read, so that no line fills the memory.
const (
	mostLine = 4 << 20  // characters
	mostText = 16 << 20 // bytes, unpacked
)

// words begin what is compressed, unwritten: what most lines have need not be written
// out. They belong to the format: a line is read with those that it was written with.
//
//go:embed words.txt
var words []byte

// The JSON of a line: short names, and only what is not as usual.
type lineJSON struct {
	Version string    `json:"v,omitempty"`
	World   worldJSON `json:"w"`
	Mapping string    `json:"m,omitempty"`
	Runs    []runJSON `json:"r"`
	Current int       `json:"c,omitempty"`
	Sum     uint64    `json:"x,omitempty"`
}

type worldJSON struct {
	Name    string            `json:"n"`
	Source  string            `json:"src,omitempty"`
	Files   map[string]string `json:"files,omitempty"`
	Params  map[string]string `json:"params,omitempty"`
	Changes []string          `json:"changes,omitempty"`
	Sets    []string          `json:"sets,omitempty"`
	Steps   []string          `json:"steps,omitempty"`
	Seed    *uint64           `json:"seed,omitempty"`
	For     *int64            `json:"for,omitempty"`
	Twist   bool              `json:"twist,omitempty"`
}

type runJSON struct {
	Parent   int           `json:"p"`
	Fork     int64         `json:"f,omitempty"`
	At       int64         `json:"at"`
	Steps    int64         `json:"s"`
	Newest   []int64       `json:"e,omitempty"` // the instant and the steps, where they are others
	Ahead    int           `json:"a,omitempty"` // commands after the position
	Commands []commandJSON `json:"c,omitempty"`
}

type commandJSON struct {
	At      int64           `json:"at"`
	Tick    int32           `json:"t,omitempty"`
	Off     bool            `json:"off,omitempty"`
	Refused bool            `json:"no,omitempty"`
	Do      json.RawMessage `json:"do"`
}

// Line writes a run. The same run always gives the same line.
func (r *Run) Line() (string, error) {
	w := &r.World
	out := lineJSON{Version: r.Version, Mapping: r.Mapping, Current: r.Current, Sum: r.Sum,
		World: worldJSON{Name: w.Name, Source: w.Source, Files: w.Files, Params: w.Params, Changes: w.Changes, Sets: w.Sets, Steps: w.Steps, Seed: w.Seed, For: (*int64)(w.For), Twist: w.Twist}}
	for i := range r.Runs {
		s := &r.Runs[i]
		run := runJSON{Parent: s.Parent, Fork: int64(s.Fork), At: int64(s.At), Steps: s.Steps, Ahead: len(s.Commands) - s.Passed}
		if s.Newest != s.At || s.NewestSteps != s.Steps {
			run.Newest = []int64{int64(s.Newest), s.NewestSteps}
		}
		for k := range s.Commands {
			c := &s.Commands[k]
			do, err := json.Marshal(plain(&c.Command))
			if err != nil {
				return "", fmt.Errorf("a command cannot be written: %w", err)
			}
			run.Commands = append(run.Commands, commandJSON{int64(c.At), c.Tick, c.Off, c.Refused, do})
		}
		out.Runs = append(out.Runs, run)
	}
	text, err := json.Marshal(out)
	if err != nil {
		return "", err
	}
	var packed bytes.Buffer
	packed.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(text)))
	z, err := flate.NewWriterDict(&packed, flate.BestCompression, words)
	if err != nil {
		return "", err
	}
	_, _ = z.Write(text) // a buffer takes everything
	_ = z.Close()
	if line := Prefix + base64.RawURLEncoding.EncodeToString(packed.Bytes()); len(line) <= mostLine {
		return line, nil
	}
	return "", errors.New("the run's template is too large for a line")
}

// Parse reads a line. Its error says what is wrong with it.
func Parse(line string) (*Run, error) {
	format, rest, ok := begin(line)
	switch {
	case !ok:
		return nil, errors.New("this is not a shared run, which begins with '" + Prefix + "'")
	case format != "1":
		return nil, fmt.Errorf("this run was shared by another version of esmlab: its line begins with esm%s: and this version reads %s", format, Prefix)
	case len(line) > mostLine:
		return nil, fmt.Errorf("the line is longer than %d MB", mostLine>>20)
	}
	text, err := unpack(strings.Join(strings.Fields(rest), ""))
	if err != nil {
		return nil, err
	}
	var in lineJSON
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return nil, errors.New("the line holds something that this version of esmlab does not know: " + strings.TrimPrefix(err.Error(), "json: "))
	}
	r := &Run{Version: in.Version, Mapping: in.Mapping, Current: in.Current, Sum: in.Sum,
		World: World{Name: in.World.Name, Source: in.World.Source, Files: in.World.Files, Params: in.World.Params, Changes: in.World.Changes, Sets: in.World.Sets, Steps: in.World.Steps, Seed: in.World.Seed, For: (*engine.Micros)(in.World.For), Twist: in.World.Twist}}
	if in.World.Name == "" {
		return nil, errors.New("the line names no scenario")
	}
	if in.Current < 0 || in.Current >= len(in.Runs) {
		return nil, fmt.Errorf("the line shows run %d, and has %d", in.Current+1, len(in.Runs))
	}
	for _, run := range in.Runs {
		s := timeline.SavedRun{Parent: run.Parent, Fork: engine.Micros(run.Fork), At: engine.Micros(run.At), Steps: run.Steps, Newest: engine.Micros(run.At), NewestSteps: run.Steps}
		if len(run.Newest) == 2 {
			s.Newest, s.NewestSteps = engine.Micros(run.Newest[0]), run.Newest[1]
		}
		if s.At < 0 || s.Newest > longest {
			return nil, fmt.Errorf("a run of the line stands at second %s", s.Newest)
		}
		for _, c := range run.Commands {
			p := timeline.PlacedCommand{At: engine.Micros(c.At), Tick: c.Tick, Off: c.Off, Refused: c.Refused}
			if err := filled(&p.Command, c.Do); err != nil {
				return nil, fmt.Errorf("a command of the line is wrong: %w", err)
			}
			s.Commands = append(s.Commands, p)
		}
		if s.Passed = len(s.Commands) - run.Ahead; s.Passed < 0 || run.Ahead < 0 {
			return nil, fmt.Errorf("a run of the line has %d commands, and stands before %d", len(s.Commands), run.Ahead)
		}
		r.Runs = append(r.Runs, s)
	}
	return r, nil
}

// longest is how long a shared run may be.
const longest = 400 * 24 * engine.Hour

// unpack gives the JSON of a line's text.
func unpack(text string) ([]byte, error) {
	packed, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	var at base64.CorruptInputError
	switch {
	case errors.As(err, &at) && int(at) < len(text)-1:
		return nil, fmt.Errorf("character %d of the line cannot be: %q", len(Prefix)+int(at)+1, text[at])
	case err != nil, len(packed) < 5:
		return nil, errors.New("the line is cut off: its end is missing")
	}
	z := flate.NewReaderDict(bytes.NewReader(packed[4:]), words)
	out, err := io.ReadAll(io.LimitReader(z, mostText+1))
	switch {
	case err == nil && len(out) > mostText:
		return nil, fmt.Errorf("the line unpacks to more than %d MB", mostText>>20)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, errors.New("the line is cut off: its end is missing")
	case err != nil, crc32.ChecksumIEEE(out) != binary.BigEndian.Uint32(packed):
		return nil, errors.New("the line is damaged: its checksum is another one")
	}
	return out, nil
}
