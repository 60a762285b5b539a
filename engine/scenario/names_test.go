package scenario_test

import (
	"strings"
	"testing"

	"esmlab/engine/scenario"
)

// SAM calls the mapping of event Jobs of function Mail MailJobs. A queue of that name is
// reported as what it is, two things with one name.
func TestMappingNamedAsItsSource(t *testing.T) {
	t.Parallel()
	for _, source := range []string{"SQS, Properties: {Queue: !GetAtt MailJobs.Arn}", "Kinesis, Properties: {Stream: !GetAtt MailJobs.Arn, StartingPosition: LATEST}"} {
		kind := "AWS::SQS::Queue"
		if strings.HasPrefix(source, "Kinesis") {
			kind = "AWS::Kinesis::Stream"
		}
		src := "Transform: AWS::Serverless-2016-10-31\nResources:\n  MailJobs: {Type: " + kind + "}\n" +
			"  Mail: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, Runtime: python3.13, CodeUri: src/, Events: {Jobs: {Type: " + source + "}}}}\n"
		_, err := scenario.Read("t.yaml", []byte(src), scenario.Options{})
		if err == nil || !strings.Contains(err.Error(), "two things are called MailJobs") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
