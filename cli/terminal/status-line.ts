/** A terminal, as far as a line on it needs one. */
export interface Terminal {
  readonly columns?: number;
  write(text: string): unknown;
}

/** One line at the bottom of a terminal that is drawn again and again, and is gone before anything else is written. */
export class StatusLine {
  readonly #terminal: Terminal;
  #isShown = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Shows `text`, cut to the width of the terminal, in place of what the line showed. */
  show(text: string): void {
    // The last column stays empty: some terminals wrap when it is written.
    const width = (this.#terminal.columns ?? 80) - 1;
    this.#terminal.write(`\r${text.slice(0, Math.max(0, width))}\u001b[K`);
    this.#isShown = true;
  }

  /** Takes the line away. */
  clear(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#terminal.write('\r\u001b[K');
  }
}

/** The status line of standard error where that is a terminal which can redraw a line. */
export function statusLineOf(
  stream: Terminal & { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): StatusLine | undefined {
  return stream.isTTY === true && environment['TERM'] !== 'dumb' ? new StatusLine(stream) : undefined;
}
