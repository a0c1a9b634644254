/** The parser's thread, from its TypeScript. */
require('./typescript-hook.cjs');
require('../../src/parsing/parser-thread.ts');
