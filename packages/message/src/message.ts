import type { Request } from './request.ts';
import type { Response } from './response.ts';

/** Switch on `type`, never on `instanceof`: a program may hold two copies of this package. */
export type Message = Request | Response;
