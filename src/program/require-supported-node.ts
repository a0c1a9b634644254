import { satisfies } from 'semver';
import { engines } from '../../package.json';

// Imported before all else: an older Node fails on what comes next in words that say nothing of the cause.
if (!satisfies(process.versions.node, engines.node)) {
  console.error(
    `windlass: Node ${process.versions.node} is not one that Windlass runs on: Node 22.15 or newer of 22, or 24, is needed. ` +
      'Install one from https://nodejs.org/en/download; in a clone of the repository, `npx windlass` fetches one.',
  );
  process.exit(2);
}
