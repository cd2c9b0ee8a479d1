/** Acts in the order of their numbers, from 0, however they come. */
export class InOrder {
  readonly #waiting = new Map<number, () => void>();
  #next = 0;

  /** Acts when all before have. Each number comes once. */
  act(number: number, what: () => void): void {
    this.#waiting.set(number, what);
    for (let next = this.#waiting.get(this.#next); next !== undefined; next = this.#waiting.get(this.#next)) {
      this.#waiting.delete(this.#next++);
      next();
    }
  }
}
