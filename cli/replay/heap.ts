/** A heap: the least item first, by `compare`. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  /** The least item, which stays. */
  peek(): T | undefined {
    return this.#items[0];
  }

  /** Adds an item. */
  push(item: T): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      const above = items[parent];
      if (above === undefined || this.#compare(item, above) >= 0) break;
      items[at] = above;
      at = parent;
    }
    items[at] = item;
  }

  /** Takes the least item. */
  pop(): T | undefined {
    const [least] = this.#items;
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) this.replace(last);
    return least;
  }

  /** Puts another item in the place of the least. */
  replace(item: T): void {
    const items = this.#items;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      const [left, right] = [items[child], items[child + 1]];
      if (left === undefined) break;
      const least = right !== undefined && this.#compare(right, left) < 0 ? right : left;
      if (least === right) child++;
      if (this.#compare(item, least) <= 0) break;
      items[at] = least;
      at = child;
    }
    items[at] = item;
  }
}
