package lab

import (
	"context"
	"os"
	"testing"
)

func TestZZMain(t *testing.T) {
	if os.Getenv("ZZ") == "" {
		t.Skip()
	}
	sc := poison(2)
	if os.Getenv("ZZ") == "40" {
		sc = poison(40)
	}
	if err := Run(context.Background(), Options{Scenario: sc, Env: os.Environ(), Welcome: os.Getenv("WELCOME") != "", Mouse: true, Input: os.Stdin, Output: os.Stdout}); err != nil {
		t.Fatal(err)
	}
}
