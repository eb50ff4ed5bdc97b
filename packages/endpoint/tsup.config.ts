import { defineConfig } from 'tsup';
import { base } from '../../tsup.base.ts';

export default defineConfig({
  ...base,
  entry: { index: 'src/index.ts', transports: 'src/transports.ts' },
  // Left in the bundle: package.json `imports` decides at run time which transports a name can mean.
  external: ['#transports'],
  dts: {
    compilerOptions: {
      ignoreDeprecations: '6.0',
      customConditions: [],
      // Its types are being built here: not yet to be found in dist.
      paths: { '#transports': ['./src/transports.ts'] },
    },
  },
});
