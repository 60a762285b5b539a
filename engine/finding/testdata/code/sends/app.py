import boto3

sqs = boto3.client("sqs")


def run(event, context):
    sqs.send_message(QueueUrl="…", MessageBody="again")
