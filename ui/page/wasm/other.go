//go:build !js

// Wasm is the program of the page: see main.go.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "wasm: this is the program of the page, and runs in a browser: go run ./ui/page/build builds it into one")
	os.Exit(2)
}
