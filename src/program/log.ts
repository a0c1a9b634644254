import { type DestinationStream, type Logger, pino } from 'pino';
import { type Config } from '../config/config';
import { traceFields } from '../tracing/spans';

/**
 * The program's log, on standard output, with the fields of pipeline-controller: `level`, `ts`, `msg`.
 * @param destination default: standard output
 */
export function createLog({ level, encoding }: Config['log'], destination?: DestinationStream): Logger {
  const json = destination ?? pino.destination({ fd: 1, sync: true });
  return pino(
    {
      level,
      base: null,
      mixin: () => ({ ...traceFields() }),
      timestamp: () => `,"ts":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    encoding === 'json' ? json : { write: (line) => json.write(consoleLine(line)) },
  );
}

/** Time, level, message and the other fields, separated by tabs, as zap's console encoding has them. */
function consoleLine(json: string): string {
  const { level, ts, msg, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const rest = Object.keys(fields).length === 0 ? [] : [JSON.stringify(fields)];
  return [ts, String(level).toUpperCase(), msg ?? '', ...rest].join('\t') + '\n';
}
