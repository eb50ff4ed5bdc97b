export { type Dialog, type DialogId, DialogState } from './dialog.ts';
export { dialogIdOf } from './dialog-id.ts';
export { ackForSuccess, dialogRequest, type DialogRequestOptions } from './dialog-request.ts';
export { DialogTable } from './dialog-table.ts';
export { confirmed, dialogFromRequest, dialogFromResponse, terminated } from './life.ts';
export { receiveInDialog } from './receive.ts';
export { refreshTarget } from './remote-target.ts';
export { strictRouter } from './route-set.ts';
