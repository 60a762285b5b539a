package engine

import "strconv"

// Param describes one parameter of a mapping that holds a number or a switch:
// its range, default and what a value means. The template reader, the command
// `set` and the lab's editors all use this one table.
type Param struct {
	Name    string
	Switch  bool // true or false; the numbers below then mean nothing
	Default int
	Min     int // smallest number that is no special value
	Max     int
	// NoLimit: -1 is allowed and means "no limit".
	NoLimit bool
	// Unset: 0 is allowed and stands for "not set".
	Unset bool
	// Wire is the parameter as AWS's error text spells it.
	Wire string
	// Steps are sensible values, in order, that an editor walks through.
	Steps []int
	// Row is the row of docs/reference/streams.md that states it.
	Row string
}

// StreamParams are the parameters of a Kinesis mapping that can be set
// (S-1.1; ranges checked against R-ranges).
var StreamParams = []Param{
	{Name: "BatchSize", Default: 100, Min: 1, Max: 10000, Wire: "batchSize", Steps: []int{1, 2, 5, 8, 10, 50, 100, 500, 1000, 10000}, Row: "1.1"},
	{Name: "BisectBatchOnFunctionError", Switch: true, Row: "1.1"},
	{Name: "MaximumBatchingWindowInSeconds", Default: 0, Min: 0, Max: 300, Wire: "maximumBatchingWindowInSeconds", Steps: []int{0, 1, 2, 5, 10, 30, 60, 300}, Row: "1.1"},
	{Name: "MaximumRecordAgeInSeconds", Default: -1, Min: 60, Max: 604800, NoLimit: true, Wire: "maximumRecordAgeInSeconds", Steps: []int{-1, 60, 120, 300, 600, 3600, 21600, 86400, 604800}, Row: "1.1"},
	{Name: "MaximumRetryAttempts", Default: -1, Min: 0, Max: 10000, NoLimit: true, Wire: "maximumRetryAttempts", Steps: []int{-1, 0, 1, 2, 3, 5, 10, 100, 10000}, Row: "1.1"},
	{Name: "ParallelizationFactor", Default: 1, Min: 1, Max: 10, Wire: "parallelizationFactor", Steps: []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, Row: "1.1"},
	{Name: "ReportBatchItemFailures", Switch: true, Row: "1.1"},
	{Name: "TumblingWindowInSeconds", Default: 0, Min: 0, Max: 900, Wire: "tumblingWindowInSeconds", Steps: []int{0, 5, 10, 30, 60, 120, 300, 900}, Row: "1.1"},
}

// FindParam gives the parameter of that name, or nil.
func FindParam(name string) *Param {
	for i := range StreamParams {
		if StreamParams[i].Name == name {
			return &StreamParams[i]
		}
	}
	return nil
}

// Allowed says in words which values AWS takes.
func (p *Param) Allowed() string {
	switch {
	case p.Switch:
		return "true or false"
	case p.Unset:
		return "0 for not set, or " + strconv.Itoa(p.Min) + " to " + Thousands(p.Max)
	case p.NoLimit:
		return "-1 for no limit, or " + strconv.Itoa(p.Min) + " to " + Thousands(p.Max)
	}
	return strconv.Itoa(p.Min) + " to " + Thousands(p.Max)
}

// Check refuses a number outside AWS's range with AWS's code and words:
// what the service's model declares is a ValidationException, what its
// documentation adds (0 to 59 seconds of record age) an
// InvalidParameterValueException.
func (p *Param) Check(n int) *Refusal {
	lowest := p.Min
	if p.NoLimit {
		lowest = -1
	}
	limit := ""
	switch {
	case p.Unset && n == 0:
		return nil
	case n < lowest:
		limit = "greater than or equal to " + strconv.Itoa(lowest)
	case n > p.Max:
		limit = "less than or equal to " + strconv.Itoa(p.Max)
	case p.NoLimit && n != -1 && n < p.Min:
		return &Refusal{What: p.Name, Code: "InvalidParameterValueException",
			Message: "Invalid " + p.Name + ": " + strconv.Itoa(n) + ". It must be -1 or between " + strconv.Itoa(p.Min) + " and " + strconv.Itoa(p.Max) + ".",
			Right:   p.Allowed()}
	default:
		return nil
	}
	return &Refusal{What: p.Name, Code: "ValidationException",
		Message: "1 validation error detected: Value '" + strconv.Itoa(n) + "' at '" + p.Wire + "' failed to satisfy constraint: Member must have value " + limit,
		Right:   p.Allowed()}
}

// Number reads parameter p of the settings; switches give 0 or 1.
func (s *Settings) Number(name string) int {
	switch short(name) {
	case "BatchSize":
		return s.BatchSize
	case "MaximumBatchingWindowInSeconds":
		return s.MaximumBatchingWindowInSeconds
	case "ParallelizationFactor":
		return s.ParallelizationFactor
	case "MaximumRetryAttempts":
		return s.MaximumRetryAttempts
	case "MaximumRecordAgeInSeconds":
		return s.MaximumRecordAgeInSeconds
	case "TumblingWindowInSeconds":
		return s.TumblingWindowInSeconds
	case "BisectBatchOnFunctionError":
		return btoi(s.BisectBatchOnFunctionError)
	case "MaximumConcurrency":
		return s.MaximumConcurrency
	case "MinimumPollers":
		return s.MinimumPollers
	case "MaximumPollers":
		return s.MaximumPollers
	case "ReportBatchItemFailures":
		return btoi(s.ReportBatchItemFailures)
	}
	return 0
}

// SetNumber writes a parameter that Check has passed.
func (s *Settings) SetNumber(name string, n int) {
	switch short(name) {
	case "BatchSize":
		s.BatchSize = n
	case "MaximumBatchingWindowInSeconds":
		s.MaximumBatchingWindowInSeconds = n
	case "ParallelizationFactor":
		s.ParallelizationFactor = n
	case "MaximumRetryAttempts":
		s.MaximumRetryAttempts = n
	case "MaximumRecordAgeInSeconds":
		s.MaximumRecordAgeInSeconds = n
	case "TumblingWindowInSeconds":
		s.TumblingWindowInSeconds = n
	case "BisectBatchOnFunctionError":
		s.BisectBatchOnFunctionError = n != 0
	case "MaximumConcurrency":
		s.MaximumConcurrency = n
	case "MinimumPollers":
		s.MinimumPollers = n
		s.pairPollers(name)
	case "MaximumPollers":
		s.MaximumPollers = n
		s.pairPollers(name)
	case "ReportBatchItemFailures":
		s.ReportBatchItemFailures = n != 0
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func itoa(n int) string { return strconv.Itoa(n) }

// Thousands writes a whole number with commas: 604,800.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	neg := ""
	if n < 0 {
		neg, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return neg + s
}
