import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the heap's part for young objects small in `windlass api`. V8 lets it grow to 128 MiB while connections come and
 * go, and is as slow in giving back the bytes that their requests brought: memory that any sender could take. It does
 * not shrink, hence before anything else is loaded.
 */
if (process.argv[2] === 'api') setFlagsFromString('--semi-space-growth-factor=1');
