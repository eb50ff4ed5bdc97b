import type { TransactionKind } from '@sipx/fsm';
import { EVENTS, type EventName } from './play.ts';

/** What each event does in one state; '-' where it is stray. */
type Row = Readonly<Record<EventName, string>>;

export interface StateCase {
  /** The events that lead there. */
  readonly after: readonly EventName[];
  readonly row: Row;
}

export interface MachineCase {
  readonly kind: TransactionKind;
  readonly reliable: boolean;
  readonly states: Readonly<Record<string, StateCase>>;
}

const row = (rules: Partial<Row>): Row => {
  const stray = Object.fromEntries(EVENTS.map((name) => [name, '-'])) as Record<EventName, string>;
  // Wherever it stands, its user may stop waiting for it.
  return { ...stray, abandon: ABANDONED, ...rules };
};

const at = (after: readonly EventName[], rules: Partial<Row>): StateCase => ({
  after,
  row: row(rules),
});

/** Where nothing happens any more. */
const gone = (after: readonly EventName[]): StateCase => at(after, { abandon: '-' });

const ABANDONED = 'terminated [] fail SIPX_CLOSED';
const TIMEOUT = 'terminated [] fail SIPX_TRANSACTION_TIMEOUT';
const LOST = 'terminated [] fail SIPX_TRANSPORT_SEND';
const DONE = 'terminated []';

/** RFC 3261 figure 5 with RFC 6026 figure 5's Accepted. */
const inviteClient = (reliable: boolean): MachineCase => {
  const accepted = 'accepted [M] start M 32000, deliver 200';
  const completed = `completed [D] start D ${reliable ? 0 : 32_000}, send ACK, deliver 486`;
  const calling = {
    provisional: 'proceeding [] deliver 180',
    success: accepted,
    failure: completed,
    transportError: LOST,
    B: TIMEOUT,
  };
  return {
    kind: 'invite-client',
    reliable,
    states: {
      'calling, nothing sent': at([], {
        ...calling,
        start: reliable
          ? 'calling [AB] start B 32000, send request'
          : 'calling [AB] start A 500, start B 32000, send request',
        // Never started, so it does not fire; the rule doubles what is 0.
        A: 'calling [AB] start A 0, send request',
      }),
      calling: at(['start'], { ...calling, A: 'calling [AB] start A 1000, send request' }),
      'calling, four sent': at(['start', 'A', 'A', 'A'], {
        ...calling,
        A: 'calling [AB] start A 8000, send request',
      }),
      proceeding: at(['start', 'provisional'], {
        provisional: 'proceeding [] deliver 180',
        success: accepted,
        failure: completed,
      }),
      accepted: at(['start', 'success'], { success: 'accepted [M] deliver 200', M: DONE }),
      completed: at(['start', 'failure'], {
        failure: 'completed [D] send ACK',
        transportError: LOST,
        D: DONE,
      }),
      'terminated by D': gone(['start', 'failure', 'D']),
      'terminated by M': gone(['start', 'success', 'M']),
      'terminated by B': gone(['start', 'B']),
      'terminated by the transport': gone(['start', 'transportError']),
    },
  };
};

/** RFC 3261 figure 6. */
const nonInviteClient = (reliable: boolean): MachineCase => {
  const final = (status: number): string =>
    `completed [K] start K ${reliable ? 0 : 5000}, deliver ${status}`;
  const open = {
    provisional: 'proceeding [EF] deliver 180',
    success: final(200),
    failure: final(486),
    transportError: LOST,
    F: TIMEOUT,
  };
  return {
    kind: 'non-invite-client',
    reliable,
    states: {
      'trying, nothing sent': at([], {
        ...open,
        start: reliable
          ? 'trying [EF] start F 32000, send request'
          : 'trying [EF] start E 500, start F 32000, send request',
        E: 'trying [EF] start E 0, send request',
      }),
      trying: at(['start'], { ...open, E: 'trying [EF] start E 1000, send request' }),
      'trying, three sent': at(['start', 'E', 'E'], {
        ...open,
        E: 'trying [EF] start E 4000, send request',
      }),
      'trying, at T2': at(['start', 'E', 'E', 'E'], {
        ...open,
        E: 'trying [EF] start E 4000, send request',
      }),
      proceeding: at(['start', 'provisional'], {
        ...open,
        E: 'proceeding [EF] start E 4000, send request',
      }),
      completed: at(['start', 'success'], {
        provisional: 'completed [K]',
        success: 'completed [K]',
        failure: 'completed [K]',
        K: DONE,
      }),
      'completed by a failure': at(['start', 'provisional', 'failure'], {
        provisional: 'completed [K]',
        success: 'completed [K]',
        failure: 'completed [K]',
        K: DONE,
      }),
      'terminated by K': gone(['start', 'success', 'K']),
      'terminated by F': gone(['start', 'provisional', 'F']),
      'terminated by the transport': gone(['start', 'transportError']),
    },
  };
};

