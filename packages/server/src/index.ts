export { Gatekeeper, type GatekeeperOptions } from './gatekeeper.ts';
export { type Binding, type LocationStore, MemoryLocationStore } from './location-store.ts';
export { Proxy, type ProxyOptions } from './proxy.ts';
export { Registrar, type RegistrarOptions } from './registrar.ts';
export { ServerContext } from './server-context.ts';
export { type Answer, type Service } from './service.ts';
export {
  AsyncSIPServer,
  type RequestHandler,
  SIPServer,
  type SIPServerOptions,
} from './sip-server.ts';
export { type Users } from './user-directory.ts';
