/**
 * For NODE_OPTIONS: ends the process, as the kernel does for want of memory, where git is to talk to a repository named
 * `poison`. A stand-in for what nobody has thought of yet.
 */
const childProcess = require('node:child_process');

const { spawn } = childProcess;
childProcess.spawn = (command, args, ...rest) => {
  if (Array.isArray(args) && args.some((arg) => arg.includes('/poison.git')))
    process.kill(process.pid, 'SIGKILL');
  return spawn(command, args, ...rest);
};
