package scenario_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"testing"

	"go.yaml.in/yaml/v4"

	"esmlab/engine"
	"esmlab/engine/internal/fuzzing"
	"esmlab/engine/scenario"
)

// A run's summary does not hang on the order in which a template has its resources: of all
// built-in scenarios, and of all templates of the tests of package template.
func TestOrderOfResources(t *testing.T) {
	t.Parallel()
	templates := map[string][]byte{}
	for _, name := range scenario.Names() {
		src, _ := scenario.Builtin(name)
		templates[name+".yaml"] = src
	}
	for i, src := range fuzzing.Inputs(t, os.DirFS("../template/testdata/load"), "load") {
		templates["load"+string(rune('a'+i%26))+string(rune('a'+i/26))+".yaml"] = []byte(src)
	}
	templates["filters.yaml"], templates["fronts.yaml"] = []byte(filteredTwice), []byte(twoBehindOne)
	shuffles, seconds := 4, engine.Micros(60)
	if testing.Short() {
		shuffles, seconds = 1, 20
	}
	for file, src := range templates {
		want, ok := summary(t, file, src, seconds)
		if !ok {
			continue // refused, in whatever order
		}
		var doc yaml.Node
		if err := yaml.Unmarshal(src, &doc); err != nil {
			continue // only esmlab reads it
		}
		r := rand.New(rand.NewPCG(uint64(len(src)), 1))
		for range shuffles {
			root := doc.Content[0]
			for i := 0; i+1 < len(root.Content); i += 2 {
				if root.Content[i].Value == "Resources" && !doubled(root.Content[i+1]) {
					shuffle(r, root.Content[i+1])
				}
			}
			other, err := yaml.Marshal(&doc)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := summary(t, file, other, seconds); got != want {
				t.Errorf("%s: with its resources in another order\n%s\nnot\n%s", file, got, want)
				break
			}
		}
	}
}

// Two mappings filter one table's stream, and two queues stand behind one bucket.
const (
	filteredTwice = `Resources:
  Rides: {Type: AWS::DynamoDB::Table, Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}], StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}}}
  B: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: DynamoDB, Properties: {Stream: !GetAtt Rides.StreamArn, StartingPosition: LATEST, FilterCriteria: {Filters: [{Pattern: '{"dynamodb":{"NewImage":{"s":{"S":["b"]}}}}'}]}}}}}}
  A: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: DynamoDB, Properties: {Stream: !GetAtt Rides.StreamArn, StartingPosition: LATEST, FilterCriteria: {Filters: [{Pattern: '{"eventName":["MODIFY"]}'}]}}}}}}
  C: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: DynamoDB, Properties: {Stream: !GetAtt Rides.StreamArn, StartingPosition: LATEST, FilterCriteria: {Filters: [{Pattern: '{"dynamodb":{"NewImage":{"t":{"S":["c"]}}}}'}]}}}}}}
`
	twoBehindOne = `Resources:
  Big: {Type: AWS::SQS::Queue}
  Small: {Type: AWS::SQS::Queue}
  Things: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {QueueConfigurations: [
    {Event: "s3:ObjectCreated:*", Queue: !GetAtt Small.Arn, Filter: {S3Key: {Rules: [{Name: prefix, Value: small/}]}}},
    {Event: "s3:ObjectRemoved:*", Queue: !GetAtt Big.Arn, Filter: {S3Key: {Rules: [{Name: prefix, Value: big/}]}}}]}}}
  May: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref Big, !Ref Small], PolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: sqs:SendMessage, Resource: "*"}]}}}
  A: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Small.Arn}}}}}
  B: {Type: AWS::Serverless::Function, Properties: {Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Big.Arn}}}}}
`
)

// doubled tells whether a name stands twice in a map: the last one counts.
func doubled(n *yaml.Node) bool {
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if seen[n.Content[i].Value] {
			return true
		}
		seen[n.Content[i].Value] = true
	}
	return false
}

// shuffle puts the entries of a map in another order.
func shuffle(r *rand.Rand, n *yaml.Node) {
	var pairs [][]*yaml.Node
	for pair := range slices.Chunk(n.Content, 2) {
		pairs = append(pairs, slices.Clone(pair))
	}
	r.Shuffle(len(pairs), func(i, k int) { pairs[i], pairs[k] = pairs[k], pairs[i] })
	n.Content = slices.Concat(pairs...)
}

// summary runs a template and gives its summary as `run --json` prints it; false where it
// is refused.
func summary(t *testing.T, file string, src []byte, seconds engine.Micros) (string, bool) {
	t.Helper()
	long := seconds * engine.Second
	sc, err := scenario.Read(file, src, scenario.Options{For: &long})
	if err != nil {
		return err.Error(), false
	}
	r, err := scenario.NewRunner(sc, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Advance(r.End())
	text, err := json.MarshalIndent(r.Summary(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return lines.ReplaceAllString(string(text), "line"), true
}

// lines are the places that notes and expectations name: they follow the file.
var lines = regexp.MustCompile(`line"?:? \d+`)
