/** The methods that are known, so that a message need not keep the letters of its own. */
const KNOWN = [
  'ACK',
  'BYE',
  'CANCEL',
  'INFO',
  'INVITE',
  'MESSAGE',
  'NOTIFY',
  'OPTIONS',
  'PRACK',
  'PUBLISH',
  'REFER',
  'REGISTER',
  'SUBSCRIBE',
  'UPDATE',
] as const;

/** No two of them have length and first letter in common. */
const slot = (length: number, first: number): number => ((length & 15) << 5) | (first & 31);

const slots: Uint8Array = new Uint8Array(512);
const octets: Uint8Array = Uint8Array.from(KNOWN.join(''), (char) => char.charCodeAt(0));
const starts: number[] = [];
let total = 0;
for (const [at, name] of KNOWN.entries()) {
  slots[slot(name.length, name.charCodeAt(0))] = at + 1;
  starts.push(total);
  total += name.length;
}

/** The known method that these octets are; undefined for any other. */
export const methodAt = (bytes: Uint8Array, from: number, to: number): string | undefined => {
  const known = (slots[slot(to - from, bytes[from] as number)] as number) - 1;
  if (known < 0 || to - from > 9) return undefined;
  const start = starts[known] as number;
  for (let i = to - from - 1; i >= 0; i -= 1) {
    if (bytes[from + i] !== octets[start + i]) return undefined;
  }
  return KNOWN[known];
};
