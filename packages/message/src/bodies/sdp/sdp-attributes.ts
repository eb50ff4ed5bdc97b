/** An a= line (RFC 8866 5.13); a property has no value. */
export interface SDPAttribute {
  readonly name: string;
  readonly value?: string;
}

/** a=ice-ufrag and a=ice-pwd. */
export interface SDPICE {
  readonly ufrag: string;
  readonly password: string;
}

/** a=fingerprint. */
export interface SDPFingerprint {
  /** 'sha-256', as it is spelled. */
  readonly algorithm: string;
  readonly value: string;
}

/** a=crypto. */
export interface SDPCrypto {
  readonly tag: string;
  readonly suite: string;
  readonly keys: string;
  readonly parameters?: string;
}

/** a=candidate. */
export interface SDPCandidate {
  readonly foundation: string;
  readonly component: number;
  /** 'UDP', 'tcp', as it is spelled. */
  readonly transport: string;
  readonly priority: number;
  readonly address: string;
  readonly port: number;
  /** 'host', 'srflx', 'prflx', 'relay'. */
  readonly type: string;
  readonly relatedAddress?: string;
  readonly relatedPort?: number;
  /** What follows: names and values in turn, `tcptype`, `generation`. */
  readonly extensions?: readonly SDPAttribute[];
}

export const readCandidate = (value: string): SDPCandidate | undefined => {
  const [
    foundation = '',
    component,
    transport = '',
    priority,
    address = '',
    port,
    typ,
    type = '',
    ...rest
  ] = value.trim().split(/ +/);
  const numbers = [component, priority, port];
  if (typ !== 'typ' || type === '' || rest.length % 2 !== 0) return undefined;
  if (!numbers.every((word) => word !== undefined && /^\d{1,10}$/.test(word))) return undefined;
  const extensions: SDPAttribute[] = [];
  let related: { relatedAddress?: string; relatedPort?: number } = {};
  for (let at = 0; at < rest.length; at += 2) {
    const [name = '', word = ''] = [rest[at], rest[at + 1]];
    if (at === 0 && name === 'raddr') related = { relatedAddress: word };
    else if (
      at === 2 &&
      name === 'rport' &&
      'relatedAddress' in related &&
      /^\d{1,5}$/.test(word)
    ) {
      related = { ...related, relatedPort: Number(word) };
    } else extensions.push({ name, value: word });
  }
  return {
    foundation,
    component: Number(component),
    transport,
    priority: Number(priority),
    address,
    port: Number(port),
    type,
    ...related,
    ...(extensions.length > 0 && { extensions }),
  };
};

export const writeCandidate = (candidate: SDPCandidate): string => {
  const { foundation, component, transport, priority, address, port, type } = candidate;
  const { relatedAddress, relatedPort, extensions = [] } = candidate;
  const words: unknown[] = [foundation, component, transport, priority, address, port, 'typ', type];
  if (relatedAddress !== undefined) words.push('raddr', relatedAddress);
  if (relatedPort !== undefined) words.push('rport', relatedPort);
  for (const { name, value = '' } of extensions) words.push(name, value);
  return words.join(' ');
};

export const readCrypto = (value: string): SDPCrypto | undefined => {
  const [tag = '', suite = '', keys = '', ...rest] = value.trim().split(/ +/);
  if (!/^\d{1,9}$/.test(tag) || keys === '') return undefined;
  return { tag, suite, keys, ...(rest.length > 0 && { parameters: rest.join(' ') }) };
};

export const writeCrypto = ({ tag, suite, keys, parameters }: SDPCrypto): string =>
  `${tag} ${suite} ${keys}${parameters === undefined ? '' : ` ${parameters}`}`;
