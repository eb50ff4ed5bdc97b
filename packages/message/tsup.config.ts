import { defineConfig } from 'tsup';
import { base } from '../../tsup.base.ts';

export default defineConfig({
  ...base,
  entry: {
    index: 'src/index.ts',
    bodies: 'src/bodies/index.ts',
    'bodies/sdp': 'src/bodies/sdp/index.ts',
    'bodies/xml': 'src/bodies/xml/index.ts',
  },
});
