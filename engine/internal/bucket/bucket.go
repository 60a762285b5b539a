// Package bucket is a token bucket: a rate limit that lets through bursts.
package bucket

// scale is what one token counts: refilling at a whole number of tokens a
// second then adds a whole number each microsecond.
const scale = 1_000_000

// longest bounds how much elapsed time counts, in microseconds, so that a long
// pause does not overflow. It is longer than any burst or debt.
const longest = 1000 * scale

// Bucket holds tokens and refills evenly. Its limit is given on each call: rate
// is in tokens a second, burst is how many microseconds of refill it holds at
// most, now is in microseconds. It may go into debt.
type Bucket struct {
	level int64 // tokens times scale
	at    int64 // when it was refilled last, in microseconds
}

// Full gives a bucket that is full whatever its limit is.
func Full() Bucket { return Bucket{level: 1 << 62} }

// Refill adds the tokens of the time that has passed.
func (b *Bucket) Refill(now, rate, burst int64) {
	b.level = min(b.level+min(now-b.at, longest)*rate, burst*rate)
	b.at = now
}

// IsFull tells whether a bucket that was just refilled holds all it can.
func (b *Bucket) IsFull(rate, burst int64) bool { return b.level == burst*rate }

// Has tells whether n tokens are left.
func (b *Bucket) Has(n int64) bool { return b.level >= n*scale }

// InDebt tells whether the bucket holds nothing, or less.
func (b *Bucket) InDebt() bool { return b.level <= 0 }

// Spend takes n tokens out, more than there are if need be.
func (b *Bucket) Spend(n int64) { b.level -= n * scale }

// Take spends n tokens if they are left, and tells whether it did.
func (b *Bucket) Take(n int64) bool {
	if !b.Has(n) {
		return false
	}
	b.Spend(n)
	return true
}

// NextAt is when a bucket that was just refilled has a whole token, in
// microseconds.
func (b *Bucket) NextAt(rate int64) int64 {
	missing := max(0, scale-b.level)
	return b.at + (missing+rate-1)/rate
}
