// Package alarm says when an alarm of CloudWatch would have rung in a run, and when it
// would have gone back. An alarm changes nothing in the run: what it did is a function of
// the run's metrics alone, so whoever goes back in the run, or changes it, gets the alarm
// of that run.
//
// Limits: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html,
// read 2026-11-30. All data points of the evaluation periods have to breach, and a missing
// one does not (TreatMissingData: notBreaching; chosen).
package alarm

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine"
	"esmlab/engine/setting"
	"esmlab/engine/template"
)

// Minute is the time between two data points of AWS/Lambda and AWS/SQS.
const Minute = 60 * engine.Second

const (
	hour = 60 * Minute
	day  = 24 * hour
)

// Alarm is an alarm on one metric of one resource.
type Alarm struct {
	Resource  string
	Statistic string
	Compare   string // > >= < <=
	Threshold float64
	Period    engine.Micros
	Periods   int // EvaluationPeriods: so many in a row
	metric    *metric
	index     int // of the resource among those of its kind
}

// Example is an alarm as it is typed.
const Example = "JobsDead.ApproximateNumberOfMessagesVisible > 0 Maximum 60s 1"

var comparisons = []string{">", ">=", "<", "<="}

// Read reads an alarm: resource and metric, comparison, threshold, and where they are not
// the usual ones the statistic, the period and the number of periods.
func Read(text string, cfg *engine.Config) (*Alarm, error) {
	words := strings.Fields(text)
	if len(words) < 3 {
		return nil, errors.New("an alarm needs a metric, a comparison and a threshold, such as " + Example)
	}
	a := &Alarm{Compare: words[1], Period: Minute, Periods: 1}
	var name string
	a.Resource, name, _ = strings.Cut(words[0], ".")
	all := Metrics(cfg)
	for _, r := range resources(cfg) {
		for i := range metrics {
			if m := &metrics[i]; r.id == a.Resource && m.name == name && m.of == r.of {
				a.metric, a.index, a.Statistic = m, r.index, m.statistics[0]
			}
		}
	}
	if a.metric == nil || !slices.Contains(all, words[0]) {
		return nil, fmt.Errorf("there is no metric %s (%s)", words[0], template.OneOf(words[0], all))
	}
	if !slices.Contains(comparisons, a.Compare) {
		return nil, fmt.Errorf("%s is not a comparison (%s)", a.Compare, template.OneOf(a.Compare, comparisons))
	}
	var err error
	if a.Threshold, err = strconv.ParseFloat(words[2], 64); err != nil || a.Threshold != a.Threshold {
		return nil, fmt.Errorf("%s is not a threshold (a number, such as 0 or 60)", words[2])
	}
	for _, w := range words[3:] {
		n, noNumber := strconv.Atoi(w)
		d, length := setting.ParseTime(w)
		switch {
		case slices.Contains(a.metric.statistics, w):
			a.Statistic = w
		case noNumber == nil && n >= 1:
			a.Periods = n
		case noNumber != nil && length && d > 0 && d%Minute == 0:
			a.Period = d
		case noNumber != nil && length:
			return nil, fmt.Errorf("%s is not a period: this metric has a data point a minute (a multiple of 60s)", w)
		default:
			return nil, fmt.Errorf("%s is neither a statistic of %s, nor a period, nor a number of periods (%s, 60s, 1)", w, name, strings.Join(a.metric.statistics, " or "))
		}
	}
	if all := a.Period * engine.Micros(a.Periods); a.Periods > 10080 || all > 7*day || a.Period < hour && all > day {
		return nil, fmt.Errorf("%d periods of %s s are too long (a day in all; with periods of an hour or more, seven)", a.Periods, a.Period)
	}
	return a, nil
}

// Metric is its name.
func (a *Alarm) Metric() string { return a.metric.name }

// OptIn reports whether the metric is published only with MetricsConfig.
func (a *Alarm) OptIn() bool { return a.metric.optIn }

// Short is the alarm without what is usual, as it is typed.
func (a *Alarm) Short() string {
	text := fmt.Sprintf("%s.%s %s %s", a.Resource, a.metric.name, a.Compare, number(a.Threshold))
	if a.Statistic != a.metric.statistics[0] {
		text += " " + a.Statistic
	}
	if a.Period != Minute {
		text += " " + a.Period.String() + "s"
	}
	if a.Periods > 1 {
		text += " " + strconv.Itoa(a.Periods)
	}
	return text
}

// String is the alarm as it is typed, whole.
func (a *Alarm) String() string {
	return fmt.Sprintf("%s.%s %s %s %s %ss %d", a.Resource, a.metric.name, a.Compare, number(a.Threshold), a.Statistic, a.Period, a.Periods)
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// breaches reports whether a data point does.
func (a *Alarm) breaches(v float64) bool {
	switch a.Compare {
	case ">":
		return v > a.Threshold
	case ">=":
		return v >= a.Threshold
	case "<":
		return v < a.Threshold
	}
	return v <= a.Threshold
}

// Change is an alarm that went to ALARM, or back to OK.
type Change struct {
	At    engine.Micros // the end of a period
	Rings bool
	Value float64 // the data point that decided it
}

// Runner is a run with an alarm.
type Runner interface {
	Alarm() *Alarm
	Rang() []Change
	Now() engine.Micros
}

// Said says what the alarm of a run did in it up to now, a line each.
func Said(r Runner) []string {
	a, changes, now := r.Alarm(), r.Rang(), r.Now()
	if a == nil {
		return []string{"No alarm is set. `alarm " + Example + "` would set one on that metric."}
	}
	state := "OK"
	if n := len(changes); n > 0 && changes[n-1].Rings {
		state = "ALARM"
	} else if now < a.Period {
		state = "INSUFFICIENT_DATA"
	}
	out := []string{a.String() + ": " + state + " at second " + (now - now%(engine.Second/10)).String()}
	for _, c := range changes {
		to := "OK"
		if c.Rings {
			to = "ALARM"
		}
		out = append(out, fmt.Sprintf("  %-5s at second %s: %s was %s", to, c.At, a.Statistic, number(c.Value)))
	}
	if len(changes) == 0 {
		out = append(out, "  It would not have rung in this run so far.")
	}
	if a.OptIn() {
		out = append(out, "  The metric is opt-in: MetricsConfig of the mapping has to ask for EventCount.")
	}
	return out
}
