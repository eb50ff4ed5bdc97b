import { MediaType } from '@sipx/message';
import {
  ConferenceInfoBody,
  DialogInfoBody,
  PIDFBody,
  XMLBody,
  type XMLElement,
  xmlChild,
  xmlChildren,
  xmlElement,
  xmlText,
} from '@sipx/message/bodies/xml';
import { describe, expect, it } from 'vitest';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const refused = (code: string): unknown => expect.objectContaining({ name: 'ProtocolError', code });

describe('XMLBody', () => {
  const text = [
    '<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- a comment -->',
    `<a:root xmlns:a="urn:a" xmlns="urn:d" id='1' xml:lang="de" a:x="&lt;&#x41;\t" toString="2">`,
    'a&amp;b<!-- - --><![CDATA[<c&amp;>]]>d<?pi "?>',
    '<inner xmlns=""><deep/></inner >',
    '<a:other/>\n</a:root>\r\n<!-- end -->\r\n',
  ].join('');

  it('reads elements, namespaces, attributes and text', () => {
    expect(XMLBody.parse(text).root).toEqual({
      name: 'root',
      namespace: 'urn:a',
      prefix: 'a',
      attributes: { id: '1', 'xml:lang': 'de', '{urn:a}x': '<A ', toString: '2' },
      children: [
        'a&b<c&amp;>d',
        {
          name: 'inner',
          namespace: '',
          attributes: {},
          children: [{ name: 'deep', namespace: '', attributes: {}, children: [] }],
        },
        { name: 'other', namespace: 'urn:a', prefix: 'a', attributes: {}, children: [] },
        '\n',
      ],
    });
  });

  it('writes back what it read', () => {
    const bytes = octets(text);
    expect(String(XMLBody.parse(text))).toBe(text);
    expect(XMLBody.parse(bytes).content).toBe(bytes);
  });

  it('writes what has changed so that it is read back', () => {
    const { root } = XMLBody.parse(text);
    const body = new XMLBody({
      root: { ...root, attributes: { ...root.attributes, id: '\r"<\n' } },
    });
    expect(XMLBody.parse(body.content).root).toEqual(body.root);
    expect(XMLBody.parse(text).with({ root: body.root }).content).toEqual(body.content);
    expect(String(body)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\r\n<a:root xmlns:a="urn:a" id="&#13;&quot;&lt;&#10;" ' +
        'xml:lang="de" a:x="&lt;A " toString="2">a&amp;b&lt;c&amp;amp;&gt;d' +
        '<inner><deep/></inner><a:other/>\n</a:root>\r\n',
    );
  });

  it('finds children and text', () => {
    const { root } = XMLBody.parse('<r xmlns="u"><a>1</a><a>2<b/>3</a><a xmlns="v"/></r>');
    expect(xmlChildren(root, 'a').map(xmlText)).toEqual(['1', '23']);
    expect(xmlChild(root, 'a', 'v')?.namespace).toBe('v');
    expect(xmlChild(root, 'b')).toBeUndefined();
  });

  it('declares namespaces where they are needed, and no prefix twice', () => {
    const root = xmlElement('a', {
      namespace: 'urn:a',
      prefix: 'ns1',
      attributes: { '{urn:b}x': '1', '{urn:a}y': '2' },
      children: [
        xmlElement('b', { attributes: { '{urn:b}x': '3' } }),
        xmlElement('c', { namespace: 'urn:c' }),
      ],
    });
    const body = new XMLBody({ root });
    expect(XMLBody.parse(String(body)).root).toEqual(root);
    expect(String(body).match(/xmlns/g)).toHaveLength(3);
  });

  it.each([
    ['UTF-8 with a mark', 'application/xml', [0xef, 0xbb, 0xbf, ...octets('<a>\u00e9</a>')]],
    [
      'UTF-16',
      'application/xml',
      [0xff, 0xfe, ...[...'<a>\u00e9</a>'].flatMap((c) => [c.charCodeAt(0), 0])],
    ],
    [
      'a charset',
      'application/xml;charset=iso-8859-1',
      [...'<a>\u00e9</a>'].map((c) => c.charCodeAt(0)),
    ],
    [
      'a declaration',
      'application/xml',
      [..."<?xml version='1.0' encoding='ISO-8859-1'?><a>\u00e9</a>"].map((c) => c.charCodeAt(0)),
    ],
  ])('reads %s', (_, type, bytes) => {
    const body = XMLBody.parse(Uint8Array.from(bytes), MediaType.parse(type));
    expect(xmlText(body.root)).toBe('\u00e9');
    expect([...body.content]).toEqual(bytes);
    const again = body.with({ root: { ...body.root } });
    expect(again.mediaType.params.size).toBe(0);
    expect(xmlText(XMLBody.parse(again.content).root)).toBe('\u00e9');
  });

  it.each([
    '',
    'hello',
    '<a>',
    '<a></b>',
    '</a>',
    '<a/><b/>',
    '<a/>x',
    'x<a/>',
    '<a b/>',
    '<a b=c/>',
    '<a b="1" b="2"/>',
    '<a b="1"c="2"/>',
    '<a b="<"/>',
    '<a b="1/>',
    '<a / >',
    '<1/>',
    '<a:b/>',
    '<a:b:c xmlns:a="u"/>',
    '<:a/>',
    '<a xmlns:p=""/>',
    '<a xmlns:xmlns="u"/>',
    '<a xmlns:xml="u"/>',
    '<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>',
    '<a>]]></a>',
    '<a>&unknown;</a>',
    '<a>&toString;</a>',
    '<a>&amp</a>',
    '<a>& b</a>',
    '<a>&#0;</a>',
    '<a>&#xd800;</a>',
    '<a>&#x110000;</a>',
    '<a b="&x;"/>',
    '<a>\u0001</a>',
    '<a><!-- -- --></a>',
    '<a><!-- </a>',
    '<a><![CDATA[</a>',
    '<![CDATA[a]]>',
    '<a><?pi </a>',
    '<a><?xml version="1.0"?></a>',
    '<!DOCTYPE a><a/>',
    '<!doctype a [<!ENTITY b "c">]><a>&b;</a>',
    '<a><!-- <!DOCTYPE a> --></a>',
    '<a><!ENTITY b "c"></a>',
    '<__proto__/>',
    '<a __proto__="1"/>',
  ])('refuses %j', (bad) => {
    expect(() => XMLBody.parse(bad)).toThrow(refused('SIPX_PARSE_BODY'));
  });

  it('refuses octets that are none of its charset, and a charset that nobody knows', () => {
    expect(() => XMLBody.parse(Uint8Array.of(60, 97, 47, 62, 0xff))).toThrow(
      refused('SIPX_PARSE_BODY'),
    );
    const unknown = new MediaType('text', 'xml', { charset: 'x-unknown' });
    expect(() => XMLBody.parse(octets('<a/>'), unknown)).toThrow(refused('SIPX_PARSE_BODY'));
  });

  it.each<[string, Partial<XMLElement>]>([
    ['a name that is none', { name: 'a b' }],
    ['a name with a colon', { name: 'a:b' }],
    ['a prefix of no namespace', { prefix: 'p' }],
    ['the prefix xmlns', { prefix: 'xmlns', namespace: 'u' }],
    ['the prefix xml', { prefix: 'xml', namespace: 'u' }],
    ['an attribute that is none', { attributes: { 'a="1" b': '' } }],
    ['a declaration', { attributes: { xmlns: 'u' } }],
    ['an attribute of no namespace', { attributes: { '{}a': '1' } }],
    ['a control character', { children: ['\0'] }],
    ['a lone surrogate', { children: ['\ud800'] }],
  ])('does not write %s', (_, parts) => {
    expect(() => new XMLBody({ root: { ...xmlElement('a'), ...parts } })).toThrow(
      expect.objectContaining({ name: 'UsageError', code: 'SIPX_USAGE' }),
    );
  });
});

