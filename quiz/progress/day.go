package progress

import (
	"fmt"
	"time"
)

// Day is a study day: days since 1970-01-01 by the learner's own calendar. It
// begins at 04:00, so that a late evening belongs to the day before.
type Day int

// DayStart is the hour at which a study day begins.
const DayStart = 4

// DayOf is the study day of an instant, in the time zone the instant is in.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	if t.Hour() < DayStart {
		d--
	}
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Start is the instant at which the day begins in a time zone.
func (d Day) Start(in *time.Location) time.Time {
	y, m, dd := d.date().Date()
	return time.Date(y, m, dd, DayStart, 0, 0, 0, in)
}

func (d Day) date() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

func (d Day) String() string { return d.date().Format(time.DateOnly) }

// Weekday is the day's name in the week.
func (d Day) Weekday() time.Weekday { return d.date().Weekday() }

// MarshalText writes the day as 2026-12-01.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Day) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.DateOnly, string(b))
	if err != nil {
		return fmt.Errorf("%q is not a day (such as 2026-12-01)", b)
	}
	*d = Day(t.Unix() / 86400)
	return nil
}
