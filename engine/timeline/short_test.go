package timeline

import (
	"flag"
	"os"
	"testing"
)

// TestMain draws fewer random runs in short mode.
func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		if err := flag.Set("rapid.checks", "12"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
