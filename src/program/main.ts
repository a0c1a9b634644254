#!/usr/bin/env node
import './require-supported-node';
import './small-young-generation';
import './no-debug-output';
import { CommanderError } from 'commander';
import { ConfigurationError } from '../config/configuration-error';
import { createProgram } from './program';

/** The exit code for an invalid command line or configuration. */
const usageError = 2;

createProgram()
  .parseAsync()
  .catch((error: unknown) => {
    // Commander has already printed its own errors; `--help` is not an error.
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : usageError;
      return;
    }
    console.error(`windlass: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = error instanceof ConfigurationError ? usageError : 1;
  })
  // Anything that keeps the process alive, such as a half-started server, must not prevent the exit.
  .finally(() => process.exit());
