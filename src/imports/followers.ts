/** Which rows follow which, in two numbers a row. */
export class Followers {
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #next: Int32Array;

  constructor(rows: number) {
    this.#first = new Int32Array(rows).fill(-1);
    this.#last = new Int32Array(rows).fill(-1);
    this.#next = new Int32Array(rows).fill(-1);
  }

  add(row: number, follower: number): void {
    if (this.#first[row]! < 0) this.#first[row] = follower;
    else this.#next[this.#last[row]!] = follower;
    this.#last[row] = follower;
  }

  has = (row: number): boolean => this.#first[row]! >= 0;

  *of(row: number): Generator<number> {
    for (let follower = this.#first[row]!; follower >= 0; follower = this.#next[follower]!) yield follower;
  }
}
