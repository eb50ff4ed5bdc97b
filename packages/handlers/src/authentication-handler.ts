import { type Credentials, DigestAuth } from '@sipx/auth';
import type { IdSource } from '@sipx/contracts';
import type { Response } from '@sipx/message';
import { type Answer, authorized, questionsIn } from './authorize.ts';
import type { EventContext } from './event-context.ts';
import { EventHandler } from './event-handler.ts';
import type { Retry } from './retry.ts';

export interface AuthenticationHandlerOptions {
  /** For requests that bring none of their own (`context.auth`). */
  readonly credentials?: Credentials | undefined;
  readonly ids: IdSource;
}

/** Times that one request answers challenges, of however many realms. */
const ROUNDS = 4;
/** Times that it answers one realm: the challenge, and one more for a nonce that was stale. */
const ROUNDS_OF_A_REALM = 2;

/**
 * Answers 401 and 407 with Digest credentials (RFC 3261 22.2 and 22.3): those given for the request, else its
 * own. Each realm that asks gets an answer, and keeps it in later attempts. Credentials that were just refused
 * are not sent again (22.1): the response then goes on to the caller. ACK and CANCEL are never answered.
 */
export class AuthenticationHandler extends EventHandler {
  readonly #credentials: Credentials | undefined;
  readonly #ids: IdSource;
  /** By the credentials' identity, so that the count of a nonce goes on from request to request. */
  readonly #digests = new WeakMap<Credentials, DigestAuth>();
  /** By the metadata that all attempts of a request share. */
  readonly #tries = new WeakMap<EventContext['metadata'], Tries>();

  /** @throws UsageError for credentials that cannot be used (see DigestAuth) */
  constructor({ credentials, ids }: AuthenticationHandlerOptions) {
    super();
    this.#credentials = credentials;
    this.#ids = ids;
    if (credentials) this.#digest(credentials);
  }

  override onResponse(response: Response, context: EventContext): Retry | undefined {
    if (response.status !== 401 && response.status !== 407) return undefined;
    const credentials = context.auth ?? this.#credentials;
    const { method } = context.request;
    if (!credentials || context.direction === 'in' || method === 'ACK' || method === 'CANCEL') {
      return undefined;
    }

    const digest = this.#digest(credentials);
    const tries = this.#triesOf(context);
    const answers: Answer[] = [];
    for (const { realm, field, challenges } of questionsIn(response)) {
      const challenge = digest.choose(challenges);
      if (!challenge) continue;
      const last = tries.realms.get(`${field} ${realm}`);
      if (last && (!challenge.stale || last.nonce === challenge.nonce)) return undefined;
      if (last && last.count >= ROUNDS_OF_A_REALM) return undefined;
      answers.push({ field, realm, challenge, count: (last?.count ?? 0) + 1 });
    }
    if (answers.length === 0 || tries.rounds >= ROUNDS) return undefined;

    tries.rounds += 1;
    for (const { field, realm, challenge, count } of answers) {
      tries.realms.set(`${field} ${realm}`, { nonce: challenge.nonce, count });
    }
    return context.retry((request) => authorized(request, answers, digest));
  }

  #digest(credentials: Credentials): DigestAuth {
    let digest = this.#digests.get(credentials);
    if (!digest) {
      digest = new DigestAuth({ credentials, ids: this.#ids });
      this.#digests.set(credentials, digest);
    }
    return digest;
  }

  #triesOf({ metadata }: EventContext): Tries {
    let tries = this.#tries.get(metadata);
    if (!tries) {
      tries = { rounds: 0, realms: new Map() };
      this.#tries.set(metadata, tries);
    }
    return tries;
  }
}

/** What one request has tried so far. */
interface Tries {
  rounds: number;
  readonly realms: Map<string, { readonly nonce: string; readonly count: number }>;
}
