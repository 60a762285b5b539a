package bucket_test

import (
	"testing"

	"esmlab/engine/internal/bucket"
)

const second = 1_000_000

func TestBurstAndRate(t *testing.T) {
	t.Parallel()
	b := bucket.Full()
	b.Refill(0, 5, second)
	if !b.IsFull(5, second) {
		t.Error("a new bucket is not full")
	}
	taken := 0
	for now := int64(0); now <= second; now += 1000 {
		for b.Refill(now, 5, second); b.Take(1); {
			taken++
		}
	}
	if taken != 10 { // the burst, and what a second brings
		t.Errorf("%d tokens in the first second, not 10", taken)
	}
}

func TestDebt(t *testing.T) {
	t.Parallel()
	b := bucket.Full()
	b.Refill(0, 2, second)
	b.Spend(6)
	if !b.InDebt() {
		t.Error("4 tokens too many were spent without a debt")
	}
	if at := b.NextAt(2); at != 2.5*second {
		t.Errorf("the next token comes at %d, not after 2.5 s", at)
	}
	b.Refill(2.5*second-1, 2, second)
	if b.Has(1) {
		t.Error("a token is there before the debt is paid")
	}
	b.Refill(2.5*second, 2, second)
	if !b.Has(1) || b.Has(2) {
		t.Error("not exactly one token when the debt is paid")
	}
}

func TestLongPause(t *testing.T) {
	t.Parallel()
	b := bucket.Full()
	b.Refill(0, 1<<30, second)
	b.Spend(1 << 31)
	b.Refill(1<<60, 1<<30, second)
	if !b.IsFull(1<<30, second) {
		t.Error("after a very long time the bucket is not full")
	}
}
