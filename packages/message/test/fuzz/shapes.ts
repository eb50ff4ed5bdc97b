/** A message with very many of something, of about `size` octets. */
export interface Shape {
  readonly name: string;
  readonly make: (size: number) => Uint8Array;
}

const shape = (name: string, make: (many: (text: string) => string) => string): Shape => ({
  name,
  make: (size) => {
    const many = (text: string): string => text.repeat(Math.ceil(size / text.length));
    return Buffer.from(make(many), 'latin1');
  },
});

/** One field, among those that a message needs. */
const field = (name: string, value: (many: (text: string) => string) => string): Shape =>
  shape(name, (many) => `OPTIONS sip:b SIP/2.0\r\n${value(many)}\r\nCall-ID: 1\r\n\r\n`);

const uri = (name: string, text: (many: (text: string) => string) => string): Shape =>
  shape(name, (many) => `OPTIONS ${text(many)} SIP/2.0\r\nCall-ID: 1\r\n\r\n`);

const body = (
  name: string,
  type: string,
  text: (many: (text: string) => string) => string,
): Shape =>
  shape(name, (many) => {
    const content = text(many);
    const head = `OPTIONS sip:b SIP/2.0\r\nContent-Type: ${type}\r\nContent-Length: ${content.length}`;
    return `${head}\r\n\r\n${content}`;
  });

/** Multipart bodies in one another: as deep as the size allows. */
const nested = (many: (text: string) => string): string => {
  const depth = Math.min(many('x').length / 100, 20_000);
  const levels = Array.from({ length: depth }, (_, n) => n);
  const open = levels.map(
    (n) => `--b${n}\r\nContent-Type: multipart/mixed;boundary=b${n + 1}\r\n\r\n`,
  );
  return (
    open.join('') +
    levels
      .toReversed()
      .map((n) => `\r\n--b${n}--`)
      .join('')
  );
};

