# returns no batchItemFailures
def run(event, context):
    for record in event["Records"]:
        print(record["body"])
