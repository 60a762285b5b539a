package inspect_test

import (
	"strings"
	"testing"

	"esmlab/engine"
	"esmlab/engine/inspect"
	"esmlab/engine/scenario"
)

// TestWhyDenied asks why a mapping may not read: the answer has the statements
// that were looked at, or the command that took the permission away.
func TestWhyDenied(t *testing.T) {
	t.Parallel()
	sc, err := scenario.Read("t.yaml", []byte(`
Metadata:
  esmlab: {for: 9s, traffic: [{to: Jobs, every: 1s}, {to: Orders, every: 1s}], steps: [{at: 4s, deny: {mapping: WorkOrders, actions: [kinesis:GetRecords]}}]}
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {Statement: [{Sid: Admins, Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:role/Admin"}, Action: "kms:*", Resource: "*"}]}}}
  Jobs: {Type: AWS::SQS::Queue, Properties: {KmsMasterKeyId: !Ref Key}}
  Orders: {Type: AWS::Kinesis::Stream}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [KMSDecryptPolicy: {KeyId: !Ref Key}]
      Events: {Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}, Orders: {Type: Kinesis, Properties: {Stream: !GetAtt Orders.Arn, StartingPosition: LATEST}}}
`), scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := engine.New(sc.Config)
	if err != nil {
		t.Fatal(err)
	}
	s.RunUntil(sc.Config.For)
	log := s.Drain()
	want := map[string][]string{
		"WorkJobs": {"may not receive from Jobs (kms:Decrypt is not allowed: no statement of the policy of key Key allows it or hands over to IAM)",
			"KMSDecryptPolicy allows kms:Decrypt", "statement 1 (Admins) of the policy of key Key allows kms:Decrypt, but not for this principal", "what IAM allows has no effect"},
		"WorkOrders": {"may not read shard 0 (kinesis:GetRecords is not allowed)", "deny WorkOrders: kinesis:GetRecords"},
	}
	for i := range log {
		if log[i].Kind != engine.KindDenied {
			continue
		}
		id := sc.Config.Mappings[log[i].Mapping].ID
		text := inspect.OfEvent(s, log, i).Text()
		for _, part := range want[id] {
			if !strings.Contains(text, part) {
				t.Errorf("no %q in\n%s", part, text)
			}
		}
		delete(want, id)
	}
	if len(want) > 0 {
		t.Errorf("nothing was denied: %v", want)
	}
}
