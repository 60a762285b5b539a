package drill

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"esmlab/engine/setting"
)

// table is a world with a DynamoDB table, its stream and a function.
type table struct {
	Writes int // all at second 0
	Items  int // written in turn
	Same   bool
	Batch  int
}

func (w table) but(how string, change func(*table)) other {
	change(&w)
	return other{how: how, world: w}
}

// Settings are all settings that decide the run.
func (w table) Settings() []Setting {
	holds := "the number of the write"
	if w.Same {
		holds = "the same in each write"
	}
	return []Setting{{"Writes to the table Orders", fmt.Sprintf("%d, all at second 0, to %d items in turn", w.Writes, w.Items)},
		{"An item holds, besides its key", holds}, {"StreamViewType", "NEW_AND_OLD_IMAGES"}, {setting.BatchSize, strconv.Itoa(w.Batch)},
		{setting.MaximumBatchingWindowInSeconds, "0"}, {"StartingPosition", "TRIM_HORIZON"}, {"Ship", "takes 0.1 s"}, {"Looked at", "after 20 s"}}
}

// Template writes the same as SAM.
func (w table) Template() string {
	body := `{"write": {n}}`
	if w.Same {
		body = `{"state": "new"}`
	}
	return fmt.Sprintf(`AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Metadata:
  esmlab:
    for: 20s
    traffic: [{to: Orders, at: 0s, count: %d, keys: %d, body: '%s'}]
    functions: {Ship: {takes: 100ms}}
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      BillingMode: PAY_PER_REQUEST
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
  Ship:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: "exports.handler = async () => {}"
      Timeout: 10
      Events:
        Orders: {Type: DynamoDB, Properties: {Stream: !GetAtt Orders.StreamArn, StartingPosition: TRIM_HORIZON, BatchSize: %d}}
`, w.Writes, w.Items, body, w.Batch)
}

func (w table) others(r *rand.Rand) []other {
	holds := "an item holds the same in each write"
	if w.Same {
		holds = "an item holds the number of the write"
	}
	out := []other{w.but(holds, func(w *table) { w.Same = !w.Same })}
	for _, i := range r.Perm(4) {
		n := max(1, w.Items+[]int{-1, 1, 2, 3}[i])
		out = append(out, w.but(fmt.Sprintf("there are %s", plural(n, "item", "items")), func(w *table) { w.Items = n }))
	}
	for _, n := range []int{1, 2, 3, 5, 100} {
		out = append(out, w.but(fmt.Sprintf("BatchSize is %d", n), func(w *table) { w.Batch = n }))
	}
	return out
}

// tableFamilies ask what a table's stream holds.
var tableFamilies = []*Family{
	{Name: "table-records", About: "which writes leave a stream record", Source: "dynamodb", Skill: "c03-1-1-6", make: func(r *rand.Rand) problem {
		w := table{Writes: between(r, 10, 24), Items: between(r, 2, 9), Same: r.IntN(4) > 0, Batch: 100}
		return problem{world: w, ask: "How many stream records is Ship given?", expr: `sum(invocations("Ship"), len(.records))`, words: counted("record", "records"), others: w.others(r)}
	}},
	{Name: "table-batches", About: "how many invocations a table's writes make", Source: "dynamodb", Skill: "c03-1-2-4", make: func(r *rand.Rand) problem {
		w := table{Writes: between(r, 10, 24), Items: between(r, 4, 12), Same: r.IntN(4) > 0, Batch: between(r, 2, 4)}
		return problem{world: w, ask: "How many times is Ship invoked?", expr: counts, words: counted("time", "times"), others: w.others(r)}
	}},
}
