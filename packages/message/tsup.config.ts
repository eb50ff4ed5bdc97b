import { defineConfig } from 'tsup';
import { base } from '../../tsup.base.ts';

export default defineConfig({
  ...base,
  entry: {
    index: 'src/index.ts',
    build: 'src/build.ts',
    strict: 'src/strict.ts',
    validate: 'src/validate.ts',
    bodies: 'src/bodies/index.ts',
    'bodies/sdp': 'src/bodies/sdp/index.ts',
    'bodies/xml': 'src/bodies/xml/index.ts',
  },
});
