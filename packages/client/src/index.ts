export { AsyncClient, Client, type ClientEvents } from './client.ts';
export {
  type CallOptions,
  type ClientOptions,
  type RegisterOptions,
  type RequestOptions,
  type TransportName,
} from './client-options.ts';
export { RegisterRejectedError } from './register-error.ts';
export { Registration, type RegistrationEvents } from './registration.ts';
