/** The caller's input cannot be used: one message, exit code 2. */
export class UsageFault extends Error {
  override readonly name = 'UsageFault';
}