/** RFC 3261 figure 7 as RFC 6026 figure 7 has it. */
const inviteServer = (reliable: boolean): MachineCase => {
  const completed = (status: number): string =>
    reliable
      ? `completed [GH] start H 32000, send ${status}`
      : `completed [GH] start G 500, start H 32000, send ${status}`;
  const open = {
    'respond 100': 'proceeding [] send 100',
    'respond 180': 'proceeding [] send 180',
    'respond 200': 'accepted [L] start L 32000, send 200',
    'respond 408': completed(408),
    'respond 486': completed(486),
    transportError: 'proceeding [] fail SIPX_TRANSPORT_SEND',
  };
  const closed = {
    request: 'completed [GH] send 486',
    ack: `confirmed [I] start I ${reliable ? 0 : 5000}`,
    transportError: 'completed [GH] fail SIPX_TRANSPORT_SEND',
    H: TIMEOUT,
  };
  return {
    kind: 'invite-server',
    reliable,
    states: {
      'proceeding, nothing sent': at([], { ...open, request: 'proceeding []' }),
      'proceeding after 100': at(['respond 100'], { ...open, request: 'proceeding [] send 100' }),
      'proceeding after 100 and 180': at(['respond 100', 'respond 180'], {
        ...open,
        request: 'proceeding [] send 180',
      }),
      accepted: at(['respond 200'], {
        request: 'accepted [L]',
        ack: 'accepted [L] deliver ACK',
        'respond 200': 'accepted [L] send 200',
        transportError: 'accepted [L] fail SIPX_TRANSPORT_SEND',
        L: DONE,
      }),
      completed: at(['respond 486'], {
        ...closed,
        G: 'completed [GH] start G 1000, send 486',
      }),
      'completed, G at T2': at(['respond 486', 'G', 'G', 'G'], {
        ...closed,
        G: 'completed [GH] start G 4000, send 486',
      }),
      confirmed: at(['respond 486', 'ack'], { ack: 'confirmed [I]', I: DONE }),
      'terminated by H': gone(['respond 486', 'H']),
      'terminated by I': gone(['respond 486', 'ack', 'I']),
      'terminated by L': gone(['respond 200', 'L']),
    },
  };
};

/** RFC 3261 figure 8, and RFC 4320 4: no 1xx but 100, and no 408. */
const nonInviteServer = (reliable: boolean): MachineCase => {
  const j = `start J ${reliable ? 0 : 32_000}`;
  const open = {
    'respond 100': 'proceeding [] send 100',
    'respond 200': `completed [J] ${j}, send 200`,
    'respond 408': `completed [J] ${j}`,
    'respond 486': `completed [J] ${j}, send 486`,
  };
  return {
    kind: 'non-invite-server',
    reliable,
    states: {
      trying: at([], { ...open, request: 'trying []' }),
      proceeding: at(['respond 100'], {
        ...open,
        request: 'proceeding [] send 100',
        transportError: LOST,
      }),
      completed: at(['respond 200'], {
        request: 'completed [J] send 200',
        transportError: LOST,
        J: DONE,
      }),
      'completed after 100': at(['respond 100', 'respond 486'], {
        request: 'completed [J] send 486',
        transportError: LOST,
        J: DONE,
      }),
      'completed without a word': at(['respond 408'], {
        request: 'completed [J]',
        transportError: LOST,
        J: DONE,
      }),
      'terminated by J': gone(['respond 200', 'J']),
      'terminated by the transport': gone(['respond 200', 'transportError']),
    },
  };
};

export const MACHINES: readonly MachineCase[] = [false, true].flatMap((reliable) => [
  inviteClient(reliable),
  nonInviteClient(reliable),
  inviteServer(reliable),
  nonInviteServer(reliable),
]);
