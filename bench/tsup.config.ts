import { defineConfig } from 'tsup';
import { constBindings } from '../scripts/const-bindings.ts';

/** Built, as a user's program is: what runs TypeScript as it stands names each closure anew, at a call's price. */
export default defineConfig({
  entry: ['parse.ts', 'calls.ts', 'uas/sipx.ts', 'uas/sip.ts', 'uas/stateless.ts'],
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  skipNodeModulesBundle: true,
  clean: true,
  plugins: [
    {
      name: 'const-bindings',
      renderChunk: (code, { map = null }) => ({ code: constBindings(code), map }),
    },
  ],
});
