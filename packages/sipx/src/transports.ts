export * from '@sipx/transport-tcp';
export * from '@sipx/transport-udp';
