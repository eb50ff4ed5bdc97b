/** The methods that are known, so that a message need not keep the letters of its own. */
const KNOWN =
  'ACK BYE CANCEL INFO INVITE MESSAGE NOTIFY OPTIONS PRACK PUBLISH REFER REGISTER SUBSCRIBE UPDATE';

/** No two of them have length and first letter in common. */
const slot = (length: number, first: number): number => ((length & 15) << 5) | (first & 31);

const slots: string[] = Array.from({ length: 512 }, () => '');
for (const name of KNOWN.split(' ')) slots[slot(name.length, name.charCodeAt(0))] = name;

/** The known method that these octets are; undefined for any other. */
export const methodAt = (bytes: Uint8Array, from: number, to: number): string | undefined => {
  const known = slots[slot(to - from, bytes[from] as number)] as string;
  if (known === '' || known.length !== to - from) return undefined;
  for (let i = to - from - 1; i >= 0; i -= 1) {
    if (bytes[from + i] !== known.charCodeAt(i)) return undefined;
  }
  return known;
};
