package main

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// The packages of npm that a page is made with.
const (
	xtermPackage = "@xterm/xterm@6.0.0"
	fitPackage   = "@xterm/addon-fit@0.11.0"
)

// xterm is the terminal in the page.
type xterm struct{ script, fit, style []byte }

// terminal gives xterm.js: from a folder, or from npm.
func terminal(dir, work string) (*xterm, error) {
	read := func(path string) []byte {
		src, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		return src
	}
	if dir != "" {
		x := &xterm{read(filepath.Join(dir, "xterm.js")), read(filepath.Join(dir, "addon-fit.js")), read(filepath.Join(dir, "xterm.css"))}
		if x.script == nil || x.fit == nil || x.style == nil {
			return nil, fmt.Errorf("%s: xterm.js, addon-fit.js and xterm.css are not all there", dir)
		}
		return x, nil
	}
	main, err := pack(xtermPackage, work)
	if err != nil {
		return nil, fmt.Errorf("xterm.js comes from npm: %w (-xterm DIR takes it from a folder; guests come in by SSH without it)", err)
	}
	fit, err := pack(fitPackage, work)
	if err != nil {
		return nil, err
	}
	x := &xterm{read(filepath.Join(main, "lib", "xterm.js")), read(filepath.Join(fit, "lib", "addon-fit.js")), read(filepath.Join(main, "css", "xterm.css"))}
	if x.script == nil || x.fit == nil || x.style == nil {
		return nil, errors.New("the packages of xterm.js have other files than expected")
	}
	return x, nil
}

// pack gets a package by npm, runs nothing of it, and gives the folder with its files.
func pack(name, work string) (string, error) {
	if _, err := exec.LookPath("npm"); err != nil {
		return "", errors.New("npm is not here")
	}
	file, err := output(work, "npm", "pack", "--silent", "--ignore-scripts", name)
	if err != nil {
		return "", err
	}
	lines := strings.Split(file, "\n")
	file = filepath.Join(work, lines[len(lines)-1])
	to := strings.TrimSuffix(file, ".tgz")
	return filepath.Join(to, "package"), unpack(file, to)
}

// unpack unpacks an archive into a folder, and nothing outside it.
func unpack(file, to string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if h.Typeflag != tar.TypeReg || !filepath.IsLocal(h.Name) {
			continue
		}
		path := filepath.Join(to, filepath.FromSlash(h.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		out, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o755)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, r)
		if err := errors.Join(err, out.Close()); err != nil {
			return err
		}
	}
}
