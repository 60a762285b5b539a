package scenario_test

import (
	"fmt"

	"esmlab/engine/scenario"
)

// A scenario is a template. It is run without a screen, and its expectations
// are judged on the way.
func Example() {
	const template = `
Transform: AWS::Serverless-2016-10-31
Metadata:
  esmlab:
    for: 10s
    traffic: [{to: Orders, at: 0s, count: 4}]
    functions:
      Ship: {takes: 200ms, faults: [{name: poison, records: [Orders#3], how: error}]}
    expect:
      - {at: 5s, that: 'iterator("ShipOrders", 0).blocked'}
      - {that: 'record("Orders#4").state == "done"'}
Resources:
  Orders: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
  Ship:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: "exports.handler = async () => {}"
      Events:
        Orders: {Type: Kinesis, Properties: {Stream: !GetAtt Orders.Arn, StartingPosition: TRIM_HORIZON}}
`
	sc, err := scenario.Read("template.yaml", []byte(template), scenario.Options{})
	if err != nil {
		fmt.Println(err) // everything that is wrong, each with its line
		return
	}
	r, err := scenario.NewRunner(sc, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	r.Advance(r.End())
	for _, x := range r.Results {
		fmt.Println(*x.OK, x.That, x.Saw)
	}
	fmt.Println(r.Failed(), "failed;", r.Summary().Records)
	// Output:
	// true iterator("ShipOrders", 0).blocked []
	// false record("Orders#4").state == "done" [record("Orders#4").state was "retrying"]
	// 1 failed; map[put:4 retrying:4]
}
