// Release builds esmlab for people who have no Go: an archive for each system and
// processor, with the program stripped, completions, the man page and the licence; and the
// checksums of all.
//
//	go run ./ui/cmd/release -version v1.2.0            # into dist/
//	go run ./ui/cmd/release -only linux/amd64          # one of them
//
// With -door the page of the browser door is built in (that needs npm); with -page the page
// without a server lies beside the archives.
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// platforms are what a release is built for.
var platforms = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64", "freebsd/amd64", "freebsd/arm64"}

func main() {
	version := flag.String("version", "", "the version, such as v1.2.0; without it the one that git describes")
	out := flag.String("o", "dist", "the folder to write to")
	only := flag.String("only", "", "build for this platform alone, such as linux/amd64")
	door := flag.Bool("door", false, "build the page of the browser door in (npm)")
	page := flag.Bool("page", false, "build the page without a server as well (npm)")
	flag.Parse()
	if err := release(*version, *out, *only, *door, *page); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func release(version, out, only string, door, page bool) error {
	version = cmp.Or(version, described())
	list := platforms
	if only != "" {
		list = []string{only}
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	var tags []string
	if door {
		if err := run(nil, "go", "run", "./ui/page/build", "-door", "-o", "ui/serve/door.html"); err != nil {
			return err
		}
		tags = []string{"-tags=door"}
	}
	var sums strings.Builder
	add := func(name string, data []byte) error {
		sum := sha256.Sum256(data)
		fmt.Fprintf(&sums, "%s  %s\n", hex.EncodeToString(sum[:]), name)
		fmt.Printf("%-44s %5.1f MB\n", name, float64(len(data))/1e6)
		return os.WriteFile(filepath.Join(out, name), data, 0o644)
	}
	work, err := os.MkdirTemp("", "esmlab-release-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	extra, err := extras(work, version)
	if err != nil {
		return err
	}
	for _, platform := range list {
		system, processor, ok := strings.Cut(platform, "/")
		if !ok {
			return fmt.Errorf("%s: not a platform such as linux/amd64", platform)
		}
		program := filepath.Join(work, "esmlab-"+system+"-"+processor)
		if err := build(program, system, processor, version, tags); err != nil {
			return fmt.Errorf("%s: %w", platform, err)
		}
		data, err := os.ReadFile(program)
		if err != nil {
			return err
		}
		folder := "esmlab-" + version + "-" + system + "-" + processor
		files := append([]file{{"esmlab" + map[bool]string{true: ".exe"}[system == "windows"], data, 0o755}}, extra...)
		name, archive := folder+".tar.gz", tarOf
		if system == "windows" {
			name, archive = folder+".zip", zipOf
		}
		packed, err := archive(folder, files)
		if err != nil {
			return err
		}
		if err := add(name, packed); err != nil {
			return err
		}
	}
	if page {
		name := "esmlab-" + version + ".html"
		if err := run(nil, "go", "run", "./ui/page/build", "-version", version, "-o", filepath.Join(out, name)); err != nil {
			return err
		}
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			return err
		}
		if err := add(name, data); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(sums.String()), 0o644)
}

// described is the version that git knows, or the day.
func described() string {
	b, err := exec.Command("git", "describe", "--tags", "--always", "--dirty").Output()
	if text := strings.TrimSpace(string(b)); err == nil && text != "" {
		return text
	}
	return time.Now().UTC().Format("2006-01-02")
}

// build builds the program: stripped, the same bytes wherever it is built from the same
// commit.
func build(to, system, processor, version string, more []string) error {
	args := append([]string{"build", "-trimpath", "-ldflags=-s -w -X esmlab/ui/cmd.released=" + version, "-o", to}, more...)
	return run([]string{"GOOS=" + system, "GOARCH=" + processor, "CGO_ENABLED=0"}, "go", append(args, ".")...)
}

// file is what an archive holds.
type file struct {
	name string
	data []byte
	mode int64
}

// extras are the completions and the man page, which the program itself prints, and what
// one has to read.
func extras(work, version string) ([]file, error) {
	own := filepath.Join(work, "esmlab-own")
	if err := build(own, runtime.GOOS, runtime.GOARCH, version, nil); err != nil {
		return nil, err
	}
	var out []file
	for name, args := range map[string][]string{
		"completions/esmlab.bash": {"completion", "bash"}, "completions/_esmlab": {"completion", "zsh"},
		"completions/esmlab.fish": {"completion", "fish"}, "completions/esmlab.ps1": {"completion", "powershell"}, "esmlab.1": {"man"},
	} {
		cmd := exec.Command(own, args...)
		cmd.Stderr = os.Stderr
		data, err := cmd.Output()
		if err != nil || len(data) == 0 {
			return nil, fmt.Errorf("esmlab %s: %w", strings.Join(args, " "), cmp.Or(err, errNothing))
		}
		out = append(out, file{name, data, 0o644})
	}
	for _, name := range []string{"LICENSE", "README.md", "CHANGELOG.md"} {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("%w (run it in the repository's folder)", err)
		}
		out = append(out, file{name, data, 0o644})
	}
	slices.SortFunc(out, func(a, b file) int { return strings.Compare(a.name, b.name) })
	return out, nil
}

var errNothing = errors.New("it prints nothing")

func run(env []string, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

// tarOf packs files for systems like Unix.
func tarOf(folder string, files []file) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, f := range files {
		if err := w.WriteHeader(&tar.Header{Name: folder + "/" + f.name, Mode: f.mode, Size: int64(len(f.data))}); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	err := errors.Join(w.Close(), z.Close())
	return b.Bytes(), err
}

// zipOf packs files for Windows.
func zipOf(folder string, files []file) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		h := &zip.FileHeader{Name: folder + "/" + f.name, Method: zip.Deflate}
		h.SetMode(os.FileMode(f.mode))
		at, err := w.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := at.Write(f.data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}
