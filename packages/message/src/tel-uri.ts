import { UsageError } from '@sipx/contracts';
import { checkText, shown } from './grammar.ts';
import { Params, type ParamsInit, type ReadonlyParams } from './params.ts';

export interface TelURIParts {
  /** With or without visual separators; a leading `+` makes it global. */
  readonly number: string;
  /** `ext`, `isub`, `phone-context` and others; a local number has to have a `phone-context`. */
  readonly params?: ParamsInit;
}

/** A telephone number (RFC 3966). It never changes; `with` makes another. */
export class TelURI {
  readonly scheme = 'tel' as const;
  /** As written, with its visual separators. */
  readonly number: string;
  /** Values are unescaped. */
  readonly params: ReadonlyParams;
  /** The whole URI. */
  readonly text: string;

  /** Parameters are put in the order of RFC 3966 3. @throws UsageError SIPX_PARSE_URI, SIPX_USAGE_HEADER */
  constructor({ number, params }: TelURIParts, text?: string) {
    this.number = number;
    const given = Params.of(params, 'uri');
    this.params = text === undefined ? inOrder(given) : given;
    this.text = text ?? `tel:${number}${this.params}`;
    if (text !== undefined) return;
    if (read(this.text)?.number === number && (this.global || this.context !== undefined)) return;
    throw new UsageError('SIPX_PARSE_URI', 'these parts make no telephone number', {
      expected: '+ and digits, or digits with a phone-context',
      got: shown(checkText('the number', this.text)),
    });
  }

  /** Valid everywhere: it begins with `+`. */
  get global(): boolean {
    return this.number.startsWith('+');
  }

  /** Without visual separators; hexadecimal digits in lower case. */
  get digits(): string {
    return this.number.replace(SEPARATORS, '').toLowerCase();
  }

  /** Where a local number is valid: a domain, or the first digits of global numbers. */
  get context(): string | undefined {
    return this.params.get('phone-context');
  }

  /** @throws UsageError as the constructor */
  with(changes: Partial<TelURIParts>): TelURI {
    return new TelURI({ number: this.number, params: this.params, ...changes });
  }

  /** RFC 3966 4: digits alone count, parameters stand in any order and letters have no case. */
  equals(other: { readonly scheme: string; toString(): string }): boolean {
    if (other.scheme !== 'tel') return false;
    const that = other instanceof TelURI ? other : TelURI.read(other.toString());
    return (
      that !== undefined && this.digits === that.digits && comparable(this) === comparable(that)
    );
  }

  toString(): string {
    return this.text;
  }

  /** Undefined when malformed. @internal */
  static read(text: string): TelURI | undefined {
    const parts = read(text);
    return parts && new TelURI(parts, text);
  }
}

const SEPARATORS = /[-.()]/g;
const GLOBAL = /^\+[-.()]*\d[\d\-.()]*$/;
/** At least one that is no separator. */
const LOCAL = /^[-.()]*[\dA-F*#][\dA-F*#\-.()]*$/i;
const EXTENSION = /^[-.()]*\d[\d\-.()]*$/;
const DOMAIN = /^[A-Z\d][A-Z\d.-]*$/i;

const read = (text: string): TelURIParts | undefined => {
  const semicolon = text.indexOf(';');
  const end = semicolon < 0 ? text.length : semicolon;
  const number = text.slice('tel:'.length, end);
  const params = semicolon < 0 ? Params.NONE : Params.parseURI(text, 'uri', end);
  if (!params) return undefined;
  const context = params.get('phone-context');
  const well =
    (GLOBAL.test(number) || LOCAL.test(number)) &&
    (context === undefined || GLOBAL.test(context) || DOMAIN.test(context)) &&
    EXTENSION.test(params.get('ext') ?? '0') &&
    // Each name once, and nothing beyond ASCII.
    new Params(params, 'uri').comparable().size === params.size &&
    !/[^\0-\x7f]/.test(text);
  return well ? { number, params } : undefined;
};

/** Extension or subaddress, context, the rest by name. */
const FIRST = ['isub', 'ext', 'phone-context'];

const inOrder = (params: ReadonlyParams): ReadonlyParams => {
  const rank = (name: string): string => {
    const at = FIRST.indexOf(name.toLowerCase());
    return at < 0 ? `~${name.toLowerCase()}` : String(at);
  };
  const sorted = params.entries().sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1));
  return Params.of(sorted, 'uri');
};

/** Where visual separators mean nothing. */
const NUMBERS = /^(?:ext|phone-context)=[+\d\-.()]+$/;

const comparable = ({ params }: TelURI): string =>
  JSON.stringify(
    [...new Params(params, 'uri').comparable()]
      .map(([name, value]) => [
        name,
        NUMBERS.test(`${name}=${value}`) ? value.replace(SEPARATORS, '') : value,
      ])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );
