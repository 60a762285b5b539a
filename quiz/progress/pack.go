package progress

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
)

// packed begins progress as one line.
const packed = "esmp1:"

// maxUnpacked is how many bytes a line may unpack to.
const maxUnpacked = 64 << 20

// Pack gives the lines of a progress file as one word that can be copied and typed.
func Pack(lines []byte) string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression) // the level is known
	_, _ = w.Write(bytes.TrimSpace(lines))
	_ = w.Close()
	return packed + base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// IsPacked reports whether a text is progress as one word.
func IsPacked(text string) bool { return strings.HasPrefix(strings.TrimSpace(text), packed) }

// Unpack gives the lines of a word that Pack made.
func Unpack(word string) ([]byte, error) {
	data, ok := strings.CutPrefix(strings.TrimSpace(word), packed)
	if !ok {
		return nil, fmt.Errorf("it does not begin with %s", packed)
	}
	b, err := base64.RawURLEncoding.DecodeString(data)
	if err != nil {
		return nil, errors.New("it is cut off, or a character in it is wrong")
	}
	lines, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b)), maxUnpacked+1))
	switch {
	case err != nil:
		return nil, errors.New("it is cut off, or a character in it is wrong")
	case len(lines) > maxUnpacked:
		return nil, fmt.Errorf("it unpacks to more than %d MB", maxUnpacked>>20)
	}
	return lines, nil
}

// Import adds the lines of another progress file to this one, and brings them to disk.
// Lines that are there already count once. It gives how many are new; broken is how
// many could not be read.
func (s *Store) Import(data []byte) (added, broken int, err error) {
	var r Report
	lines, _, _ := parse(data, 1, &r)
	s.Refresh()
	for _, l := range lines {
		if s.State.Has(l.ID) {
			continue
		}
		if err := s.Write(l); err != nil {
			return added, len(r.Broken), err
		}
		added++
	}
	return added, len(r.Broken), nil
}
