import { transportConformance } from '@sipx/testing/conformance';
import { udp } from '@sipx/transport-udp';

for (const host of ['127.0.0.1', '::1']) {
  transportConformance({ name: `udp, ${host}`, create: ({ config }) => udp(config), host });
}
