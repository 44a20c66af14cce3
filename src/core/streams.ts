/** Answers that are being written into a message of a surface: whoever takes over from a process that died ends what it left open there. */
export interface Streams {
  /** Said anew whenever people see more of it. */
  shows(turnId: string, stream: Stream): Promise<void>;
  left(turnId: string): Promise<Stream | undefined>;
  /** The message is whole. */
  ended(turnId: string): Promise<void>;
}

export interface Stream {
  messageId: string;
  /** What of the answer people see. */
  shown: string;
}