describe('PIDFBody', () => {
  const text = `<?xml version="1.0"?>
<pr:presence xmlns:pr="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"
  xmlns:r="urn:ietf:params:xml:ns:pidf:rpid" xmlns:lt="urn:ietf:params:xml:ns:location-type"
  xmlns:o="urn:own" entity="pres:alice@example.com" o:seen="1">
  <pr:tuple id="t1" o:kept="yes">
    <pr:status><pr:basic> open </pr:basic><o:more>x</o:more></pr:status>
    <r:class>biz</r:class><r:service-class><r:electronic/></r:service-class>
    <r:user-input idle-threshold="600" last-input="2030-01-01T00:00:00Z">idle</r:user-input>
    <dm:deviceID>urn:device:1</dm:deviceID>
    <o:extra><o:deep/></o:extra>
    <pr:contact priority="0.8"> sip:alice@192.0.2.1 </pr:contact>
    <pr:note xml:lang="en">At my desk</pr:note><pr:note>da</pr:note>
    <pr:timestamp>2030-01-01T00:00:00Z</pr:timestamp>
  </pr:tuple>
  <pr:note>all</pr:note>
  <dm:person id="p1">
    <r:activities from="2030-01-01T00:00:00Z"><r:note>back soon</r:note><r:on-the-phone/><r:other>juggling</r:other></r:activities>
    <r:mood><r:happy/></r:mood>
    <r:place-is><r:audio><r:noisy/></r:audio></r:place-is>
    <r:place-type><lt:office/></r:place-type>
    <r:privacy><r:audio/><r:text/></r:privacy>
    <r:relationship><r:friend/></r:relationship>
    <r:sphere>bowling</r:sphere>
    <r:status-icon>http://example.com/i.png</r:status-icon>
    <r:time-offset>-60</r:time-offset>
    <dm:note>busy</dm:note><dm:timestamp>2030-01-01T00:00:01Z</dm:timestamp>
  </dm:person>
  <dm:device id="d1"><dm:deviceID>urn:device:1</dm:deviceID></dm:device>
</pr:presence>`;
  const words = { id: undefined, from: undefined, until: undefined, other: undefined, notes: [] };

  it('reads presence', () => {
    const body = PIDFBody.parse(text);
    expect(body).toMatchObject({
      type: 'pidf',
      entity: 'pres:alice@example.com',
      otherAttributes: { '{urn:own}seen': '1' },
      notes: [{ text: 'all', language: undefined }],
      extensions: [],
    });
    expect(body.tuples).toMatchObject([
      {
        id: 't1',
        otherAttributes: { '{urn:own}kept': 'yes' },
        status: { basic: 'open', extensions: [{ name: 'more', children: ['x'] }] },
        class: 'biz',
        serviceClass: { ...words, values: ['electronic'] },
        userInput: { state: 'idle', idleThreshold: 600, lastInput: '2030-01-01T00:00:00Z' },
        deviceId: 'urn:device:1',
        contact: { uri: 'sip:alice@192.0.2.1', priority: 0.8 },
        notes: [
          { text: 'At my desk', language: 'en' },
          { text: 'da', language: undefined },
        ],
        timestamp: '2030-01-01T00:00:00Z',
        extensions: [{ name: 'extra', namespace: 'urn:own' }],
        activities: undefined,
      },
    ]);
    expect(body.persons).toMatchObject([
      {
        id: 'p1',
        activities: {
          values: ['on-the-phone'],
          other: 'juggling',
          notes: [{ text: 'back soon' }],
          from: '2030-01-01T00:00:00Z',
        },
        mood: { ...words, values: ['happy'] },
        placeIs: { audio: 'noisy', video: undefined, text: undefined },
        placeType: { ...words, values: ['office'] },
        privacy: { ...words, values: ['audio', 'text'] },
        relationship: { ...words, values: ['friend'] },
        sphere: { values: [], other: 'bowling' },
        statusIcon: 'http://example.com/i.png',
        timeOffset: -60,
        notes: [{ text: 'busy' }],
        timestamp: '2030-01-01T00:00:01Z',
      },
    ]);
    expect(body.devices).toMatchObject([{ id: 'd1', deviceId: 'urn:device:1', notes: [] }]);
  });

  it('writes back what it read', () => {
    expect(String(PIDFBody.parse(text))).toBe(text);
  });

  it('writes what has changed, and keeps the rest, extensions and all', () => {
    const body = PIDFBody.parse(text);
    const [tuple] = body.tuples;
    if (!tuple) throw new TypeError('no tuple');
    const closed = { ...tuple, status: { ...tuple.status, basic: 'closed' } };
    const changed = body.with({ tuples: [closed] });
    expect(changed.tuples).toEqual([closed]);
    expect(changed.persons).toEqual(body.persons);
    expect(PIDFBody.parse(String(changed))).toMatchObject({
      entity: body.entity,
      otherAttributes: body.otherAttributes,
      tuples: [closed],
      notes: body.notes,
      persons: body.persons,
      devices: body.devices,
    });
    expect(String(changed)).toContain('<o:deep/>');
  });

  it('writes all of it anew', () => {
    const body = PIDFBody.parse(text);
    const copy = structuredClone({
      entity: body.entity,
      tuples: body.tuples,
      notes: body.notes,
      persons: body.persons,
      devices: body.devices,
    });
    const built = new PIDFBody(copy);
    expect(PIDFBody.parse(built.content)).toMatchObject(copy);
  });

  it('is built from parts, in the order of the schema', () => {
    const body = new PIDFBody({
      entity: 'pres:a@b',
      tuples: [
        {
          id: 't',
          status: { basic: 'open' },
          contact: { uri: 'sip:a@c' },
          notes: [{ text: 'hi' }],
        },
      ],
      persons: [{ id: 'p', activities: { values: ['busy'] } }],
    });
    expect(String(body)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\r\n' +
        '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:a@b"><tuple id="t"><status>' +
        '<basic>open</basic></status><contact>sip:a@c</contact><note>hi</note></tuple>' +
        '<dm:person xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" id="p">' +
        '<rpid:activities xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid"><rpid:busy/>' +
        '</rpid:activities></dm:person></presence>\r\n',
    );
    expect(String(body.mediaType)).toBe('application/pidf+xml');
  });

  it('reads a tuple that has no status', () => {
    const none =
      '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="a"><tuple id="t"/></presence>';
    expect(PIDFBody.parse(none).tuples[0]?.status.basic).toBeUndefined();
  });

  it.each([
    '<presence entity="a"/>',
    '<presence xmlns="urn:ietf:params:xml:ns:pidf"/>',
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="a"><tuple/></presence>',
    '<p xmlns="urn:ietf:params:xml:ns:pidf" entity="a"/>',
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="a"><tuple id="a"><contact priority="x">a</contact></tuple></presence>',
  ])('refuses %j', (bad) => {
    expect(() => PIDFBody.parse(bad)).toThrow(refused('SIPX_PARSE_BODY'));
  });
});

