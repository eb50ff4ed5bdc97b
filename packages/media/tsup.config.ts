import { defineConfig } from 'tsup';
import { base } from '../../tsup.base.ts';

export default defineConfig({
  ...base,
  plugins: [
    {
      // It says that it is an ES module and has no default: Node's import gives it whole, a require must ask for all of it.
      name: 'alawmulaw-whole',
      renderChunk(code) {
        if (this.format !== 'cjs') return;
        return {
          code: code.replace(
            /^import (\w+) from (['"])alawmulaw\2/m,
            'import * as $1 from $2alawmulaw$2',
          ),
        };
      },
    },
  ],
});
