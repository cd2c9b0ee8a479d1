/** Knows up to which key everything is done, while several are in work at once. */
export class Watermark {
  readonly #begun: { readonly key: string; isDone: boolean }[] = [];
  #last: string | undefined;

  /** @param last the key up to which everything was done before */
  constructor(last: string | undefined) {
    this.#last = last;
  }

  /** The key up to which everything that was begun is done. */
  get last(): string | undefined {
    return this.#last;
  }

  /** Begins a key, in the order of keys. @returns to be called when it is done */
  begin(key: string): () => void {
    const one = { key, isDone: false };
    this.#begun.push(one);
    return () => {
      one.isDone = true;
      let first = this.#begun[0];
      while (first?.isDone) {
        this.#last = first.key;
        this.#begun.shift();
        first = this.#begun[0];
      }
    };
  }
}
