export { type Dialog, type DialogId, dialogMoves, DialogState } from './dialog.ts';
export { dialogIdOf, dialogIdOfSent } from './dialog-id.ts';
export { ackForSuccess, dialogRequest, type DialogRequestOptions } from './dialog-request.ts';
export { DialogTable } from './dialog-table.ts';
export {
  confirmed,
  dialogFromRequest,
  dialogFromResponse,
  formsDialog,
  terminated,
} from './life.ts';
export { receiveInDialog } from './receive.ts';
export { refreshTarget } from './remote-target.ts';
export { strictRouter } from './route-set.ts';
