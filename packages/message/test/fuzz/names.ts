/** Every header that is read as more than text, or has a compact form; some that are text; one that nobody knows. */
export const NAMES: readonly string[] = [
  ...['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Contact', 'Max-Forwards', 'Content-Length'],
  ...['Content-Type', 'Route', 'Record-Route', 'Proxy-Require', 'Require', 'Supported'],
  ...['Unsupported', 'Allow', 'Expires', 'Min-Expires', 'Accept', 'Accept-Encoding'],
  ...['Accept-Language', 'Alert-Info', 'Call-Info', 'Error-Info', 'Reply-To'],
  ...['Content-Disposition', 'Content-Encoding', 'Content-Language', 'In-Reply-To', 'Priority'],
  ...['Date', 'Retry-After', 'Timestamp', 'Warning', 'MIME-Version', 'Organization', 'Server'],
  ...['Subject', 'User-Agent', 'WWW-Authenticate', 'Authorization', 'Proxy-Authenticate'],
  ...['Proxy-Authorization', 'Authentication-Info', 'RAck', 'RSeq', 'Session-Expires', 'Min-SE'],
  ...['Refer-To', 'Referred-By', 'Replaces', 'Join', 'Target-Dialog', 'Event', 'Allow-Events'],
  ...['Subscription-State', 'SIP-ETag', 'SIP-If-Match', 'Path', 'Service-Route', 'Flow-Timer'],
  ...['P-Asserted-Identity', 'P-Preferred-Identity', 'Privacy', 'Reason', 'History-Info'],
  ...['Diversion', 'Identity', 'Security-Client', 'Security-Server', 'Security-Verify'],
  ...['Accept-Contact', 'Reject-Contact', 'Request-Disposition', 'Recv-Info', 'Info-Package'],
  ...['User-to-User', 'Session-ID', 'Content-ID', 'X-Nobody-Knows'],
];

export const COMPACT = 'vftimlckesrbouxyajd';
