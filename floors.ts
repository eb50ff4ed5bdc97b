/**
 * The floors of the house: what each package may import. Imports go downward only, never sideways.
 *
 * This table is the one source. From it come the rules that refuse an import (`scripts/floors/rules.ts`),
 * the check of each package.json (`scripts/floors/manifests.ts`) and the picture in docs/architecture.md
 * (`scripts/floors/picture.ts`). To let a package import something, change it here and say why in the commit.
 */
export interface Floor {
  /** The folder below the root. */
  readonly folder: string;
  /** Its height; a package imports lower floors alone. `beside` stands outside the house: only tests import it. */
  readonly floor: number | 'beside';
  /** What it does, in one line. */
  readonly job: string;
  /** Workspace packages that its sources may import, by name. */
  readonly workspace: readonly string[];
  /** Workspace packages that one file alone may import: package name to that file, below the folder. */
  readonly workspaceOnlyIn?: Readonly<Record<string, string>>;
  /** npm packages that its sources may import. */
  readonly npm: readonly string[];
  /** npm packages that one part of the sources alone may import: name to the file or folder, below the folder. */
  readonly npmOnlyIn?: Readonly<Record<string, string>>;
  /** Whether its sources may import `node:` modules: all of them, none, or the one file that is named. */
  readonly node: boolean | string;
  /** Parts of the sources (folders) with no edge between them, in either direction. */
  readonly apart?: readonly [string, string];
}

export const floors: Readonly<Record<string, Floor>> = {
  '@sipx/contracts': {
    folder: 'packages/contracts',
    floor: 0,
    job: 'what the others agree on: transports, media sessions, clocks, ids, loggers, coded errors',
    workspace: [],
    npm: [],
    node: false,
  },
  '@sipx/message': {
    folder: 'packages/message',
    floor: 1,
    job: 'bytes to requests and responses and back: headers, URIs, bodies; no I/O',
    workspace: ['@sipx/contracts'],
    npm: [],
    npmOnlyIn: { 'sdp-transform': 'src/bodies/sdp/', 'fast-xml-parser': 'src/bodies/xml/' },
    node: false,
    // `/bodies/sdp` and `/bodies/xml` load one parser each.
    apart: ['src/bodies/sdp/', 'src/bodies/xml/'],
  },
  '@sipx/auth': {
    folder: 'packages/auth',
    floor: 1,
    job: 'digest challenges, answers and verification, from header strings; no I/O',
    workspace: ['@sipx/contracts'],
    npm: ['@noble/hashes'],
    node: false,
  },
  '@sipx/transport-udp': {
    folder: 'packages/transport-udp',
    floor: 1,
    job: 'UDP sockets: bytes in, bytes out',
    workspace: ['@sipx/contracts'],
    npm: [],
    node: true,
  },
  '@sipx/transport-tcp': {
    folder: 'packages/transport-tcp',
    floor: 1,
    job: 'TCP sockets: bytes in, bytes out',
    workspace: ['@sipx/contracts'],
    npm: [],
    node: true,
  },
  '@sipx/transport': {
    folder: 'packages/transport',
    floor: 2,
    job: 'stream framing, connection pool, where a request and where a response goes',
    workspace: ['@sipx/contracts', '@sipx/message'],
    npm: [],
    node: false,
  },
  '@sipx/fsm': {
    folder: 'packages/fsm',
    floor: 2,
    job: 'transactions and dialogs as pure state machines, and the StateManager that holds them',
    workspace: ['@sipx/contracts', '@sipx/message'],
    npm: [],
    node: false,
    apart: ['src/transaction/', 'src/dialog/'],
  },
  '@sipx/media': {
    folder: 'packages/media',
    floor: 2,
    job: 'RTP, G.711, DTMF, jitter buffer, PCM streams: a media session for calls',
    workspace: ['@sipx/contracts'],
    npm: ['alawmulaw'],
    node: true,
  },
  '@sipx/handlers': {
    folder: 'packages/handlers',
    floor: 3,
    job: 'the chain of responsibility and the stock handlers',
    workspace: ['@sipx/contracts', '@sipx/message', '@sipx/auth', '@sipx/fsm'],
    npm: [],
    node: false,
  },
  '@sipx/endpoint': {
    folder: 'packages/endpoint',
    floor: 4,
    job: 'owns sockets, timers and the one StateManager; matches, runs effects, feeds the chain',
    workspace: [
      '@sipx/contracts',
      '@sipx/message',
      '@sipx/transport',
      '@sipx/fsm',
      '@sipx/handlers',
    ],
    // A transport is an argument; its name alone ('udp') is resolved here, so that a browser build can leave the sockets out.
    workspaceOnlyIn: {
      '@sipx/transport-udp': 'src/transports.ts',
      '@sipx/transport-tcp': 'src/transports.ts',
    },
    npm: ['eventemitter3'],
    node: 'src/dns.ts',
  },
  '@sipx/session': {
    folder: 'packages/session',
    floor: 5,
    job: 'calls: the INVITE core that client and server share',
    workspace: [
      '@sipx/contracts',
      '@sipx/message',
      '@sipx/fsm',
      '@sipx/handlers',
      '@sipx/endpoint',
    ],
    npm: ['eventemitter3'],
    node: false,
  },
  '@sipx/client': {
    folder: 'packages/client',
    floor: 6,
    job: 'a user agent: register, call, be called',
    workspace: [
      '@sipx/contracts',
      '@sipx/message',
      '@sipx/auth',
      '@sipx/fsm',
      '@sipx/handlers',
      '@sipx/endpoint',
      '@sipx/session',
    ],
    npm: ['eventemitter3'],
    node: false,
  },
  '@sipx/server': {
    folder: 'packages/server',
    floor: 6,
    job: 'a server: registrar, proxy, application server',
    workspace: [
      '@sipx/contracts',
      '@sipx/message',
      '@sipx/auth',
      '@sipx/transport',
      '@sipx/fsm',
      '@sipx/handlers',
      '@sipx/endpoint',
      '@sipx/session',
    ],
    npm: [],
    node: false,
  },
  sipx: {
    folder: 'packages/sipx',
    floor: 7,
    job: 'the umbrella: re-exports and nothing else',
    workspace: [
      '@sipx/contracts',
      '@sipx/message',
      '@sipx/auth',
      '@sipx/transport',
      '@sipx/fsm',
      '@sipx/handlers',
      '@sipx/endpoint',
      '@sipx/session',
      '@sipx/client',
      '@sipx/server',
    ],
    // `import 'sipx'` loads no socket: the classes are at `sipx/transports`.
    workspaceOnlyIn: {
      '@sipx/transport-udp': 'src/transports.ts',
      '@sipx/transport-tcp': 'src/transports.ts',
    },
    npm: [],
    node: false,
  },
  '@sipx/testing': {
    folder: 'packages/testing',
    floor: 'beside',
    job: 'for tests: manual clock, seeded ids, a network in memory, conformance suites',
    workspace: ['@sipx/contracts'],
    npm: [],
    npmOnlyIn: { vitest: 'src/conformance.ts' },
    node: false,
  },
  '@sipx/softphone': {
    folder: 'apps/softphone',
    floor: 8,
    job: 'the softphone on the command line, with an embedded PBX',
    workspace: ['sipx', '@sipx/media'],
    npm: ['commander', 'pino', 'pino-pretty'],
    node: true,
  },
};
