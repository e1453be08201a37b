/** SUMO answered a command with an error: an unknown id, a variable it does not have, a value out of range. The connection stays usable. */
export class TraciCommandError extends Error {
  override readonly name = 'TraciCommandError';
  readonly command: number;
  readonly description: string;
  constructor(command: number, description: string) {
    super(`SUMO refused command 0x${command.toString(16).padStart(2, '0')}: ${description}`);
    this.command = command;
    this.description = description;
  }
}

/** No connection could be made, or SUMO closed it. */
export class TraciConnectionError extends Error {
  override readonly name = 'TraciConnectionError';
}

/** The bytes received are not what the protocol says; the connection is closed. */
export class TraciProtocolError extends Error {
  override readonly name = 'TraciProtocolError';
}
