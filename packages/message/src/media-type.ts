import { checkToken, isToken, malformed, trimmed } from './grammar.ts';
import { Params, type ParamsInit, type ReadonlyParams } from './params.ts';

/** A Content-Type (RFC 3261 20.15). */
export class MediaType {
  /** In lower case, as is `subtype`. */
  readonly type: string;
  readonly subtype: string;
  readonly params: ReadonlyParams;

  /** @throws UsageError SIPX_USAGE_HEADER */
  constructor(type: string, subtype: string, params?: ParamsInit, parsed: boolean = false) {
    this.type = (parsed ? type : checkToken('a media type', type)).toLowerCase();
    this.subtype = (parsed ? subtype : checkToken('a media subtype', subtype)).toLowerCase();
    this.params = Params.of(params);
  }

  /** Without the parameters: `application/sdp`. */
  get essence(): string {
    return `${this.type}/${this.subtype}`;
  }

  /** @throws ProtocolError SIPX_PARSE_HEADER */
  static parse(text: string): MediaType {
    const semicolon = text.indexOf(';');
    const essence = semicolon < 0 ? text : text.slice(0, semicolon);
    const slash = essence.indexOf('/');
    const type = trimmed(essence.slice(0, Math.max(slash, 0)));
    const subtype = trimmed(essence.slice(slash + 1));
    const params = semicolon < 0 ? Params.NONE : Params.parse(text, semicolon);
    if (!params || !isToken(type) || !isToken(subtype)) {
      throw malformed('Content-Type', 'type/subtype;parameters', text);
    }
    return new MediaType(type, subtype, params, true);
  }

  toString(): string {
    return `${this.essence}${this.params}`;
  }
}
