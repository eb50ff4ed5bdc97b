import { CSeq } from './cseq.ts';
import { checkForm, matched } from './grammar.ts';

/** What a PRACK acknowledges (RFC 3262 7.2): a response by its RSeq, and the request by its CSeq. */
export class RAck extends CSeq {
  readonly rseq: number;

  /** @throws UsageError SIPX_USAGE_HEADER */
  constructor(rseq: number, sequence: number, method: string) {
    super(sequence, method);
    this.rseq = rseq;
    checkForm(FORM, this, 'RAck', EXPECTED);
  }

  override toString(): string {
    return `${this.rseq} ${super.toString()}`;
  }

  /** @throws ProtocolError SIPX_PARSE_HEADER */
  static override parse(text: string): RAck {
    const [, rseq, cseq = ''] = matched(FORM, text, 'RAck', EXPECTED);
    const { sequence, method } = CSeq.parse(cseq);
    return new RAck(Number(rseq), sequence, method);
  }
}

const EXPECTED = 'two numbers and a method';
const FORM = /^(\d{1,10})[ \t]+(\d.*)$/;
