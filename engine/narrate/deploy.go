package narrate

import (
	"esmlab/engine"
	"esmlab/engine/rule"
)

// outcomes say what comes of a change that a deployment makes.
var outcomes = map[rule.ID]string{
	rule.CfnKeep:      "it keeps its position",
	rule.CfnView:      "a new stream with a new ARN; the old one takes no more records",
	rule.CfnTable:     "the new table is empty, with a stream of its own",
	rule.CfnStream:    "the old stream is deleted with what was not read",
	rule.CfnQueue:     "the old queue is deleted with its messages",
	rule.CfnFunction:  "its mappings keep their positions",
	rule.CfnCode:      "for every invocation from now on",
	rule.FnAliasMove:  "the next invocation runs it",
	rule.FnAlias:      "drawn for each invocation",
	rule.FnAliasShift: "CodeDeploy moves it bit by bit",
}

// changed says what a deployment does with a resource.
func changed(f *facts) string {
	c := &f.e.Applied.Command
	what := c.Value.Text
	text := map[engine.Why]string{engine.WhyCreated: "creates ", engine.WhyUpdated: "updates ", engine.WhyReplaced: "replaces ", engine.WhyDeleted: "deletes "}[f.e.Why]
	switch f.e.Why {
	case engine.WhyCreated:
		text += "the " + what + " " + c.Target
	case engine.WhyDeleted:
		text += c.Target + " (" + what + ")"
	default:
		text += c.Target + " (" + what + ")"
	}
	if so := outcomes[f.e.Rule]; so != "" && !f.Short {
		text += ": " + so
	}
	return "CloudFormation " + text
}

// again says what a mapping hands over once more because it was replaced.
func again(f *facts) string {
	return f.all + " of " + f.shard + pick(len(f.e.Records), " is", " are") + " handed over again" + f.by + ": the new mapping does not know what the old one has done"
}

// inFront says what becomes of what a topic, a bucket or a rule sends.
func inFront(f *facts) string {
	c := &f.e.Applied.Command
	what := c.Target + " sends #" + num(f.e.Times)
	if f.e.Rule == rule.S3Test {
		what = c.Target + " sends an s3:TestEvent"
	}
	switch f.e.Why {
	case engine.WhySent:
		return what + " to " + c.To
	case engine.WhyNotMatched:
		return "#" + num(f.e.Times) + " of " + c.Target + " does not match the filter of " + c.Value.Text + ": " + c.To + " does not get it"
	case engine.WhyDead:
		return "#" + num(f.e.Times) + " of " + c.Target + " goes to the DLQ " + c.To
	}
	return "#" + num(f.e.Times) + " of " + c.Target + " does not reach " + c.To + ": " + f.e.Why.String()
}
