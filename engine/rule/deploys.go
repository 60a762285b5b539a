package rule

// The ids of the rules about deployments over time.
const (
	CfnOrder     ID = "CFN-ORDER-1"
	CfnBusy      ID = "CFN-BUSY-1"
	CfnUpdate    ID = "CFN-UPDATE-1"
	CfnReplace   ID = "CFN-REPLACE-1"
	CfnKeep      ID = "CFN-KEEP-1"
	CfnConflict  ID = "CFN-CONFLICT-1"
	CfnName      ID = "CFN-NAME-1"
	CfnRefuse    ID = "CFN-TYPE-1"
	CfnGap       ID = "CFN-GAP-1"
	CfnOrphan    ID = "CFN-GAP-2"
	CfnAgain     ID = "CFN-AGAIN-1"
	CfnView      ID = "CFN-VIEW-1"
	CfnViewOld   ID = "CFN-VIEW-2"
	CfnTable     ID = "CFN-TABLE-1"
	CfnStream    ID = "CFN-STREAM-1"
	CfnQueue     ID = "CFN-QUEUE-1"
	CfnFunction  ID = "CFN-FUNCTION-1"
	CfnCode      ID = "CFN-CODE-1"
	FnAlias      ID = "FN-ALIAS-1"
	FnAliasMove  ID = "FN-ALIAS-2"
	FnAliasShift ID = "FN-ALIAS-3"
)

const (
	cfnPage       = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html"
	cfnStatusPage = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-monitor-stack.html"
	cfnESMPage    = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html"
	cfnTablePage  = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html"
	cfnKinPage    = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html"
	cfnQueuePage  = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html"
	cfnFnPage     = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html"
	cfnNamePage   = "https://repost.aws/knowledge-center/cloudformation-custom-name"
	samIssue      = "https://github.com/aws/serverless-application-model/issues/1320"
	aliasPage     = "https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html"
	safePage      = "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/automating-updates-to-serverless-apps.html"
)

var deploys = []Rule{
	{ID: CfnOrder, Statement: "A deployment creates what is new, then updates what has changed, and deletes last what the template no longer has. What another resource refers to is created before it and deleted after it.",
		Row: "N-F2", Source: cfnPage, Read: ReadOct, Confidence: Inferred},
	{ID: CfnBusy, Statement: "While a deployment is under way the stack takes no other: it is over when the mappings that it makes have been created.",
		Row: "N-F2", Source: cfnStatusPage, Read: ReadOct, Confidence: Inferred},
	{ID: CfnUpdate, Statement: "A changed property that does not replace its resource is updated in place. What a person has changed beside the template stays, unless the template's own value changes.",
		Row: "N-F7", Source: cfnPage, Read: ReadOct, Confidence: Inferred},
	{ID: CfnReplace, Statement: "For a changed property that requires replacement CloudFormation usually makes the new resource first, then changes the references to it, and then deletes the old one.",
		Row: "N-F2", Source: cfnPage, Read: ReadOct, Confidence: Documented},
	{ID: CfnKeep, Statement: "Of a mapping only another EventSourceArn, StartingPosition, StartingPositionTimestamp or SelfManagedEventSource requires replacement. All else, FunctionName too, is updated in place: the mapping keeps its UUID and goes on where it was.",
		Row: "N-F1", Source: cfnESMPage, Read: ReadOct, Confidence: Inferred},
	{ID: CfnConflict, Statement: "A mapping that is replaced, or whose event was renamed, is created while the old one of the same source and function is still there: Lambda refuses it with 409, the stack rolls back, and the old mapping goes on.",
		Row: "N-F2", Source: samIssue, Read: ReadOct, Confidence: Observed},
	{ID: CfnName, Statement: "A resource with a name of its own is not replaced while it keeps that name: CloudFormation refuses the update.",
		Row: "N-F8", Source: cfnNamePage, Read: ReadOct, Confidence: Inferred},
	{ID: CfnRefuse, Statement: "A logical id keeps its type: a template that gives it another one is refused.",
		Row: "N-F2", Source: cfnPage, Read: ReadOct, Confidence: Inferred},
	{ID: CfnGap, Statement: "A new mapping starts at its own StartingPosition. At LATEST it skips what was written before it is Enabled, whether or not the mapping before it had done it.",
		Row: "N-F3", Source: esmPage, Read: ReadOct, Confidence: Inferred},
	{ID: CfnOrphan, Statement: "What the function has while its mapping is replaced is finished; if that fails, nobody tries it again.",
		Row: "N-F3", Source: nowhere, Read: ReadOct, Confidence: Inferred},
	{ID: CfnAgain, Statement: "A new mapping that starts at TRIM_HORIZON hands over again everything that the stream retains, also what the mapping before it had done.",
		Row: "N-F3", Source: esmPage, Read: ReadOct, Confidence: Inferred},
	{ID: CfnView, Statement: "Another StreamViewType updates the table in place and gives it a new stream with a new ARN; a mapping that refers to the stream is replaced.",
		Row: "N-F6", Source: cfnTablePage, Read: ReadOct, Confidence: Inferred},
	{ID: CfnViewOld, Statement: "The old stream of a table stays readable for 24 hours, but the mapping that read it is gone: what it had not read is skipped. It reads on until the new mapping is Enabled.",
		Row: "N-F6", Source: streamsPage, Read: ReadOct, Confidence: Inferred},
	{ID: CfnTable, Statement: "Another TableName replaces a table. Another KeySchema does too: CloudFormation's page says \"some interruptions\" of it, but DynamoDB cannot change a table's key. The new table is empty and has a stream of its own.",
		Row: "N-F6", Source: cfnTablePage, Read: ReadOct, Confidence: Inferred},
	{ID: CfnStream, Statement: "Another Name replaces a Kinesis stream: the old one is deleted with the records that were not read, and mappings of it are replaced.",
		Row: "N-F7", Source: cfnKinPage, Read: ReadOct, Confidence: Inferred},
	{ID: CfnQueue, Statement: "Another QueueName or FifoQueue replaces a queue: the messages of the old one are lost with it.",
		Row: "N-F8", Source: cfnQueuePage, Read: ReadOct, Confidence: Inferred},
	{ID: CfnFunction, Statement: "Another FunctionName, PackageType, DurableConfig or TenancyConfig replaces a function. Its mappings are updated in place and keep their positions.",
		Row: "N-F9", Source: cfnFnPage, Read: ReadOct, Confidence: Inferred},
	{ID: CfnCode, Statement: "New code is in force for every invocation that starts from then on, in new execution environments. A published version keeps the code that it was published with.",
		Row: "N-F9", Source: cfnFnPage, Read: ReadOct, Confidence: Inferred},
	{ID: FnAlias, Statement: "A weighted alias runs its second version in a part of the invocations, by chance for each of them: a retry may meet the other version.",
		Row: "N-F10", Source: aliasPage, Read: ReadOct, Confidence: Inferred},
	{ID: FnAliasMove, Statement: "A mapping that names an alias need not be changed when the alias is moved to another version: the next invocation runs that version.",
		Row: "N-F10", Source: "https://docs.aws.amazon.com/lambda/latest/dg/using-aliases.html", Read: ReadOct, Confidence: Inferred},
	{ID: FnAliasShift, Statement: "With DeploymentPreference CodeDeploy shifts an alias's traffic gradually: Canary10Percent10Minutes gives the new version 10 % of it at once, and all of it ten minutes later.",
		Row: "N-F10", Source: safePage, Read: ReadOct, Confidence: Documented},
}
