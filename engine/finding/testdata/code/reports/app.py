def run(event, context):
    failed = []
    for record in event["Records"]:
        try:
            work(record)
        except Exception:
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
