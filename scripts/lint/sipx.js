/**
 * The house's own lint rules, loaded by .oxlintrc.json. JavaScript, because the linter loads a plugin as it is on Node 20.
 * test/bans.test.ts proves that each of them refuses what it is for.
 */
const BARE_ERRORS = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ReferenceError',
  'EvalError',
  'URIError',
  'AggregateError',
]);

/** Callers branch on `code`; a bare error has none. */
const codedErrors = {
  create(context) {
    const check = (node) => {
      if (node.callee.type === 'Identifier' && BARE_ERRORS.has(node.callee.name)) {
        context.report({
          node,
          message: `Throw a UsageError, ProtocolError or NetworkError of @sipx/contracts: a bare ${node.callee.name} has no code to branch on.`,
        });
      }
    };
    return { NewExpression: check, CallExpression: check };
  },
};

/** `new Date()` and `Date()` read the machine's clock as Date.now() does. */
const injectedTime = {
  create(context) {
    const isDate = (node) => node.callee.type === 'Identifier' && node.callee.name === 'Date';
    const report = (node) =>
      context.report({
        node,
        message: 'Ask the Clock that was given: tests move time, they do not wait for it.',
      });
    return {
      NewExpression: (node) => isDate(node) && node.arguments.length === 0 && report(node),
      CallExpression: (node) => isDate(node) && report(node),
    };
  },
};

/** Option `{ whenPresent: true }` allows `globalThis.Buffer`, which a browser answers with undefined, and `typeof Buffer` as its type. */
const noBuffer = {
  meta: {
    schema: [
      {
        type: 'object',
        properties: { whenPresent: { type: 'boolean' } },
        additionalProperties: false,
      },
    ],
  },
  create(context) {
    const whenPresent = context.options[0]?.whenPresent === true;
    const report = (node) =>
      context.report({
        node,
        message: 'Use Uint8Array: this package runs where there is no Buffer.',
      });
    const isName = (node) => node.type === 'Identifier' && node.name === 'Buffer';
    const isPartOfAnother = ({ parent }, node) =>
      (parent.type === 'MemberExpression' && parent.property === node && !parent.computed) ||
      ((parent.type === 'Property' || parent.type === 'TSPropertySignature') &&
        parent.key === node &&
        !parent.computed);
    return {
      Identifier(node) {
        if (whenPresent && node.parent.type === 'TSTypeQuery') return;
        if (isName(node) && !isPartOfAnother(node, node)) report(node);
      },
      MemberExpression(node) {
        if (
          !whenPresent &&
          !node.computed &&
          isName(node.property) &&
          node.object.name === 'globalThis'
        )
          report(node);
      },
    };
  },
};

/** `x as unknown as T` says that the checker is wrong, without saying why. */
const noDoubleAssertion = {
  create(context) {
    return {
      TSAsExpression(node) {
        if (node.expression.type === 'TSAsExpression')
          context.report({
            node,
            message: 'Parse or narrow instead: a double assertion turns the type check off.',
          });
      },
    };
  },
};

/** A field declared with `!:` is undefined until someone keeps the promise. */
const noPromisedField = {
  create(context) {
    return {
      PropertyDefinition(node) {
        if (node.definite === true)
          context.report({
            node,
            message: 'Give the field its value where it is declared or in the constructor.',
          });
      },
    };
  },
};

export default {
  meta: { name: 'sipx' },
  rules: {
    'coded-errors': codedErrors,
    'injected-time': injectedTime,
    'no-buffer': noBuffer,
    'no-double-assertion': noDoubleAssertion,
    'no-promised-field': noPromisedField,
  },
};
