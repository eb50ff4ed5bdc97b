import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The messages of the corpus beside, and those of RFC 4475 where their archive lies beside the repository. */
export const readCorpus = (): readonly Buffer[] => {
  const own = new URL('../corpus/', import.meta.url);
  const torture = new URL('../../../../../shared/rfc4475/', import.meta.url);
  return [
    ...filesOf(own, '.txt').map(readCase),
    ...filesOf(torture, '.dat').map((file) => readFileSync(file)),
  ];
};

const filesOf = (folder: URL, end: string): URL[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith(end))
        .toSorted()
        .map((name) => new URL(name, folder))
    : [];

const readCase = (file: URL): Buffer => {
  const text = readFileSync(file, 'latin1').replaceAll('\r\n', '\n');
  const octets = text
    .slice(text.indexOf('---\n') + 4)
    .replaceAll('\n', '\r\n')
    .replaceAll(/\{([0-9A-F]{2})\}/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  return Buffer.from(octets, 'latin1');
};
