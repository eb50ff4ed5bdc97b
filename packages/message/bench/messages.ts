/** Six messages of a telephone's day. `variants` of each keep a bench from measuring one cached string. */
const texts: Readonly<Record<string, readonly string[]>> = {
  REGISTER: [
    'REGISTER sip:registrar.example.com SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.11:5060;rport;branch=z9hG4bK7f3a91c0d2e4',
    'Max-Forwards: 70',
    'From: "Alice" <sip:alice@example.com>;tag=8d1f02ab77',
    'To: "Alice" <sip:alice@example.com>',
    'Call-ID: 5c0e6f1a9b7d4c33@192.0.2.11',
    'CSeq: 4711 REGISTER',
    'Contact: <sip:alice@192.0.2.11:5060;transport=udp>;expires=3600',
    'Expires: 3600',
    'User-Agent: sipx-bench',
    'Content-Length: 0',
    '',
    '',
  ],
  INVITE: [
    'INVITE sip:bob@example.com SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.11:5060;rport;branch=z9hG4bKa1b2c3d4e5f6',
    'Max-Forwards: 70',
    'From: "Alice Liddell" <sip:alice@example.com>;tag=1928301774ab',
    'To: "Bob" <sip:bob@example.com>',
    'Call-ID: a84b4c76e66710@pc33.example.com',
    'CSeq: 314159 INVITE',
    'Contact: <sip:alice@192.0.2.11:5060;transport=udp>',
    'Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, MESSAGE, SUBSCRIBE, INFO, UPDATE',
    'Supported: replaces, timer, 100rel, norefersub',
    'Session-Expires: 1800;refresher=uac',
    'User-Agent: sipx-bench',
    'Subject: the weekly call',
    'Content-Type: application/sdp',
    'Content-Length: 250',
    '',
    'v=0',
    'o=alice 2890844526 2890844526 IN IP4 192.0.2.11',
    's=-',
    'c=IN IP4 192.0.2.11',
    't=0 0',
    'm=audio 49172 RTP/AVP 0 8 9 101',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:9 G722/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    'a=sendrecv',
    '',
  ],
  '200': [
    'SIP/2.0 200 OK',
    'Via: SIP/2.0/UDP p2.example.com:5060;branch=z9hG4bK77ef4c2312983.1;received=198.51.100.2',
    'Via: SIP/2.0/UDP p1.example.com:5060;branch=z9hG4bKnashds8a.1;received=198.51.100.1',
    'Via: SIP/2.0/UDP 192.0.2.11:5060;rport=5060;branch=z9hG4bKa1b2c3d4e5f6;received=192.0.2.11',
    'Record-Route: <sip:p2.example.com;lr>, <sip:p1.example.com;lr>',
    'From: "Alice Liddell" <sip:alice@example.com>;tag=1928301774ab',
    'To: "Bob" <sip:bob@example.com>;tag=a6c85cf09912',
    'Call-ID: a84b4c76e66710@pc33.example.com',
    'CSeq: 314159 INVITE',
    'Contact: <sip:bob@192.0.2.44:5060>',
    'Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY, MESSAGE, SUBSCRIBE, INFO, UPDATE',
    'Supported: replaces, timer, 100rel',
    'Server: sipx-bench',
    'Content-Type: application/sdp',
    'Content-Length: 187',
    '',
    'v=0',
    'o=bob 2808844564 2808844564 IN IP4 192.0.2.44',
    's=-',
    'c=IN IP4 192.0.2.44',
    't=0 0',
    'm=audio 3456 RTP/AVP 0 101',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    '',
  ],
  '180': [
    'SIP/2.0 180 Ringing',
    'Via: SIP/2.0/UDP 192.0.2.11:5060;rport=5060;branch=z9hG4bKa1b2c3d4e5f6;received=192.0.2.11',
    'From: "Alice Liddell" <sip:alice@example.com>;tag=1928301774ab',
    'To: "Bob" <sip:bob@example.com>;tag=a6c85cf09912',
    'Call-ID: a84b4c76e66710@pc33.example.com',
    'CSeq: 314159 INVITE',
    'Contact: <sip:bob@192.0.2.44:5060>',
    'Content-Length: 0',
    '',
    '',
  ],
  ACK: [
    'ACK sip:bob@192.0.2.44:5060 SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.11:5060;rport;branch=z9hG4bKack0c3d4e5f6',
    'Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr>',
    'Max-Forwards: 70',
    'From: "Alice Liddell" <sip:alice@example.com>;tag=1928301774ab',
    'To: "Bob" <sip:bob@example.com>;tag=a6c85cf09912',
    'Call-ID: a84b4c76e66710@pc33.example.com',
    'CSeq: 314159 ACK',
    'Contact: <sip:alice@192.0.2.11:5060>',
    'Content-Length: 0',
    '',
    '',
  ],
  NOTIFY: [
    'NOTIFY sip:alice@192.0.2.11:5060 SIP/2.0',
    'Via: SIP/2.0/TCP pres.example.com;branch=z9hG4bKnotify5f6aa01',
    'Max-Forwards: 70',
    'From: <sip:bob@example.com>;tag=ffd2aa771200',
    'To: <sip:alice@example.com>;tag=12341234abcd',
    'Call-ID: 12345678abcd@192.0.2.11',
    'CSeq: 8776 NOTIFY',
    'Contact: <sip:pres.example.com>',
    'Event: presence',
    'Subscription-State: active;expires=599',
    'Content-Type: application/pidf+xml',
    'Content-Length: 248',
    '',
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:bob@example.com">',
    '<tuple id="bs35r9"><status><basic>open</basic></status>',
    '<contact priority="0.8">sip:bob@192.0.2.44</contact></tuple></presence>',
    '',
  ],
};

export const VARIANTS = 64;

/** By name: the same message with other branches, tags and Call-IDs. */
export const messages: ReadonlyMap<string, readonly Buffer[]> = new Map(
  Object.entries(texts).map(([name, lines]) => [
    name,
    Array.from({ length: VARIANTS }, (_, n) =>
      Buffer.from(
        lines
          .join('\r\n')
          .replaceAll('z9hG4bK', `z9hG4bK${n}x`)
          .replaceAll('tag=', `tag=${n}-`)
          .replace('Call-ID: ', `Call-ID: ${n}.`),
      ),
    ),
  ]),
);

/** The nth of any number of INVITEs of `size` octets, no text of which is another's. */
export const inviteOf = (n: number, size: number): Buffer => {
  const text = (texts['INVITE'] ?? [])
    .join('\r\n')
    .replaceAll('z9hG4bK', `z9hG4bK${n}x`)
    .replaceAll('tag=', `tag=${n}-`)
    .replace('Call-ID: ', `Call-ID: ${n}.`)
    .replaceAll('alice@', `alice${n}@`);
  const padding = '.'.repeat(Math.max(0, size - text.length));
  // Not `Buffer.from`, which would cut it from a pool that several share.
  const bytes = Buffer.alloc(size);
  bytes.write(text.replace('weekly', `weekly${padding}`), 'latin1');
  return bytes;
};
