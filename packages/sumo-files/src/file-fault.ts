/** A file that cannot be used: one sentence naming file, line, element and what was expected. The command line answers it with exit code 2. */
export class FileFault extends Error {
  override readonly name = 'FileFault';
  readonly code = 'bad-file';
}
