export * from '@sipx/message/bodies';
