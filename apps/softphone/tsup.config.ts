import { defineConfig } from 'tsup';
import { base } from '../../tsup.base.ts';

// A program, not a library: one format and no types. What it depends on stays outside.
export default defineConfig({ ...base, entry: ['src/main.ts'], format: ['esm'], dts: false });
