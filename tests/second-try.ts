import type { Reporter, TestCase } from 'vitest/node';

/** Names the tests that passed on their second try only: nobody reads a thousand green lines, and these want mending. */
export default class SecondTry implements Reporter {
  readonly #wavering: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky) this.#wavering.push(`${test.module.relativeModuleId} > ${test.fullName}`);
  }

  onTestRunEnd(): void {
    if (this.#wavering.length > 0) process.stdout.write(`\nPassed on the second try:\n${this.#wavering.join('\n')}\n`);
  }
}
