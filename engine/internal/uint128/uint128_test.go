package uint128_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"esmlab/engine/internal/uint128"
)

func toBig(u uint128.Int) *big.Int {
	b := new(big.Int).SetUint64(u.Hi)
	return b.Lsh(b, 64).Add(b, new(big.Int).SetUint64(u.Lo))
}

func draw(t *rapid.T, name string) uint128.Int {
	edge := rapid.SampledFrom([]uint64{0, 1, 1<<63 - 1, 1 << 63, 1<<64 - 2, 1<<64 - 1})
	half := rapid.OneOf(rapid.Uint64(), edge)
	return uint128.Int{Hi: half.Draw(t, name+" hi"), Lo: half.Draw(t, name+" lo")}
}

// TestArithmetic compares with math/big.
func TestArithmetic(t *testing.T) {
	t.Parallel()
	modulus := new(big.Int).Lsh(big.NewInt(1), 128)
	rapid.Check(t, func(t *rapid.T) {
		u, v := draw(t, "u"), draw(t, "v")
		a, b := toBig(u), toBig(v)
		if u.String() != a.String() {
			t.Fatalf("String() = %s, want %s", u, a)
		}
		if u.Less(v) != (a.Cmp(b) < 0) {
			t.Fatalf("%s < %s: %t", u, v, u.Less(v))
		}
		if want := new(big.Int).Add(a, big.NewInt(1)); toBig(u.Next()).Cmp(want.Mod(want, modulus)) != 0 {
			t.Fatalf("Next of %s is %s", u, u.Next())
		}
		if v.Less(u) {
			u, v, a, b = v, u, b, a
		}
		middle := new(big.Int).Add(a, b)
		if got := uint128.Middle(u, v); toBig(got).Cmp(middle.Rsh(middle, 1)) != 0 {
			t.Fatalf("middle of %s and %s: %s", u, v, got)
		}
	})
}

// TestPart checks that the parts cover all numbers, with floor(2^128/n) each
// but the last.
func TestPart(t *testing.T) {
	t.Parallel()
	space := new(big.Int).Lsh(big.NewInt(1), 128)
	for _, n := range []int{1, 2, 3, 7, 64, 100, 4096, 10_000} {
		size := new(big.Int).Div(space, big.NewInt(int64(n)))
		for i := range n {
			first, last := uint128.Part(i, n)
			start := new(big.Int).Mul(size, big.NewInt(int64(i)))
			end := new(big.Int).Add(start, size)
			if i == n-1 {
				end.Set(space)
			}
			end.Sub(end, big.NewInt(1))
			if toBig(first).Cmp(start) != 0 || toBig(last).Cmp(end) != 0 {
				t.Fatalf("part %d of %d: %s to %s", i, n, first, last)
			}
		}
	}
}
