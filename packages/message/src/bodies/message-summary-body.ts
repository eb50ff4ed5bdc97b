import { isToken } from '../grammar.ts';
import { MediaType } from '../media-type.ts';
import { bothOf } from './charset.ts';
import { checkBodyLine, notA, notWritable } from './faults.ts';
import { readHeaderLines } from './header-lines.ts';

/** How many messages of a kind there are. */
export interface MessageCount {
  /** In lower case (RFC 3458). */
  readonly context:
    | 'voice-message'
    | 'fax-message'
    | 'pager-message'
    | 'multimedia-message'
    | 'text-message'
    | 'none'
    | (string & {});
  readonly new: number;
  readonly old: number;
  /** Of the new and of the old ones. */
  readonly urgent?: { readonly new: number; readonly old: number };
}

type Line = readonly [name: string, value: string];

export interface MessageSummaryParts {
  readonly waiting: boolean;
  /** A URI. */
  readonly account?: string | undefined;
  readonly counts?: readonly MessageCount[];
  /** Header lines that are none of these. */
  readonly extensions?: readonly Line[];
  /** What is told of single messages: header lines of each. */
  readonly messages?: readonly (readonly Line[])[];
}

/** Whether messages wait, and how many (RFC 3842 5): application/simple-message-summary. */
export class MessageSummaryBody {
  readonly type = 'message-summary';
  readonly mediaType: MediaType = SUMMARY;
  readonly waiting: boolean;
  readonly account: string | undefined;
  readonly counts: readonly MessageCount[];
  readonly extensions: readonly Line[];
  readonly messages: readonly (readonly Line[])[];
  readonly content: Uint8Array;
  private readonly text: string;

  /** @throws UsageError SIPX_USAGE */
  constructor(parts: MessageSummaryParts, read?: ReturnType<typeof bothOf>) {
    const { text, content } = read ?? bothOf(write(parts));
    this.waiting = parts.waiting;
    this.account = parts.account;
    this.counts = parts.counts ?? [];
    this.extensions = parts.extensions ?? [];
    this.messages = parts.messages ?? [];
    this.text = text;
    this.content = content;
  }

  /** Lines may end in LF alone. @throws ProtocolError SIPX_PARSE_BODY, SIPX_LIMIT_BODY */
  static parse(content: string | Uint8Array): MessageSummaryBody {
    const read = bothOf(content);
    const [first = '', ...blocks] = read.text.split(/\r?\n\r?\n/);
    const parts: Changing = { waiting: false, account: undefined, counts: [], extensions: [] };
    let status: string | undefined;
    for (const [name, value] of linesOf(first)) {
      const lower = name.toLowerCase();
      const count = readCount(lower, value);
      if (lower === 'messages-waiting') status ??= value.toLowerCase();
      else if (lower === 'message-account') parts.account ??= value;
      else if (count) parts.counts.push(count);
      else parts.extensions.push([name, value]);
    }
    if (status !== 'yes' && status !== 'no') {
      throw notA('message summary', 'Messages-Waiting: yes, or no', first);
    }
    const messages = blocks.map(linesOf).filter((lines) => lines.length > 0);
    return new MessageSummaryBody({ ...parts, waiting: status === 'yes', messages }, read);
  }

  /** Of one kind, `voice-message`. */
  count(context: MessageCount['context']): MessageCount | undefined {
    return this.counts.find((count) => count.context === context);
  }

  with(changes: Partial<MessageSummaryParts>): MessageSummaryBody {
    const { waiting, account, counts, extensions, messages } = this;
    return new MessageSummaryBody({ waiting, account, counts, extensions, messages, ...changes });
  }

  toString(): string {
    return this.text;
  }
}

const SUMMARY = /* @__PURE__ */ new MediaType('application', 'simple-message-summary');

interface Changing {
  waiting: boolean;
  account: string | undefined;
  counts: MessageCount[];
  extensions: Line[];
}

const linesOf = (block: string): Line[] => [...readHeaderLines('message summary', block)];

const COUNTS = /^(\d{1,15})\s*\/\s*(\d{1,15})(?:\s*\(\s*(\d{1,15})\s*\/\s*(\d{1,15})\s*\))?$/;

const readCount = (context: string, value: string): MessageCount | undefined => {
  const counts = COUNTS.exec(value)?.slice(1);
  if (!counts) return undefined;
  const [fresh = 0, old = 0, urgentNew, urgentOld] = counts.map(Number);
  // Number(undefined) is NaN: the group is absent.
  return urgentNew === undefined || Number.isNaN(urgentNew)
    ? { context, new: fresh, old }
    : { context, new: fresh, old, urgent: { new: urgentNew, old: urgentOld ?? 0 } };
};

const write = (parts: MessageSummaryParts): string => {
  const { waiting, account, counts = [], extensions = [], messages = [] } = parts;
  const lines: Line[] = [['Messages-Waiting', waiting ? 'yes' : 'no']];
  if (account !== undefined) lines.push(['Message-Account', account]);
  for (const count of counts) lines.push([title(count.context), countText(count)]);
  lines.push(...extensions);
  return [lines, ...messages].map((block) => block.map(writeLine).join('')).join('\r\n');
};

const writeLine = ([name, value]: Line): string => {
  if (!isToken(name)) throw notWritable('a line of a message summary', 'a token as its name', name);
  return `${name}: ${checkBodyLine(name, value).trim()}\r\n`;
};

const title = (context: string): string =>
  context.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

const countText = ({ new: fresh, old, urgent }: MessageCount): string => {
  const text = `${fresh}/${old}${urgent ? ` (${urgent.new}/${urgent.old})` : ''}`;
  if (!COUNTS.test(text)) throw notWritable('a count of messages', 'whole numbers', text);
  return text;
};
