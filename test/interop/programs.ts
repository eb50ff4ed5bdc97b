import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Daemons are not on everybody's path. */
const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];

/** The path of an installed program, or undefined. */
const findProgram = (name: string): string | undefined =>
  FOLDERS.map((folder) => join(folder, name)).find(isExecutable);

/** The path of a program that is not lacking. */
export const program = (name: string): string => findProgram(name) ?? name;

/**
 * Whether a suite has to be skipped for want of a program, and says so.
 * With CI set it throws instead, and the suite fails: somebody relies on it there.
 */
export const isLacking = (...programs: readonly string[]): boolean => {
  const missing = programs.filter((one) => findProgram(one) === undefined);
  if (missing.length === 0) return false;
  const why = `not installed: ${missing.join(', ')} (Debian: apt install kamailio sip-tester)`;
  if (process.env['CI']) throw new Error(why);
  console.warn(`SKIPPED, ${why}`);
  return true;
};

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
