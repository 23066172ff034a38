/**
 * How much one request may ask for. Exceeding either is answered with 413:
 * `services.storage.write_limit_exceeded` or `services.storage.get_limit_exceeded`.
 */
export class Limits {
  constructor(
    /** Documents that one request may write. */
    readonly documentsWriteCount: number = 200,
    /** Documents that one request may read, and that a query may touch. */
    readonly documentsFetchCount: number = 10_000,
  ) {}
}
