import { describe, expect, it } from 'vitest';
import { constBindings } from '../scripts/const-bindings.ts';

describe('constBindings', () => {
  it.each([
    ['a value that is never assigned to', 'var a = 1;', 'const a = 1;'],
    ['several in one declaration', 'var a = 1, b = a;', 'const a = 1, b = a;'],
    ['a class', 'var A = class _A {\n};', 'const A = class _A {\n};'],
  ])('makes a constant of %s', (_, code, expected) => {
    expect(constBindings(code)).toBe(expected);
  });

  it.each([
    ['has no value at first', 'var a;'],
    ['is assigned to', 'var a = 1;\na = 2;'],
    ['is assigned to in a function', 'var a = 1;\nconst f = () => { a += 1; };'],
    ['is counted up', 'var a = 1;\nconst f = () => a++;'],
    ['is assigned to by a pattern', 'var a = 1;\n({ b: [a] } = { b: [2] });'],
    ['is assigned to by a loop', 'var a = 1;\nfor (a of [2]) ;'],
    ['is not of the module', 'const f = () => { var a = 1; return a; };'],
  ])('leaves alone what %s', (_, code) => {
    expect(constBindings(code)).toBe(code);
  });

  it('changes nothing else', () => {
    const code = '// var a = 1;\nvar a = "var b = 2;";\nlet c = a;\nexport { a, c };\n';
    expect(constBindings(code)).toBe(code.replace('\nvar', '\nconst'));
  });
});
