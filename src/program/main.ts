#!/usr/bin/env node
import './require-supported-node';
import './no-debug-output';
import { CommanderError } from 'commander';
import { ConfigurationError } from '../config/configuration-error';
import { createProgram } from './program';

/** The exit code of a program that was called wrongly. */
const usageError = 2;

createProgram()
  .parseAsync()
  .catch((error: unknown) => {
    // Commander has printed its own already; asking for help is none.
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : usageError;
      return;
    }
    console.error(`windlass: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = error instanceof ConfigurationError ? usageError : 1;
  })
  // Whatever still holds the process, such as a server that is half started, must not keep it.
  .finally(() => process.exit());
