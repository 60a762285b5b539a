export const handler = async (event) => {
  const batchItemFailures = []
  return { batchItemFailures }
}
