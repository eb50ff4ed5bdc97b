import { defineConfig } from 'tsup';
import { base } from '../../tsup.base.ts';

export default defineConfig({
  ...base,
  entry: { index: 'src/index.ts', bodies: 'src/bodies.ts', transports: 'src/transports.ts' },
});
