package engine

import "testing"

// TestFifoRegions: how many calls a second a FIFO queue takes in high throughput
// mode, by Region (Q-F7).
func TestFifoRegions(t *testing.T) {
	high := QueueSettings{FifoThroughputLimit: "perMessageGroupId", DeduplicationScope: "messageGroup"}
	for region, want := range map[string]int64{"us-east-1": 70_000, "us-west-2": 70_000, "eu-west-1": 70_000, "us-east-2": 19_000, "eu-central-1": 19_000,
		"ap-south-1": 9_000, "ap-southeast-1": 9_000, "ap-southeast-2": 9_000, "ap-northeast-1": 9_000, "eu-west-2": 4_500, "sa-east-1": 4_500,
		"eu-north-1": 2_400, "ca-central-1": 2_400} {
		s := &Sim{cfg: &Config{Region: region}}
		if got := s.fifoCalls(&Queue{QueueSettings: high}); got != want {
			t.Errorf("%s: %d calls a second, not %d", region, got, want)
		}
		if got := s.fifoCalls(&Queue{}); got != 300 {
			t.Errorf("%s: %d calls a second in normal mode, not 300", region, got)
		}
	}
}

// TestPollerBytes: a poller in provisioned mode takes 1 MB a second, and Lambda
// counts 1,024 KB in one (Q-PM1).
func TestPollerBytes(t *testing.T) {
	m := Mapping{}
	m.MaximumPollers, m.Polls.Target = 4, 20
	if calls, bytes := m.provisionedCapacity(); calls != 20 || bytes != 2*1_048_576 {
		t.Errorf("two pollers make %d calls and take %d bytes a second", calls, bytes)
	}
}
