import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { builtPage, bundleDir } from '../../../../scripts/page.ts';

describe('the bundle of the page', () => {
  it('is what the sources say (npm run generate)', async () => {
    const built = await builtPage();
    expect(readdirSync(bundleDir).sort()).toEqual([...built.keys()].sort());
    for (const [name, bytes] of built)
      expect(Buffer.from(bytes).equals(readFileSync(join(bundleDir, name))), `${name} is not current: npm run generate`).toBe(
        true,
      );
  });

  it('weighs less than 400 KB as it is sent, fonts included', () => {
    const sent = readdirSync(bundleDir).map((name) => {
      const bytes = readFileSync(join(bundleDir, name));
      return name.endsWith('.woff2') ? bytes.length : gzipSync(bytes).length;
    });
    expect(sent.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(400 * 1024);
  });
});
