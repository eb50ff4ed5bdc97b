export * from '@sipx/auth';
export * from '@sipx/client';
export * from '@sipx/contracts';
export * from '@sipx/endpoint';
export * from '@sipx/fsm';
export * from '@sipx/handlers';
export * from '@sipx/message';
export * from '@sipx/message/build';
export * from '@sipx/message/strict';
export * from '@sipx/message/validate';
export * from '@sipx/server';
export * from '@sipx/session';
export * from '@sipx/transport';

// message calls the parts of a Request so too; here it means what a user of the umbrella meets first. The type alone,
// so that no copy of a value stands beside the ones above.
export { type RequestOptions } from '@sipx/client';
