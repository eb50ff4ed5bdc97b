import { type Node, parse, type Program } from 'acorn';

/**
 * The bundler declares with `var` what a module declares with `const`. V8 takes the value of a constant into the
 * code that it makes and has to load that of a variable at each use, which makes parsing a message take half as
 * long again. So whatever is never assigned to becomes a constant again.
 */
export const constBindings = (code: string): string => {
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
  const assigned = new Set<string>();
  visit(program, assigned);
  let text = code;
  for (const statement of program.body.toReversed()) {
    if (statement.type !== 'VariableDeclaration' || statement.kind !== 'var') continue;
    const constant = statement.declarations.every(
      ({ id, init }) => init && id.type === 'Identifier' && !assigned.has(id.name),
    );
    if (constant) text = `${text.slice(0, statement.start)}const${text.slice(statement.start + 3)}`;
  }
  return text;
};

/** Every name that is assigned to anywhere, in whatever scope: too many are no harm. */
const visit = (value: unknown, assigned: Set<string>): void => {
  if (Array.isArray(value)) for (const one of value) visit(one, assigned);
  if (!isNode(value)) return;
  if ('left' in value && value.type !== 'BinaryExpression' && value.type !== 'LogicalExpression') {
    names(value.left, assigned);
  }
  if (value.type === 'UpdateExpression' && 'argument' in value) names(value.argument, assigned);
  for (const child of Object.values(value)) visit(child, assigned);
};

/** In a pattern, its defaults and keys too. */
const names = (pattern: unknown, found: Set<string>): void => {
  if (Array.isArray(pattern)) for (const one of pattern) names(one, found);
  if (!isNode(pattern)) return;
  if (pattern.type === 'Identifier' && 'name' in pattern) found.add(String(pattern.name));
  else if (pattern.type !== 'MemberExpression') {
    for (const child of Object.values(pattern)) names(child, found);
  }
};

const isNode = (value: unknown): value is Node | Program =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
