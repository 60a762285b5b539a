// Build makes esmlab's page: one HTML file that holds the program as WebAssembly and
// xterm.js, and needs no server. With -door it makes the smaller page by which
// `esmlab serve` gives a browser a terminal.
//
//	go run ./ui/page/build -o esmlab.html
//	go run ./ui/page/build -door
//
// It needs Go and, for xterm.js, npm; with -xterm DIR it takes xterm.js from a folder.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("o", "", "the file to write (esmlab.html; with -door the place where esmlab serve looks for it)")
	door := flag.Bool("door", false, "make the page of esmlab serve")
	xterm := flag.String("xterm", "", "a folder with xterm.js, xterm.css and addon-fit.js; without it they come from npm")
	version := flag.String("version", "", "the version that the page says it is")
	flag.Parse()
	if err := run(*out, *door, *xterm, *version); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func run(out string, door bool, xterm, version string) error {
	work, err := os.MkdirTemp("", "esmlab-page-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	x, err := terminal(xterm, work)
	if err != nil {
		return err
	}
	var page []byte
	if door {
		if out == "" {
			if out, err = doorPath(); err != nil {
				return err
			}
		}
		page = doorPage(x)
	} else {
		if out == "" {
			out = "esmlab.html"
		}
		p, err := program(work, version)
		if err != nil {
			return err
		}
		first, err := firstPicture()
		if err != nil {
			return err
		}
		page = wholePage(x, p, first)
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(out, page, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: %.1f MB\n", out, float64(len(page))/1e6)
	return nil
}

// doorPath is where esmlab serve looks for its page: esmlab's data directory.
func doorPath() (string, error) {
	dir := os.Getenv("XDG_DATA_HOME")
	if !filepath.IsAbs(dir) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(home, ".local", "share")
	}
	return filepath.Join(dir, "esmlab", "door.html"), nil
}
