import { parseMessage, serialize } from '@sipx/message';
import { expect, it } from 'vitest';

const octets = (length: string): string =>
  `OPTIONS sip:b SIP/2.0\r\nVia: SIP/2.0/UDP a\r\n${length}\r\nSubject:x\r\n\r\n1234`;

const changed = (length: string): string => {
  const message = parseMessage(Buffer.from(octets(length)));
  return Buffer.from(serialize(message.with({ headers: message.headers }))).toString();
};

it.each(['Content-Length:4', 'l :  4', 'CONTENT-LENGTH:\r\n 4'])(
  'a length that is true goes out as it came, also from a changed message: %j',
  (length) => {
    expect(changed(length)).toBe(octets(length));
    const message = parseMessage(Buffer.from(octets(length)));
    message.headers.append('A', 'b');
    expect(Buffer.from(serialize(message)).toString()).toBe(
      octets(length).replace('\r\n\r\n', '\r\nA: b\r\n\r\n'),
    );
  },
);

it.each(['Content-Length:9', 'l: x', 'Content-Length:4\r\nl:4', 'Content-Length: 04'])(
  'one that is not is made true, and there is one: %j',
  (length) => {
    expect(changed(length)).toMatch(/\r\n(?:Content-Length|l): ?4\r\nSubject:x\r\n\r\n1234$/);
  },
);
