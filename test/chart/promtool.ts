/** Prometheus's own tool, of Debian's package `prometheus` or of a release. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** @returns what it printed @throws Error with what it found */
export async function promtool(...args: readonly string[]): Promise<string> {
  const program = process.env['PROMTOOL'] ?? 'promtool';
  try {
    return (await promisify(execFile)(program, args)).stdout;
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    if (code === 'ENOENT')
      throw new Error(`There is no ${program}: install Debian's package prometheus, or set PROMTOOL.`);
    throw new Error(`${stdout}\n${stderr}`, { cause: error });
  }
}
