/** How Temporal's SDK serves its metrics: on a listener of its own, because it writes them itself. */
import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { type MetricsExporterConfig } from '@temporalio/worker';
import { type BindAddress, formatBindAddress } from '../../http/serving/bind-address';

/**
 * Names by the conventions of Prometheus, such as `temporal_request_total` and `temporal_request_latency_seconds`.
 * @param bind its host may be a name
 */
export async function temporalMetrics(bind: BindAddress): Promise<MetricsExporterConfig> {
  return {
    attachServiceName: false,
    prometheus: {
      bindAddress: formatBindAddress({ host: await addressOf(bind), port: bind.port }),
      countersTotalSuffix: true,
      unitSuffix: true,
      useSecondsForDurations: true,
    },
  };
}

/** The SDK wants an IP address. */
async function addressOf({ host }: BindAddress): Promise<string> {
  if (host !== undefined) return (await lookup(host)).address;
  const interfaces = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  // Every interface, as Node listens: the address of IPv6 takes IPv4 too, but not where the machine has none of IPv6.
  return interfaces.some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}
