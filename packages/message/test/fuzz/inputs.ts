import { COMPACT, NAMES } from './names.ts';
import type { Random } from './random.ts';

/** Octets from a corpus, or from pieces of the grammar, changed here and there. */
export const makeInput = (random: Random, corpus: readonly Buffer[]): Buffer => {
  let bytes = random.chance(3) ? composed(random) : random.one(corpus);
  if (random.chance(8)) return bytes;
  if (random.chance(10)) bytes = spliced(random, bytes, random.one(corpus));
  for (let n = 1 + random.few(12); n > 0; n -= 1) bytes = changed(random, bytes);
  return bytes.length > LONGEST ? bytes.subarray(0, LONGEST) : bytes;
};

const LONGEST = 100_000;

const changed = (random: Random, bytes: Buffer): Buffer => {
  const at = random.below(bytes.length + 1);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (random.below(9)) {
    case 0:
      return Buffer.concat([before, octet(random), after.subarray(1)]);
    case 1:
      return Buffer.concat([before, octet(random), after]);
    case 2:
      return Buffer.concat([before, after.subarray(random.few(40))]);
    case 3:
      return Buffer.concat([before, after.subarray(0, random.few(60)), after]);
    case 4:
      return Buffer.concat([before, Buffer.from(random.one(PIECES)), after]);
    case 5:
      return Buffer.concat([before, ...times(random.few(300), random.one(PIECES)), after]);
    case 6:
      return withValue(random, bytes);
    case 7:
      return withField(random, bytes);
    default: {
      const flipped = Buffer.from(bytes);
      if (at < bytes.length) flipped[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
      return flipped;
    }
  }
};

const times = (count: number, piece: string): Buffer[] =>
  Array.from({ length: count }, () => Buffer.from(piece));

const octet = (random: Random): Buffer =>
  Buffer.of(random.chance(2) ? random.below(256) : random.one(ODD));

const spliced = (random: Random, one: Buffer, other: Buffer): Buffer =>
  Buffer.concat([
    one.subarray(0, random.below(one.length + 1)),
    other.subarray(random.below(other.length + 1)),
  ]);

/** One field with another value. */
const withValue = (random: Random, bytes: Buffer): Buffer => {
  const lines = bytes.toString('latin1').split('\r\n');
  const at = random.below(lines.length);
  const colon = lines[at]?.indexOf(':') ?? -1;
  if (colon > 0) lines[at] = `${lines[at]?.slice(0, colon)}: ${valueOf(random)}`;
  return Buffer.from(lines.join('\r\n'), 'latin1');
};

/** One field more. */
const withField = (random: Random, bytes: Buffer): Buffer => {
  const lines = bytes.toString('latin1').split('\r\n');
  lines.splice(1 + random.below(lines.length), 0, field(random));
  return Buffer.from(lines.join('\r\n'), 'latin1');
};

const field = (random: Random): string => {
  const name = random.chance(4) ? random.one([...COMPACT]) : random.one(NAMES);
  const spelled = random.chance(8) ? name.toUpperCase() : name;
  return `${spelled}${random.one(COLONS)}${valueOf(random)}`;
};

/** Pieces of the grammar, more often than not in an order that it has. */
const valueOf = (random: Random): string => {
  const count = 1 + random.few(4);
  return Array.from({ length: count }, () => {
    const params = Array.from({ length: random.few(5) }, () => random.one(PARAMS)).join('');
    const value = random.chance(6) ? random.one(PIECES) : random.one(VALUES);
    return value + params;
  }).join(random.one(JOINTS));
};

/** A message that may even be well. */
const composed = (random: Random): Buffer => {
  const body = random.chance(2) ? '' : random.one(BODIES).replaceAll('\n', '\r\n');
  const type = random.one(TYPES);
  const lines = [
    random.one(STARTS),
    ...(random.chance(5) ? [] : [`Via: ${random.one(VIAS)};branch=z9hG4bK${random.below(1e6)}`]),
    `From: ${random.one(ADDRESSES)};tag=${random.below(1e6)}`,
    `To: ${random.one(ADDRESSES)}`,
    `Call-ID: ${random.below(1e6)}`,
    `CSeq: ${random.below(1e6)} ${random.one(['INVITE', 'ACK', 'NOTIFY'])}`,
    ...(body === '' ? [] : [`Content-Type: ${type}`]),
    ...Array.from({ length: random.few(12) }, () => field(random)),
    ...(random.chance(4) ? [] : [`Content-Length: ${body.length}`]),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1');
};

const ODD = [
  0, 9, 10, 13, 32, 34, 37, 39, 40, 41, 44, 47, 58, 59, 60, 61, 62, 63, 64, 91, 92, 93,
].concat([127, 128, 195, 226, 237, 240, 254, 255]);
const COLONS = [': ', ':', ' : ', '\t:\t', ':\r\n ', ' :', ':  '];
const JOINTS = [', ', ',', ' , ', ';', ' ', ',\r\n ', ',,', '; '];
const STARTS = [
  'INVITE sip:bob@example.com SIP/2.0',
  'ACK sips:b%6Fb:pass@[2001:db8::1]:5061;transport=tls;lr?Subject=a&b=c SIP/2.0',
  'NOTIFY tel:+1-201-555-0123;phone-context=+1 SIP/2.0',
  'INVITE urn:service:sos SIP/2.0',
  'SIP/2.0 200 OK',
  'SIP/2.0 180 ',
  'SIP/2.0 486 Besetzt \u00c3\u00bc',
];
const ADDRESSES = [
  '"Alice \\"A\\" Liddell" <sip:alice@example.com;transport=tcp>',
  'Bob Smith <sips:bob@[2001:db8::9]:5061>',
  'sip:carol@192.0.2.4',
  '<tel:+15551234;isub=1>',
  '<sip:d%20e@f.example?Replaces=a%40b%3Bto-tag%3Dc>',
  '"" <urn:service:sos>',
  '\u00c3\u00bc <sip:%C3%BC@example.com>',
];
const VIAS = [
  'SIP/2.0/UDP 192.0.2.1:5060;rport',
  'SIP / 2.0 / TCP [2001:db8::1]',
  'SIP/2.0/WSS a.invalid',
  'SIP/2.0/TLS 2001:db8::2;received=192.0.2.1',
];
const VALUES = [
  ...ADDRESSES,
  ...VIAS,
  ...[
    '*',
    '0',
    '70',
    '4294967295',
    '99999999999999999999',
    '1 INVITE',
    '1 2 PRACK',
    'INVITE',
    '""',
  ],
  ...['application/sdp', 'text/*', '*/*', 'multipart/mixed', 'gzip', 'en-gb', 'session', 'timer'],
  ...['Sat, 13 Nov 2010 23:29:00 GMT', '18000 (in a meeting (really))', '54 2.1', '0.5', 'active'],
  ...['307 isi.edu "Session parameter \\"foo\\" not understood"', 'presence', 'SIP', 'Q.850'],
  ...['98732@sip.example.com', 'a84b4c76e66710', 'urgent', 'ipsec-3gpp', 'id', 'none', 'header'],
  ...['ab30317f1a784dc48ff824d0d3715d86', 'eyJh.eyJk.sig', '56a390f3d2b7310023a;encoding=hex'],
  ...['Digest realm="a, b", nonce="c", qop="auth,auth-int", opaque=""', 'Digest username="a"'],
  ...['12345600@example.com;from-tag=1;to-tag=2', '"a\\\\b"', '<>', '<sip:>', '1800'],
];
const PARAMS = [
  ...[';tag=1', ';lr', ';q=0.5', ';expires=3600', ';x="a;b,\\"c"', ';branch=z9hG4bK1', ';rport'],
  ...[';received=192.0.2.1', ';maddr=[::1]', ';ttl=1', '; a = b', ';=', ';a=', ';"a"', ';cause=16'],
  ...[';text="a"', ';reason=deactivated', ';retry-after=5', ';refresher=uac', ';duration=60'],
  ...[';from-tag=1', ';to-tag=2', ';early-only', ';index=1.1', ';remote=0123', ';info=<https://a>'],
  ...[';boundary=a', ';boundary="b c"', ';charset=utf-8', ';+sip.instance="<urn:uuid:1>"', ';*'],
];
const PIECES = [
  ...[
    '"',
    '\\',
    '\\"',
    '<',
    '>',
    ',',
    ';',
    ':',
    '@',
    '%',
    '%4',
    '%41',
    '%00',
    '%zz',
    '?',
    '&',
    '=',
  ],
  ...[
    '[',
    ']',
    '[::',
    '(',
    ')',
    '((',
    ' ',
    '\t',
    '\r\n',
    '\r\n ',
    '\r\n\t',
    '\r',
    '\n',
    '\0',
    '\r\n\r\n',
  ],
  ...[
    'SIP/2.0',
    ' SIP/2.0',
    'sip:',
    'sips:',
    'tel:',
    'urn:',
    'sip:@',
    '*',
    '--',
    '/',
    '//',
    '\u00ff',
  ],
  ...[
    '\u00ed\u00a0\u0080',
    '\u00c3',
    '\u00e2\u0082',
    '\ufeff',
    ';a',
    ';a=b',
    '"a",',
    '<sip:a>,',
    'A: b\r\n',
  ],
  ...['-1', '+', '.', '..', '4294967296', '1e3', '0x1', 'constructor', '__proto__', 'toString'],
];
const TYPES = [
  ...['application/sdp', 'text/plain', 'text/html;charset=iso-8859-1', 'application/pidf+xml'],
  ...['application/dialog-info+xml', 'application/conference-info+xml', 'message/sipfrag'],
  ...['application/simple-message-summary', 'application/xml', 'multipart/mixed;boundary=a'],
  ...['multipart/related;boundary="a";start="<1>";type="application/sdp"', 'application/x', 'odd'],
];
const BODIES = [
  'v=0\no=a 1 2 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\nm=audio 5004/2 RTP/AVP 0 101\na=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\na=candidate:1 1 UDP 2130706431 192.0.2.1 5004 typ host\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\na=fingerprint:sha-256 AB:CD\na=sendonly\nm=video 0 RTP/SAVPF 96\n',
  '<?xml version="1.0"?>\n<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:a@b"><tuple id="t"><status><basic>open</basic></status><contact priority="0.8">sip:a@b</contact><note xml:lang="en">a &amp; b</note></tuple></presence>\n',
  '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="0" state="full" entity="sip:a@b"><dialog id="1" call-id="c" direction="initiator"><state event="rejected" code="486">terminated</state><local><identity display="A">sip:a@b</identity></local></dialog></dialog-info>\n',
  '<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sip:c@d" state="full" version="1"><users><user entity="sip:a@b"><endpoint entity="sip:a@e"><status>connected</status></endpoint></user></users></conference-info>\n',
  '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]>\n<a>&d;<![CDATA[<]]>]]&gt;<!-- - --><?p i?></a>\n',
  'before\n--a\nContent-Type: application/sdp\nContent-ID: <1>\n\nv=0\no=a 1 1 IN IP6 ::1\ns= \nt=0 0\n--a\nContent-Type: multipart/alternative; boundary=b\nContent-Transfer-Encoding: binary\n\n--b\n\ntext\n--b\nContent-Type: message/sipfrag\nContent-Transfer-Encoding: base64\n\nU0lQLzIuMCAyMDAgT0sNCg==\n--b--\n--a--\nbehind\n',
  'Messages-Waiting: yes\nMessage-Account: sip:a@b\nVoice-Message: 2/8 (0/2)\nFax-Message: 1/0\n\nTo: <a@b>\n\n',
  'SIP/2.0 200 OK\nTo: <sip:a@b>;tag=1\n\n',
  'plain text\n',
];
