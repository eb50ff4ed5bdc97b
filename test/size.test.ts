import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'tsup';
import { expect, test } from 'vitest';
import { root } from '../scripts/tools.ts';

/** Octets of `@sipx/message` alone, as a browser gets it: bundled, made small, compressed. */
const LIMIT = 19_600;

test('the core entry of @sipx/message is small', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'size-'));
  try {
    await build({
      config: false,
      silent: true,
      entry: { core: join(root, 'packages/message/src/index.ts') },
      outDir: folder,
      format: 'esm',
      platform: 'browser',
      target: 'es2023',
      minify: true,
      external: ['@sipx/contracts'],
    });
    const size = gzipSync(readFileSync(join(folder, 'core.js')), { level: 9 }).length;
    expect(size).toBeLessThanOrEqual(LIMIT);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
