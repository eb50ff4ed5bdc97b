import {
  attribute,
  child,
  children,
  type Codec,
  decimal,
  extensions,
  type Field,
  integer,
  note,
  otherAttributes,
  ownText,
  record,
  token,
  type XMLExtensions,
  type XMLNote,
  word,
} from './codec.ts';
import { type XMLElement, xmlElement, xmlText } from './xml-element.ts';

const RPID = 'urn:ietf:params:xml:ns:pidf:rpid';
const PLACE = 'urn:ietf:params:xml:ns:location-type';

/** Words out of a list, such as `on-the-phone`, with what is said beside them (RFC 4480 3.2). */
export interface RPIDWords extends XMLExtensions {
  readonly values: readonly string[];
  /** What the list does not have, in words. */
  readonly other: string | undefined;
  readonly notes: readonly XMLNote[];
  readonly id: string | undefined;
  /** ISO 8601. */
  readonly from: string | undefined;
  readonly until: string | undefined;
}

/** What a place is like for a medium (RFC 4480 3.6): 'noisy', 'quiet', 'toobright', 'uncomfortable', … */
export interface RPIDPlaceIs extends XMLExtensions {
  readonly audio: string | undefined;
  readonly video: string | undefined;
  readonly text: string | undefined;
  readonly notes: readonly XMLNote[];
}

/** Whether somebody uses the device (RFC 4480 3.12). */
export interface RPIDUserInput extends XMLExtensions {
  readonly state: 'active' | 'idle' | (string & {});
  /** Seconds without input until it is idle. */
  readonly idleThreshold: number | undefined;
  /** ISO 8601. */
  readonly lastInput: string | undefined;
  readonly id: string | undefined;
}

/** Rich presence (RFC 4480), of a person, a service or a device. */
export interface RichPresence {
  /** 'away', 'busy', 'meeting', 'on-the-phone', 'vacation', … */
  readonly activities: RPIDWords | undefined;
  readonly class: string | undefined;
  readonly mood: RPIDWords | undefined;
  readonly placeIs: RPIDPlaceIs | undefined;
  /** Of RFC 4589: 'office', 'street', … */
  readonly placeType: RPIDWords | undefined;
  /** Media that others can overhear: 'audio', 'text', 'video'. */
  readonly privacy: RPIDWords | undefined;
  /** 'assistant', 'family', 'friend', … */
  readonly relationship: RPIDWords | undefined;
  /** 'electronic', 'postal', 'courier', 'freight', 'in-person'. */
  readonly serviceClass: RPIDWords | undefined;
  /** 'home', 'work', or other words in `other`. */
  readonly sphere: RPIDWords | undefined;
  /** A URI. */
  readonly statusIcon: string | undefined;
  /** Minutes from UTC. */
  readonly timeOffset: number | undefined;
  readonly userInput: RPIDUserInput | undefined;
}

const NOT_A_WORD = new Set(['note', 'other']);

/** Empty elements as their names. */
const names = (namespace: string): Field<readonly string[]> => ({
  read: (element, taken) =>
    Object.freeze(
      element.children
        .filter((one): one is XMLElement => typeof one !== 'string')
        .filter((one) => one.namespace === namespace && !NOT_A_WORD.has(one.name))
        .map((one) => {
          taken.add(one);
          return one.name;
        }),
    ),
  write(values, draft) {
    const prefix = namespace === PLACE ? 'lt' : 'rpid';
    for (const name of (values ?? []) as readonly string[]) {
      draft.children.push(xmlElement(name, { namespace, prefix }));
    }
  },
});

/** `<other>` as RFC 4480 writes it, and the words that stand without any element. */
const otherWords: Field<string | undefined> = {
  read(element, taken) {
    const inner = child('other', token, RPID).read(element, taken);
    return inner ?? (xmlText(element).trim() || undefined);
  },
  write(value, draft) {
    child('other', token, RPID).write(value, draft);
  },
};

const words = (namespace: string): Codec<RPIDWords> =>
  record<RPIDWords>({
    id: attribute('id', token),
    from: attribute('from', token),
    until: attribute('until', token),
    otherAttributes,
    notes: children('note', note, RPID),
    values: names(namespace),
    other: otherWords,
    extensions,
  });

/** The name of the one element within. */
const firstName: Codec<string> = {
  read: ({ children: inner }) => {
    const first = inner.find((one): one is XMLElement => typeof one !== 'string');
    return first?.name ?? '';
  },
  write: (value, name, namespace) =>
    xmlElement(name, {
      namespace,
      prefix: 'rpid',
      children: value === '' ? [] : [xmlElement(String(value), { namespace, prefix: 'rpid' })],
    }),
};

const placeIs = record<RPIDPlaceIs>({
  otherAttributes,
  notes: children('note', note, RPID),
  audio: child('audio', firstName, RPID),
  video: child('video', firstName, RPID),
  text: child('text', firstName, RPID),
  extensions,
});

const userInput = record<RPIDUserInput>({
  id: attribute('id', token),
  idleThreshold: attribute('idle-threshold', integer),
  lastInput: attribute('last-input', token),
  otherAttributes,
  state: ownText(word<RPIDUserInput['state']>()),
  extensions,
});

export const richPresence: { readonly [Key in keyof RichPresence]: Field<RichPresence[Key]> } = {
  activities: child('activities', words(RPID), RPID),
  class: child('class', token, RPID),
  mood: child('mood', words(RPID), RPID),
  placeIs: child('place-is', placeIs, RPID),
  placeType: child('place-type', words(PLACE), RPID),
  privacy: child('privacy', words(RPID), RPID),
  relationship: child('relationship', words(RPID), RPID),
  serviceClass: child('service-class', words(RPID), RPID),
  sphere: child('sphere', words(RPID), RPID),
  statusIcon: child('status-icon', token, RPID),
  timeOffset: child('time-offset', decimal, RPID),
  userInput: child('user-input', userInput, RPID),
};