describe('DialogInfoBody', () => {
  const text =
    '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="3" state="partial" entity="sip:a@b">' +
    '<dialog id="d" call-id="c" local-tag="l" remote-tag="r" direction="initiator">' +
    '<state event="replaced" code="486">terminated</state><duration>12</duration>' +
    '<replaces call-id="x" local-tag="y" remote-tag="z"/><referred-by display="Bob">sip:bob@b</referred-by>' +
    '<route-set><hop>sip:p;lr</hop></route-set>' +
    '<local><identity display="A">sip:a@b</identity><target uri="sip:a@c"><param pname="+sip.rendering" pval="no"/></target>' +
    '<session-description type="application/sdp">v=0</session-description><cseq>7</cseq></local>' +
    '<remote><own xmlns="urn:own"/></remote></dialog></dialog-info>';

  it('reads dialogs', () => {
    expect(DialogInfoBody.parse(text)).toMatchObject({
      type: 'dialog-info',
      version: 3,
      state: 'partial',
      entity: 'sip:a@b',
      dialogs: [
        {
          id: 'd',
          callId: 'c',
          localTag: 'l',
          remoteTag: 'r',
          direction: 'initiator',
          state: { value: 'terminated', event: 'replaced', code: 486 },
          duration: 12,
          replaces: { callId: 'x', localTag: 'y', remoteTag: 'z' },
          referredBy: { uri: 'sip:bob@b', display: 'Bob' },
          routeSet: { hops: ['sip:p;lr'] },
          local: {
            identity: { uri: 'sip:a@b', display: 'A' },
            target: { uri: 'sip:a@c', params: [{ name: '+sip.rendering', value: 'no' }] },
            sessionDescription: { type: 'application/sdp', text: 'v=0' },
            cseq: 7,
          },
          remote: { identity: undefined, extensions: [{ name: 'own' }] },
        },
      ],
    });
  });

  it('writes back what it read, and what has changed', () => {
    const body = DialogInfoBody.parse(text);
    expect(String(body)).toBe(text);
    const changed = body.with({ version: 4 });
    expect(
      String(changed)
        .replace(/^.*\r\n/, '')
        .trimEnd(),
    ).toBe(text.replace('"3"', '"4"'));
    const copy = structuredClone(body.dialogs);
    expect(DialogInfoBody.parse(body.with({ dialogs: copy }).content).dialogs).toEqual(copy);
  });

  it('is built from parts', () => {
    const body = new DialogInfoBody({
      version: 0,
      state: 'full',
      entity: 'sip:a@b',
      dialogs: [{ id: '1', state: { value: 'early' }, direction: 'recipient' }],
    });
    expect(DialogInfoBody.parse(body.content).dialogs[0]?.state.value).toBe('early');
    expect(() => body.with({ version: 0.5 })).toThrow(
      expect.objectContaining({ code: 'SIPX_USAGE' }),
    );
  });

  it.each([
    text.replace('version="3" ', ''),
    text.replace('"3"', '"x"'),
    text.replace(' id="d"', ''),
    text.replace('12', '1e3'),
    text.replace(/<state.*<\/state>/, ''),
  ])('refuses %j', (bad) => {
    expect(() => DialogInfoBody.parse(bad)).toThrow(refused('SIPX_PARSE_BODY'));
  });
});

