package rule

import "slices"

// The ids of what filters do.
const (
	FilRead          ID = "FIL-READ-1"
	FilEqual         ID = "FIL-EQUAL-1"
	FilType          ID = "FIL-EQUAL-2"
	FilNull          ID = "FIL-EQUAL-3"
	FilAnd           ID = "FIL-AND-1"
	FilList          ID = "FIL-OR-1"
	FilOr            ID = "FIL-OR-2"
	FilOrInside      ID = "FIL-OR-3"
	FilMissing       ID = "FIL-MISSING-1"
	FilExists        ID = "FIL-EXISTS-1"
	FilExistsLeaf    ID = "FIL-EXISTS-2"
	FilExistsEmpty   ID = "FIL-EXISTS-3"
	FilNumber        ID = "FIL-NUMBER-1"
	FilNumberText    ID = "FIL-NUMBER-2"
	FilNumeric       ID = "FIL-NUMERIC-1"
	FilNumericText   ID = "FIL-NUMERIC-2"
	FilText          ID = "FIL-TEXT-1"
	FilPrefix        ID = "FIL-TEXT-2"
	FilSuffix        ID = "FIL-TEXT-3"
	FilCase          ID = "FIL-TEXT-4"
	FilWildcard      ID = "FIL-WILDCARD-1"
	FilWildcardEmpty ID = "FIL-WILDCARD-2"
	FilWildcardMany  ID = "FIL-WILDCARD-3"
	FilBut           ID = "FIL-BUT-1"
	FilButText       ID = "FIL-BUT-2"
	FilCIDR          ID = "FIL-CIDR-1"
	FilDots          ID = "FIL-DOTS-1"
	FilArray         ID = "FIL-ARRAY-1"
	FilArrayElement  ID = "FIL-ARRAY-2"
	FilData          ID = "FIL-DATA-1"
	FilMeta          ID = "FIL-DATA-2"
	FilTableMeta     ID = "FIL-TABLE-1"
	FilTableNumber   ID = "FIL-TABLE-2"
	FilTableView     ID = "FIL-TABLE-3"
	FilPattern       ID = "FIL-PATTERN-1"
	FilLength        ID = "FIL-PATTERN-2"
	FilCount         ID = "FIL-PATTERN-3"
	FilBody          ID = "FIL-BODY-1"
	FilBodyOnly      ID = "FIL-BODY-2"
)

const (
	filterPage    = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html"
	filterKinesis = "https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html"
	filterTable   = "https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html"
	patternPage   = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html"
	filterAPIPage = "https://docs.aws.amazon.com/lambda/latest/api/API_Filter.html"
	// matcherPage is the matcher itself, which AWS publishes.
	matcherPage      = "https://github.com/aws/event-ruler"
	recordedPatterns = "https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_patterns.snapshot.json"
	recordedTables   = "https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/event_source_mapping/test_lambda_integration_dynamodbstreams.snapshot.json"
)

