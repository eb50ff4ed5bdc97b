/** RFC 3261 table 4, and L and M of RFC 6026. C is a proxy's own and no transaction timer. */
export type TimerName = 'A' | 'B' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M';
