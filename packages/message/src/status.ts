/** The reason phrase that goes with a status code; that of its class for one which is not registered. */
export const reasonPhrase = (status: number): string =>
  PHRASES[status] ?? PHRASES[Math.floor(status / 100) * 100] ?? 'Unknown';

/** RFC 3261 21, and the registry of response codes: a code and its phrase, and those of the next codes. */
const RUNS = `100 Trying
180 Ringing,Call Is Being Forwarded,Queued,Session Progress
199 Early Dialog Terminated,OK
202 Accepted
204 No Notification
300 Multiple Choices,Moved Permanently,Moved Temporarily
305 Use Proxy
380 Alternative Service
400 Bad Request,Unauthorized,Payment Required,Forbidden,Not Found,Method Not Allowed,Not Acceptable
407 Proxy Authentication Required,Request Timeout
410 Gone
412 Conditional Request Failed,Request Entity Too Large,Request-URI Too Long,Unsupported Media Type
416 Unsupported URI Scheme,Unknown Resource-Priority
420 Bad Extension,Extension Required,Session Interval Too Small,Interval Too Brief
424 Bad Location Information,Bad Alert Message
428 Use Identity Header,Provide Referrer Identity,Flow Failed
433 Anonymity Disallowed
436 Bad Identity-Info,Unsupported Certificate,Invalid Identity Header,First Hop Lacks Outbound Support
440 Max-Breadth Exceeded
469 Bad Info Package,Consent Needed
480 Temporarily Unavailable,Call/Transaction Does Not Exist,Loop Detected,Too Many Hops
484 Address Incomplete,Ambiguous,Busy Here,Request Terminated,Not Acceptable Here,Bad Event
491 Request Pending
493 Undecipherable,Security Agreement Required
500 Server Internal Error,Not Implemented,Bad Gateway,Service Unavailable,Server Time-out
505 Version Not Supported
513 Message Too Large
555 Push Notification Service Not Supported
580 Precondition Failure
600 Busy Everywhere
603 Decline,Does Not Exist Anywhere
606 Not Acceptable,Unwanted,Rejected`;

const PHRASES: string[] = [];
for (const run of RUNS.split('\n')) {
  for (const [at, phrase] of run.slice(4).split(',').entries()) {
    PHRASES[Number(run.slice(0, 3)) + at] = phrase;
  }
}
