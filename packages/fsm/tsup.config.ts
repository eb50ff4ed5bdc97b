import { defineConfig } from 'tsup';
import { base } from '../../tsup.base.ts';

export default defineConfig({
  ...base,
  entry: {
    index: 'src/index.ts',
    transaction: 'src/transaction/index.ts',
    dialog: 'src/dialog/index.ts',
  },
});
