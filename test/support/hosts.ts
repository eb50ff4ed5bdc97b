/** Of the documentation's network (RFC 5737): nothing of these tests ever reaches a real one. */
export const HERE = '192.0.2.1';
export const PEER = '192.0.2.2';
