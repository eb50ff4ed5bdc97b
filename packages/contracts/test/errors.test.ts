import { NetworkError, ProtocolError, SIPXError, UsageError } from '@sipx/contracts';
import { describe, expect, it, vi } from 'vitest';

describe('SIPXError', () => {
  it('carries its code, its cause, and what was expected against what came', () => {
    const cause = new RangeError('below');
    const error = new ProtocolError('SIPX_PARSE_HEADER', 'no Via', {
      expected: 'a Via',
      got: '"Vai"',
      cause,
    });
    expect(error).toMatchObject({
      name: 'ProtocolError',
      code: 'SIPX_PARSE_HEADER',
      message: 'no Via (expected a Via, got "Vai")',
      expected: 'a Via',
      got: '"Vai"',
      cause,
    });
    expect(error.stack).toContain('errors.test.ts');
  });

  it('says only what it was told', () => {
    const error = new SIPXError('SIPX_CLOSED', 'closed');
    expect(error.message).toBe('closed');
    expect('cause' in error).toBe(false);
    expect(new SIPXError('SIPX_CLOSED', 'closed', { got: 'x' }).message).toBe('closed (got x)');
  });
});

describe('instanceof', () => {
  class Special extends NetworkError {}
  const errors = {
    SIPXError: new SIPXError('SIPX_CLOSED', ''),
    ProtocolError: new ProtocolError('SIPX_FRAMING', ''),
    UsageError: new UsageError('SIPX_USAGE', ''),
    NetworkError: new NetworkError('SIPX_RESOLVE', ''),
    Special: new Special('SIPX_RESOLVE', ''),
    Error: new Error('not ours'),
    nothing: null,
    text: 'SIPX_CLOSED',
  };
  const rows: { name: keyof typeof errors; is: string[] }[] = [
    { name: 'SIPXError', is: ['SIPXError'] },
    { name: 'ProtocolError', is: ['SIPXError', 'ProtocolError'] },
    { name: 'UsageError', is: ['SIPXError', 'UsageError'] },
    { name: 'NetworkError', is: ['SIPXError', 'NetworkError'] },
    { name: 'Special', is: ['SIPXError', 'NetworkError'] },
    { name: 'Error', is: [] },
    { name: 'nothing', is: [] },
    { name: 'text', is: [] },
  ];

  it.each(rows)('of $name: $is', ({ name, is }) => {
    const classes = { SIPXError, ProtocolError, UsageError, NetworkError };
    const found = Object.entries(classes).filter(([, kind]) => errors[name] instanceof kind);
    expect(found.map(([kind]) => kind)).toEqual(is);
  });

  it.each(rows)('of $name by a second copy of the package: $is', async ({ name, is }) => {
    vi.resetModules();
    const copy = await import('@sipx/contracts');
    expect(copy.SIPXError).not.toBe(SIPXError);
    const classes = {
      SIPXError: copy.SIPXError,
      ProtocolError: copy.ProtocolError,
      UsageError: copy.UsageError,
      NetworkError: copy.NetworkError,
    };
    const found = Object.entries(classes).filter(([, kind]) => errors[name] instanceof kind);
    expect(found.map(([kind]) => kind)).toEqual(is);
  });

  it('of a subclass is JavaScript’s own', () => {
    expect(errors.Special instanceof Special).toBe(true);
    expect(errors.NetworkError instanceof Special).toBe(false);
  });
});
