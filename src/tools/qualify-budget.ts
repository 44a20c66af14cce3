import { addUsd, compareUsd } from '../core/money.ts';

const nothing = '0';

/**
 * Money that several spend at the same time. What each may cost at the most is set aside before it begins, so that the limit holds
 * however many there are; what is left of that comes back when it ends.
 */
export class Budget {
  #left: string;
  #taken = 0;
  #waiting: (() => void)[] = [];

  constructor(limit: string) {
    this.#left = limit;
  }

  /** Sets aside up to `most`, and no less than `least`. While others may give something back it waits for them; undefined: it is used up. */
  async take(least: string, most: string): Promise<string | undefined> {
    while (compareUsd(least, this.#left) > 0) {
      if (this.#taken === 0) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    const reserved = compareUsd(most, this.#left) < 0 ? most : this.#left;
    this.#left = addUsd(this.#left, `-${reserved}`);
    this.#taken++;
    return reserved;
  }

  settle(reserved: string, spent: string | null): void {
    // what nobody knows the price of has used all it could
    this.#left = addUsd(this.#left, reserved, `-${spent ?? reserved}`);
    if (compareUsd(this.#left, nothing) < 0) this.#left = nothing;
    this.#taken--;
    for (const look of this.#waiting.splice(0)) look();
  }
}
