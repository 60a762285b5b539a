package finding_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"esmlab/engine/finding"
)

// Thousands of queues and mappings are looked at in about the time that reading them takes.
func TestLargeTemplate(t *testing.T) {
	n := 1500
	var b strings.Builder
	b.WriteString("Resources:\n")
	for i := range n {
		b.WriteString(strings.ReplaceAll("  Q#: {Type: AWS::SQS::Queue}\n  F#: {Type: AWS::Serverless::Function, Properties: {Events: {J: {Type: SQS, Properties: {Queue: !GetAtt Q#.Arn}}}}}\n", "#", strconv.Itoa(i)))
	}
	begin := time.Now()
	sc := read(t, b.String())
	reading := time.Since(begin)
	begin = time.Now()
	if all := finding.All(sc, finding.Options{}); len(all) != 2*n {
		t.Errorf("%d findings", len(all))
	}
	if took := time.Since(begin); took > 2*reading+2*time.Second {
		t.Errorf("reading took %v, looking %v", reading, took)
	} else {
		t.Logf("reading took %v, looking %v", reading, took)
	}
}