export const shapes: readonly Shape[] = [
  // Lines
  shape('header fields', (many) => `OPTIONS sip:b SIP/2.0\r\n${many('A: b\r\n')}\r\n`),
  shape('Via fields', (many) => `OPTIONS sip:b SIP/2.0\r\n${many('Via: SIP/2.0/UDP a\r\n')}\r\n`),
  shape('Contact fields', (many) => `OPTIONS sip:b SIP/2.0\r\n${many('m: sip:a\r\n')}\r\n`),
  shape('Content-Length fields', (many) => `OPTIONS sip:b SIP/2.0\r\n${many('l: 0\r\n')}\r\n`),
  shape('empty lines before', (many) => `${many('\r\n')}OPTIONS sip:b SIP/2.0\r\n\r\n`),
  shape('letters and no end', (many) => many('a')),
  shape('lines and no end', (many) => `OPTIONS sip:b SIP/2.0\r\n${many('A: b\r\n')}`),
  shape('CRs', (many) => `OPTIONS sip:b SIP/2.0\r\nA: ${many('\r')}\r\n\r\n`),
  shape('LFs', (many) => `OPTIONS sip:b SIP/2.0\r\nA: b\r\n${many('\n')}\r\n\r\n`),
  field('letters in a name', (many) => `${many('a')}: b`),
  field('spaces before a colon', (many) => `Subject${many(' ')}: b`),
  field('folds', (many) => `Subject: a${many('\r\n b')}`),
  field('empty folds', (many) => `Subject: a${many('\r\n ')}b`),
  field('folds in a list', (many) => `Contact: <sip:a>${many(',\r\n <sip:a>')}`),
  field('spaces and a fold', (many) => `Subject: a${many(' ')}b\r\n c`),
  field('spaces at the end', (many) => `Subject: a${many(' ')}`),
  // Values
  field('parameters', (many) => `To: <sip:b>${many(';a=b')}`),
  field('parameters without values', (many) => `To: <sip:b>${many(';a')}`),
  field('parameters of their own names', (many) => {
    const count = many('xxxxxxxxx').length / 9;
    return `To: <sip:b>${Array.from({ length: count }, (_, n) => `;p${n}=${n}`).join('')}`;
  }),
  field('equals signs', (many) => `To: <sip:b>;a${many('=')}`),
  field('spaces in parameters', (many) => `To: <sip:b>;a${many(' ')}=b`),
  field('spaces before a tag', (many) => `To: "${many('; ')}tag`),
  field('Via parameters', (many) => `Via: SIP/2.0/UDP a${many(';a=b')}`),
  field('Via values', (many) => `Via: ${many('SIP/2.0/UDP a,')}SIP/2.0/UDP b`),
  field('spaces in sent-by', (many) => `Via: SIP/2.0/UDP a${many(' ')}b`),
  field('spaces in protocol', (many) => `Via: SIP${many(' ')}/2.0/UDP b`),
  field('colons in sent-by', (many) => `Via: SIP/2.0/UDP a${many(':1')};branch=b`),
  field('groups in sent-by', (many) => `Via: SIP/2.0/UDP ${many('1:')}:`),
  field('quoted values', (many) => `Contact: ${many('"a",')}`),
  field('quotes', (many) => `Contact: ${many('"')}`),
  field('nested quotes', (many) => `Contact: ${many('"\\"<')}`),
  field('quotes without end', (many) => `Contact: ${many('"\\"')}x`),
  field('quoted parameters', (many) => `Contact: <sip:a>${many(';a="b;c,\\"d"')}`),
  field('backslashes', (many) => `To: "${many('\\')}" <sip:b>`),
  field('open brackets', (many) => `Contact: ${many('<')}`),
  field('brackets', (many) => `Contact: ${many('<')},${many('>')}`),
  field('pairs of brackets', (many) => `Contact: ${many('<>')}`),
  field('words of a display name', (many) => `To: ${many('a ')}<sip:b>`),
  field('words and no address', (many) => `To: ${many('a ')}`),
  field('commas', (many) => `Contact: ${many(',')}`),
  field('commas in a display name', (many) => `Contact: ${many('a, ')}<sip:b>`),
  field('commas in a list of tokens', (many) => `Supported: ${many(',')}`),
  field('tokens', (many) => `Allow: ${many('INVITE, ')}ACK`),
  field('comments', (many) => `Retry-After: 1 ${many('(')}`),
  field('closed comments', (many) => `Retry-After: 1 ${many('(')}${many(')')}`),
  field('escapes in comments', (many) => `Retry-After: 1 (${many('\\)')})`),
  field('digits', (many) => `CSeq: ${many('1')} OPTIONS`),
  field('digits of a number', (many) => `Max-Forwards: ${many('9')}`),
  field('zeros', (many) => `Expires: ${many('0')}1`),
  field('spaces in CSeq', (many) => `CSeq: 1${many(' ')}OPTIONS`),
  field('spaces in a date', (many) => `Date: Sat,${many(' ')}13 Nov 2010 23:29:00 GMT`),
  field('media types', (many) => `Accept: ${many('a/b;q=1, ')}c/d`),
  field('slashes', (many) => `Accept: ${many('a/')}`),
  field('warnings', (many) => `Warning: ${many('399 a "b", ')}399 a "b"`),
  field('reasons', (many) => `Reason: ${many('SIP;cause=1;text="a", ')}SIP`),
  field(
    'history',
    (many) => `History-Info: ${many('<sip:a?Reason=SIP%3Bcause%3D1>;index=1,')}<sip:b>`,
  ),
  field('challenges', (many) => `WWW-Authenticate: Digest ${many('a="b", ')}c=d`),
  field('at signs', (many) => `Call-ID: ${many('a@')}b`),
  field('dots', (many) => `Timestamp: ${many('.')}`),
  field('octets of UTF-8', (many) => `Subject: ${many('\u00c3\u00bc')}`),
  field('octets that are no UTF-8', (many) => `Subject: ${many('\u00ff')}`),
  // URIs
  uri('letters of a user', (many) => `sip:${many('a')}@b`),
  uri('escapes', (many) => `sip:${many('%41')}@b`),
  uri('broken escapes', (many) => `sip:${many('%4')}@b`),
  uri('users', (many) => `sip:${many('a@')}b`),
  uri('passwords', (many) => `sip:a${many(':b')}@c`),
  uri('URI parameters', (many) => `sip:b${many(';a')}`),
  uri('URI headers', (many) => `sip:b?a=b${many('&a=b')}`),
  uri('question marks', (many) => `sip:b${many('?')}`),
  uri('labels of a host', (many) => `sip:${many('a.')}b`),
  uri('hyphens of a host', (many) => `sip:a${many('-')}.b`),
  uri('groups of an address', (many) => `sip:[${many('1:')}:]`),
  uri('hashes in a user', (many) => `sip:${many('#')}@b`),
  uri('visual separators', (many) => `tel:+1${many('-2')}`),
  uri('tel parameters', (many) => `tel:+1${many(';a=b')}`),
  uri('parts of a URN', (many) => `urn:service${many(':a')}`),
  uri('versions', (many) => many(' SIP/')),
  uri('spaces', (many) => `sip:b${many(' ')}`),
  // Bodies
  body(
    'lines of SDP',
    'application/sdp',
    (many) => `v=0\r\no=a 1 1 IN IP4 a\r\ns=-\r\n${many('a=b\r\n')}`,
  ),
  body('media', 'application/sdp', (many) => {
    const media = many('m=audio 1 RTP/AVP 0\r\n');
    return `v=0\r\no=a 1 1 IN IP4 a\r\ns=-\r\nc=IN IP4 a\r\nt=0 0\r\n${media}`;
  }),
  body('codecs', 'application/sdp', (many) => {
    const maps = many('a=rtpmap:96 a/8000\r\na=fmtp:96 b=c;d=e\r\n');
    return `v=0\r\no=a 1 1 IN IP4 a\r\ns=-\r\nt=0 0\r\nm=audio 1 RTP/AVP${' 96'.repeat(maps.length / 40)}\r\n${maps}`;
  }),
  body('elements', 'application/pidf+xml', (many) => `<presence>${many('<tuple/>')}</presence>`),
  body('nested elements', 'application/xml', (many) => many('<a>') + many('</a>')),
  body('open elements', 'application/xml', (many) => many('<a>')),
  body('attributes', 'application/xml', (many) => {
    const count = many('xxxxxxxxxx').length / 10;
    return `<a${Array.from({ length: count }, (_, n) => ` b${n}="${n}"`).join('')}/>`;
  }),
  body('entities', 'application/xml', (many) => `<a>${many('&amp;')}</a>`),
  body('XML comments', 'application/xml', (many) => `<a>${many('<!--')}</a>`),
  body('parts', 'multipart/mixed;boundary=b', (many) => `${many('--b\r\n\r\na\r\n')}--b--\r\n`),
  body('nested parts', 'multipart/mixed;boundary=b0', nested),
  body('hyphens', 'multipart/mixed;boundary=b', (many) => `--b\r\n\r\n${many('-')}\r\n--b--`),
  body('lines that are almost a boundary', 'multipart/mixed;boundary=b', (many) => {
    return `--b\r\n\r\n${many('\r\n--b ')}\r\n--b--`;
  }),
  body('lines of a fragment', 'message/sipfrag', (many) => `SIP/2.0 200 OK\r\n${many('A: b\r\n')}`),
  body('lines of a summary', 'application/simple-message-summary', (many) => {
    return `Messages-Waiting: yes\r\n${many('Voice-Message: 1/2 (0/1)\r\n')}`;
  }),
  body('letters', 'text/plain', (many) => many('\u00ff')),
];
