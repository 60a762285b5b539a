package shop;

public class App implements RequestHandler<SQSEvent, SQSBatchResponse> {
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return new SQSBatchResponse(failed);
  }
}
