import { SIPServer } from '@sipx/server';
import type { Call } from '@sipx/session';
import { LOCALHOST } from './free-port.ts';
import { SkippingClock } from './skipping-clock.ts';
import { Station, type StationOptions } from './station.ts';

/** A server that takes calls itself, whomever they are for. */
export class Desk extends Station {
  readonly #server: SIPServer;

  private constructor(server: SIPServer, clock: SkippingClock) {
    super(server.endpoint, clock);
    this.#server = server;
  }

  /** Resolves once its port is bound. */
  static async start({ protocol, timers }: StationOptions): Promise<Desk> {
    const clock = new SkippingClock();
    const server = new SIPServer({
      listen: [`${protocol}:${LOCALHOST}:0`],
      clock,
      ...(timers && { timers }),
    });
    const desk = new Desk(server, clock);
    await server.listen();
    return desk;
  }

  get calls(): ReadonlySet<Call> {
    return this.#server.calls;
  }

  onCall(take: (call: Call) => Promise<void>): void {
    this.#server.invite(async (context): Promise<'handled'> => {
      await take(context.call());
      return 'handled';
    });
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}
