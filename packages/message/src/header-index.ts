import { HEADERS, headerId, UNKNOWN } from './header-names.ts';
import { COLON } from './octets.ts';

const LOWER = 32;
const SLOTS = 1_024;

/** Where a name would be that starts with these three octets; a short one takes the colon behind it in. */
const slot = (first: number, second: number, third: number): number =>
  ((first | LOWER) * 37 + (second | LOWER) * 5 + (third | LOWER) * 131) & (SLOTS - 1);

const slots: Uint8Array = new Uint8Array(SLOTS);
/** The next id in the same slot: names share beginnings, and each is compared in full. */
const nextInSlot: Uint8Array = new Uint8Array(HEADERS.length);
const compactIds: Uint8Array = new Uint8Array(256);
/** The lower-case names, one behind the other. */
const octets: Uint8Array = Uint8Array.from(HEADERS.map(({ lower }) => lower).join(''), (char) =>
  char.charCodeAt(0),
);
const starts: Uint16Array = new Uint16Array(HEADERS.length + 1);

// The frequent ones, which the table begins with, are put in last and so are found first.
for (const [id, { lower }] of HEADERS.entries()) starts[id + 1] = (starts[id] ?? 0) + lower.length;
for (let id = HEADERS.length - 1; id > UNKNOWN; id -= 1) {
  const code = [...`${HEADERS[id]?.lower}:`].map((char) => char.charCodeAt(0));
  const at = slot(code[0] ?? 0, code[1] ?? 0, code[2] ?? 0);
  nextInSlot[id] = slots[at] ?? UNKNOWN;
  slots[at] = id;
}
for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
  compactIds[letter.charCodeAt(0)] = headerId(letter);
}

/** The id of the name in front of a colon that starts at these octets; 0 when it is not in the table. */
export const headerIdAt = (bytes: Uint8Array, from: number): number => {
  const first = bytes[from] as number;
  const second = bytes[from + 1] as number;
  if (second === COLON) return isLetter(first) ? (compactIds[first | LOWER] as number) : UNKNOWN;
  let id = slots[slot(first, second, bytes[from + 2] as number)] as number;
  while (id !== UNKNOWN) {
    const start = starts[id] as number;
    const length = (starts[id + 1] as number) - start;
    if (bytes[from + length] === COLON && matches(bytes, from, start, length)) return id;
    id = nextInSlot[id] as number;
  }
  return UNKNOWN;
};

/** Where the colon is behind the name with this id that was found there; a compact form is one letter. */
export const colonOf = (id: number, bytes: Uint8Array, from: number): number =>
  bytes[from + 1] === COLON ? from + 1 : from + (starts[id + 1] as number) - (starts[id] as number);

const isLetter = (byte: number): boolean => (byte | LOWER) >= 97 && (byte | LOWER) <= 122;

const matches = (bytes: Uint8Array, from: number, start: number, length: number): boolean => {
  for (let i = 0; i < length; i += 1) {
    if (LOWERED[bytes[from + i] as number] !== octets[start + i]) return false;
  }
  return true;
};

/** Letters in lower case, all else as it is: a bit that is set would turn a CR into a hyphen. */
const LOWERED: Uint8Array = Uint8Array.from({ length: 256 }, (_, octet) =>
  isLetter(octet) ? octet | LOWER : octet,
);