describe('ConferenceInfoBody', () => {
  const uri =
    '<entry><uri>sip:x@b</uri><display-text>X</display-text><purpose>participation</purpose></entry>';
  const execution = '<when>2030-01-01T00:00:00Z</when><reason>a</reason><by>sip:c@b</by>';
  const text =
    '<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sip:conf@b" state="full" version="1">' +
    `<conference-description><display-text>D</display-text><subject>S</subject><free-text>F</free-text><keywords>k l</keywords>` +
    `<conf-uris>${uri}</conf-uris><service-uris>${uri}</service-uris><maximum-user-count>9</maximum-user-count>` +
    '<available-media><entry label="1"><display-text>A</display-text><type>audio</type><status>sendrecv</status></entry></available-media></conference-description>' +
    `<host-info><display-text>H</display-text><web-page>http://b</web-page><uris>${uri}</uris></host-info>` +
    '<conference-state><user-count>2</user-count><active>true</active><locked>0</locked></conference-state>' +
    '<users state="partial"><user entity="sip:u@b" state="full"><display-text>U</display-text>' +
    `<associated-aors>${uri}</associated-aors><roles><entry>participant</entry></roles><languages>en de</languages><cascaded-focus>sip:f@b</cascaded-focus>` +
    `<endpoint entity="sip:u@c" state="full"><display-text>E</display-text><referred>${execution}</referred><status>connected</status>` +
    `<joining-method>dialed-in</joining-method><joining-info>${execution}</joining-info>` +
    `<disconnection-method>departed</disconnection-method><disconnection-info>${execution}</disconnection-info>` +
    '<media id="1"><display-text>M</display-text><type>audio</type><label>1</label><src-id>432424</src-id><status>sendrecv</status></media>' +
    '<call-info><sip><display-text>C</display-text><call-id>i</call-id><from-tag>f</from-tag><to-tag>t</to-tag></sip></call-info>' +
    '</endpoint></user></users><sidebars-by-ref><entry><uri>sip:s@b</uri></entry></sidebars-by-ref></conference-info>';

  it('reads a conference', () => {
    const uris = [{ uri: 'sip:x@b', display: 'X', purpose: 'participation' }];
    const how = { when: '2030-01-01T00:00:00Z', reason: 'a', by: 'sip:c@b' };
    expect(ConferenceInfoBody.parse(text)).toMatchObject({
      type: 'conference-info',
      entity: 'sip:conf@b',
      state: 'full',
      version: 1,
      description: {
        display: 'D',
        subject: 'S',
        freeText: 'F',
        keywords: 'k l',
        conferenceURIs: uris,
        serviceURIs: uris,
        maximumUserCount: 9,
        availableMedia: [{ label: '1', display: 'A', type: 'audio', status: 'sendrecv' }],
      },
      host: { display: 'H', webPage: 'http://b', uris },
      conferenceState: { userCount: 2, active: true, locked: false },
      users: {
        state: 'partial',
        users: [
          {
            entity: 'sip:u@b',
            state: 'full',
            display: 'U',
            associatedURIs: uris,
            roles: ['participant'],
            languages: 'en de',
            cascadedFocus: 'sip:f@b',
            endpoints: [
              {
                entity: 'sip:u@c',
                state: 'full',
                display: 'E',
                referred: how,
                status: 'connected',
                joiningMethod: 'dialed-in',
                joiningInfo: how,
                disconnectionMethod: 'departed',
                disconnectionInfo: how,
                media: [
                  {
                    id: '1',
                    display: 'M',
                    type: 'audio',
                    label: '1',
                    sourceId: '432424',
                    status: 'sendrecv',
                  },
                ],
                call: { display: 'C', callId: 'i', fromTag: 'f', toTag: 't' },
              },
            ],
          },
        ],
      },
      extensions: [{ name: 'sidebars-by-ref' }],
    });
  });

  it('writes back what it read, and what has changed', () => {
    const body = ConferenceInfoBody.parse(text);
    expect(String(body)).toBe(text);
    const { description, host, conferenceState, users } = body;
    const copy = structuredClone({ description, host, conferenceState, users });
    const changed = body.with({ version: 2, ...copy });
    expect(ConferenceInfoBody.parse(changed.content)).toMatchObject({ version: 2, ...copy });
    expect(
      String(changed)
        .replace(/^.*\r\n/, '')
        .trimEnd(),
    ).toBe(text.replace('version="1"', 'version="2"').replace('<locked>0<', '<locked>false<'));
  });

  it('is built from parts', () => {
    const body = new ConferenceInfoBody({
      entity: 'sip:c@b',
      users: { users: [{ entity: 'sip:u@b', endpoints: [{ status: 'connected' }] }] },
    });
    const read = ConferenceInfoBody.parse(body.content).users?.users[0];
    expect(read?.endpoints[0]?.status).toBe('connected');
    expect([read?.roles, read?.endpoints[0]?.call]).toEqual([[], undefined]);
  });

  it.each([
    text.replace(' entity="sip:conf@b"', ''),
    text.replace('<active>true', '<active>maybe'),
    text.replace('<uri>sip:s@b</uri>', '').replace('<uri>sip:x@b</uri>', ''),
  ])('refuses what is none', (bad) => {
    expect(() => ConferenceInfoBody.parse(bad)).toThrow(refused('SIPX_PARSE_BODY'));
  });
});
