// Package cost says what AWS would bill for a run: what engine counts, in the units
// AWS bills, times the prices of a Region. It leaves out free tiers, data transfer,
// logs and storage.
package cost

import (
	"slices"

	"esmlab/engine"
)

// Price is what a unit of something costs.
type Price struct {
	Name   string // by which a scenario changes it: LambdaRequests
	Row    string // where docs/reference/new.md has it
	Unit   string // what is counted: "million requests"
	Per    int64  // how many of what is counted make a unit
	USD    float64
	About  bool   // not read from AWS's own price list: it is said with "about"
	Source string // where it was read
	Read   string // when
}

// Region is where AWS's prices were read for.
const Region = "us-east-1"

const (
	priceList   = "AWS price list"
	elsewhere   = "read by third parties"
	lambdaUnit  = "million requests"
	listRead    = "2026-09-29"
	elseRead    = "2026-08"
	microHour   = 3_600_000_000
	memorySecMB = 1024 * 1_000_000 // MB times microseconds in a GB-second
)

// The names of the prices.
const (
	LambdaRequests  = "LambdaRequests"
	LambdaX86       = "LambdaX86"
	LambdaArm       = "LambdaArm"
	LambdaPollers   = "LambdaPollers"
	SQSStandard     = "SQSStandardRequests"
	SQSFIFO         = "SQSFIFORequests"
	KinesisShards   = "KinesisShards"
	KinesisPuts     = "KinesisPuts"
	KinesisStreams  = "KinesisOnDemandStreams"
	KinesisIn       = "KinesisOnDemandIn"
	KinesisOut      = "KinesisOnDemandOut"
	KinesisRetained = "KinesisRetention"
	FanOutShards    = "FanOutShards"
	FanOutRead      = "FanOutRead"
)

// all are the prices that engine's counts are multiplied by.
var all = []Price{
	{Name: LambdaRequests, Row: "N-G1", Unit: lambdaUnit, Per: 1_000_000, USD: 0.20, Source: priceList, Read: listRead},
	{Name: LambdaX86, Row: "N-G1", Unit: "GB-second on x86_64", Per: memorySecMB, USD: 0.0000166667, Source: priceList, Read: listRead},
	{Name: LambdaArm, Row: "N-G1", Unit: "GB-second on arm64", Per: memorySecMB, USD: 0.0000133334, Source: priceList, Read: listRead},
	{Name: LambdaPollers, Row: "N-G2", Unit: "hour of a provisioned poller", Per: microHour, USD: 0.00925, Source: priceList, Read: listRead},
	{Name: SQSStandard, Row: "N-G3", Unit: "million requests to a standard queue", Per: 1_000_000, USD: 0.40, Source: priceList, Read: listRead},
	{Name: SQSFIFO, Row: "N-G3", Unit: "million requests to a FIFO queue", Per: 1_000_000, USD: 0.50, About: true, Source: elsewhere, Read: elseRead},
	{Name: KinesisShards, Row: "N-G4", Unit: "shard-hour", Per: microHour, USD: 0.015, About: true, Source: elsewhere, Read: elseRead},
	{Name: KinesisPuts, Row: "N-G4", Unit: "million PUT payload units of 25 KB", Per: 1_000_000, USD: 0.014, About: true, Source: elsewhere, Read: elseRead},
	{Name: KinesisStreams, Row: "N-G4", Unit: "hour of an on-demand stream", Per: microHour, USD: 0.04, About: true, Source: elsewhere, Read: elseRead},
	{Name: KinesisIn, Row: "N-G4", Unit: "GB put to an on-demand stream", Per: 1 << 20, USD: 0.08, About: true, Source: elsewhere, Read: elseRead},
	{Name: KinesisOut, Row: "N-G4", Unit: "GB read from an on-demand stream", Per: 1 << 20, USD: 0.04, About: true, Source: elsewhere, Read: elseRead},
	{Name: KinesisRetained, Row: "N-G6", Unit: "shard-hour of more than 24 hours' retention", Per: microHour, USD: 0.02, About: true, Source: elsewhere, Read: elseRead},
	{Name: FanOutShards, Row: "N-G5", Unit: "consumer-shard-hour of enhanced fan-out", Per: microHour, USD: 0.015, About: true, Source: elsewhere, Read: elseRead},
	{Name: FanOutRead, Row: "N-G5", Unit: "GB read through enhanced fan-out", Per: 1 << 20, USD: 0.013, About: true, Source: elsewhere, Read: elseRead},
}

// Prices lists the prices.
func Prices() []Price { return slices.Clone(all) }

// Find gives the price of that name as a run has it. One that the run sets is a
// person's own.
func Find(c *engine.Config, name string) (Price, bool) {
	i := slices.IndexFunc(all, func(p Price) bool { return p.Name == name })
	if i < 0 {
		return Price{}, false
	}
	p := all[i]
	if usd, ok := c.Prices[name]; ok {
		p.USD, p.About, p.Source, p.Read = usd, false, "the scenario", ""
	}
	return p, true
}