var filters = []Rule{
	{ID: FilRead, Statement: "Filters judge what a read brings, before batches are filled: what does not match counts towards no BatchSize and no payload, the iterator moves past it, and it stays in the stream. A read that leaves nothing invokes nothing.",
		Row: "S-E25", Source: nowhere, Read: ReadOn, Confidence: Chosen},
	{ID: FilEqual, Statement: "A field matches if its value equals a value in its list, character for character.",
		Row: "S-5", Source: filterPage, Read: ReadOct, Confidence: Documented},
	{ID: FilType, Statement: "Values of different types are never equal: \"300\" is not 300, \"null\" is not null, \"true\" is not true.",
		Row: "R-filters", Source: recordedPatterns, Read: ReadOn, Confidence: Observed},
	{ID: FilNull, Statement: "null in a list matches null, but not a missing key, an empty string or an empty list; and a null value equals nothing else.",
		Row: "R-filters", Source: recordedPatterns, Read: ReadOn, Confidence: Observed},
	{ID: FilAnd, Statement: "All fields of a pattern must match.",
		Row: "Q-FL8", Source: filterPage, Read: ReadOct, Confidence: Documented},
	{ID: FilList, Statement: "The values in one list are alternatives: one of them is enough.",
		Row: "Q-FL8", Source: filterPage, Read: ReadOct, Confidence: Documented},
	{ID: FilOr, Statement: "The filters of a mapping are alternatives: a record passes if one of them matches.",
		Row: "Q-FL8", Source: filterPage, Read: ReadOct, Confidence: Documented},
	{ID: FilOrInside, Statement: "The objects in a $or list are alternatives; what stands beside $or must match as well. It takes at least two, and at most 1,000 combinations in a pattern.",
		Row: "S-5", Source: patternPage, Read: ReadOct, Confidence: Inferred},
	{ID: FilMissing, Statement: "A missing key matches {\"exists\": false} and nothing else: neither null nor anything-but.",
		Row: "R-filters", Source: recordedPatterns, Read: ReadOn, Confidence: Observed},
	{ID: FilExists, Statement: "{\"exists\": true} matches a key with any value, null included; {\"exists\": false} matches a missing key.",
		Row: "S-5", Source: recordedPatterns, Read: ReadOct, Confidence: Observed},
	{ID: FilExistsLeaf, Statement: "Conditions see leaves only. A key that holds an object counts as missing: {\"exists\": true} does not match, {\"exists\": false} does. In DynamoDB the leaf is below the type tag: {\"k\": {\"S\": [{\"exists\": true}]}}.",
		Row: "S-5", Source: recordedPatterns, Read: ReadOct, Confidence: Observed},
	{ID: FilExistsEmpty, Statement: "A key that holds an empty list counts as missing.",
		Row: "R-filters", Source: recordedPatterns, Read: ReadOn, Confidence: Observed},
	{ID: FilNumber, Statement: "Numbers in a list are compared by value: 300 matches 300.0 and 3.0e2. Lambda's page says they are compared as text and differ; the recording and the published matcher say otherwise.",
		Row: "R-filters", Source: recordedPatterns, Read: ReadOn, Confidence: Observed},
	{ID: FilNumberText, Statement: "A number that a double cannot hold to its last digit is compared as it is written, and numeric does not see it.",
		Row: "Q-FL7", Source: matcherPage, Read: ReadOn, Confidence: Inferred},
	{ID: FilNumeric, Statement: "numeric takes =, <, <=, >, >= and a number, or two of them for a range, and compares by value.",
		Row: "S-5", Source: patternPage, Read: ReadOct, Confidence: Inferred},
	{ID: FilNumericText, Statement: "numeric never matches a string, not even \"300\".",
		Row: "R-filters", Source: recordedPatterns, Read: ReadOn, Confidence: Observed},
	{ID: FilText, Statement: "prefix, suffix, equals-ignore-case and wildcard match strings only, never a number. Inside anything-but they therefore let every number pass.",
		Row: "R-filters", Source: recordedPatterns, Read: ReadOn, Confidence: Observed},
	{ID: FilPrefix, Statement: "prefix matches how a string begins, and takes {\"equals-ignore-case\": …} too; an empty prefix matches every string.",
		Row: "R-filters", Source: recordedPatterns, Read: ReadOct, Confidence: Observed},
	{ID: FilSuffix, Statement: "suffix matches how a string ends, and takes {\"equals-ignore-case\": …} too; an empty suffix matches every string.",
		Row: "R-filters", Source: recordedPatterns, Read: ReadOct, Confidence: Observed},
	{ID: FilCase, Statement: "equals-ignore-case matches a whole string regardless of case.",
		Row: "S-5", Source: patternPage, Read: ReadOct, Confidence: Documented},
	{ID: FilWildcard, Statement: "In wildcard a * stands for any characters or none; \\* and \\\\ stand for the characters themselves. Lambda's page does not list wildcard, and EventBridge's has it for the rules of an event bus only; the matcher is the same.",
		Row: "R-filters", Source: patternPage, Read: ReadOct, Confidence: Inferred},
	{ID: FilWildcardEmpty, Statement: "An empty wildcard matches the empty string only, where an empty prefix matches every string.",
		Row: "R-filters", Source: recordedPatterns, Read: ReadOn, Confidence: Observed},
	{ID: FilWildcardMany, Statement: "A wildcard with more than five * is refused as too complex. AWS's measure is not public; six of them were seen refused.",
		Row: "R-filters", Source: recordedPatterns, Read: ReadOn, Confidence: Chosen},
	{ID: FilBut, Statement: "anything-but matches every value that is not in its list, null and other types included; the key must be there.",
		Row: "R-filters", Source: recordedPatterns, Read: ReadOn, Confidence: Observed},
	{ID: FilButText, Statement: "anything-but takes prefix, suffix, equals-ignore-case and wildcard, each with a string or a list; it matches what none of them does. Lambda's page lists anything-but with plain values only; the matcher is the same.",
		Row: "R-filters", Source: patternPage, Read: ReadOct, Confidence: Inferred},
	{ID: FilCIDR, Statement: "cidr matches a string that is an IP address in the network, and an address in a list matches all spellings of it. Lambda's page does not list cidr; the matcher is the same.",
		Row: "R-filters", Source: patternPage, Read: ReadOn, Confidence: Inferred},
	{ID: FilDots, Statement: "A dot in a name and nesting are the same path: {\"a.b\": …} and {\"a\": {\"b\": …}}, in the pattern as in the record.",
		Row: "R-filters", Source: recordedPatterns, Read: ReadOn, Confidence: Observed},
	{ID: FilArray, Statement: "A list in a record matches if one of its values does.",
		Row: "R-filters", Source: recordedPatterns, Read: ReadOn, Confidence: Observed},
	{ID: FilArrayElement, Statement: "In a list of objects any element may match, but one element must have all the fields that the pattern has there.",
		Row: "R-filters", Source: matcherPage, Read: ReadOn, Confidence: Inferred},
	{ID: FilData, Statement: "A Kinesis record's data is matched as JSON, with base64 removed. Data that is not JSON is dropped by every pattern with the key data: it goes neither to the function nor to the destination.",
		Row: "S-5", Source: filterKinesis, Read: ReadOct, Confidence: Inferred},
	{ID: FilMeta, Statement: "A Kinesis record's keys beside data can be filtered on as well: partitionKey, sequenceNumber, approximateArrivalTimestamp, eventSource and the like. AWS's page names data only.",
		Row: "S-5", Source: filterPage, Read: ReadOn, Confidence: Inferred},
	{ID: FilTableMeta, Statement: "Beside dynamodb, the record's own keys can be filtered on, as {\"eventName\": [\"INSERT\"]}. AWS's note names dynamodb only; its samples use eventName, and it was seen to work.",
		Row: "S-5", Source: recordedTables, Read: ReadOn, Confidence: Observed},
	{ID: FilTableNumber, Statement: "DynamoDB writes numbers as strings ({\"N\": \"300\"}), so numeric never matches an attribute; ApproximateCreationDateTime is a number.",
		Row: "S-5", Source: recordedTables, Read: ReadOct, Confidence: Observed},
	{ID: FilTableView, Statement: "A filter on an image that the StreamViewType leaves out never matches: KEYS_ONLY records have no NewImage.",
		Row: "S-6.2", Source: filterTable, Read: ReadOn, Confidence: Inferred},
	{ID: FilPattern, Statement: "A pattern that is not a JSON object of lists with known conditions is refused when the mapping is created or changed, whatever is wrong with it, as an invalid filter pattern definition.",
		Row: "R-errors", Source: recordedTables, Read: ReadOn, Confidence: Observed},
	{ID: FilLength, Statement: "A pattern has at most 4,096 characters.",
		Row: "R-ranges", Source: filterAPIPage, Read: ReadOct, Confidence: Documented},
	{ID: FilCount, Statement: "A mapping has at most 5 filters; AWS raises it to 10 on request.",
		Row: "S-5", Source: filterPage, Read: ReadOct, Confidence: Documented},
}

// quirks are the filter rules that surprise: of several reasons why a record
// does not match, they are the one to tell.
var quirks = []ID{FilType, FilExistsLeaf, FilExistsEmpty, FilNumberText, FilNumericText, FilText, FilWildcardEmpty, FilDots, FilArrayElement,
	FilData, FilTableNumber, FilTableView}

// Quirk tells whether a filter rule is one that surprises.
func (id ID) Quirk() bool { return slices.Contains(quirks, id) }
