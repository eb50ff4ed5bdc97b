import { splitList, trimmed } from './grammar.ts';
import { HEADERS, PRIVACY } from './header-names.ts';
import { readValue } from './header-types.ts';
import { DEFAULT_LENIENCIES, type Leniencies } from './leniencies.ts';

/** The typed first value of a field's text; undefined for an empty list. @throws ProtocolError SIPX_PARSE_HEADER */
export const firstValue = (id: number, raw: string, leniencies?: Leniencies): unknown => {
  const one = !HEADERS[id]?.list || (raw !== '' && !raw.includes(',') && id !== PRIVACY);
  const text = one ? raw : textsOf(id, raw, leniencies)[0];
  return text === undefined ? undefined : readValue(id, text, leniencies);
};

/** The text of each value of a field. */
export const textsOf = (
  id: number,
  raw: string,
  leniencies: Leniencies = DEFAULT_LENIENCIES,
): string[] => {
  const row = HEADERS[id];
  if (!row?.list) return [raw];
  // An empty list of words is grammatical (Accept, Allow, Supported); one of addresses is not.
  if (raw === '' && row.shape !== 'address' && row.shape !== 'via') return [];
  // Privacy alone has semicolons between its values (RFC 3323 4.2).
  const texts = id === PRIVACY ? raw.split(';').map(trimmed) : splitList(raw);
  if (row.shape === 'address' && texts.length > 1 && leniencies.commaInDisplayName) {
    return joinNames(texts);
  }
  const empty = row.shape === 'token' && leniencies.oddListItem === true;
  return empty ? texts.filter((text) => text !== '') : texts;
};

/** A word without an address belongs to the name before the next one. */
const joinNames = (texts: readonly string[]): string[] => {
  const joined: string[] = [];
  let word = '';
  for (const text of texts) {
    if (WORD.test(text)) word += `${text}, `;
    else {
      joined.push(word + text);
      word = '';
    }
  }
  return word === '' ? joined : [...joined, word];
};

const WORD = /^[^:<"*;]+$/;
