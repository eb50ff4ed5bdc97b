export { type AgentSettings, type RequestSettings } from './agent-settings.ts';
export { Call, type CallEnd, type CallEvents } from './call.ts';
export { CallEndedError, CallRejectedError } from './call-error.ts';
export { type CallMedia } from './call-media.ts';
export { CallState } from './call-state.ts';
export { ALLOW } from './in-dialog.ts';
export {
  type InviteOptions,
  type RouteOptions,
  UserAgent,
  type UserAgentOptions,
} from './user-agent.ts';
