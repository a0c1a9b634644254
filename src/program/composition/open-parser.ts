import { join } from 'node:path';
import { type Parser } from '../../parsing/parser';
import { createThreadParser } from '../../parsing/thread-parser';

/** Compiled by the build. */
const script = join(__dirname, '../../parsing/parser-thread.js');

/** The parser for all YAML of guests in this process. */
export function openParser(): Parser {
  return createThreadParser({ script });
}
