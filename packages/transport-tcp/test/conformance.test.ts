import { transportConformance } from '@sipx/testing/conformance';
import { tcp } from '@sipx/transport-tcp';

for (const host of ['127.0.0.1', '::1']) {
  transportConformance({ name: `tcp, ${host}`, create: ({ config }) => tcp(config), host });
}
