/** The address of a listener. */
export interface BindAddress {
  /** Host name or IP address without brackets; absent: every interface, IPv4 and IPv6. */
  readonly host?: string;
  /** 0 to 65535; 0: any free port. */
  readonly port: number;
}

/** The format of Go's net.Listen: the host may be missing, an IPv6 address is in brackets. */
const goAddress = /^(?:\[(?<bracketed>[0-9a-fA-F:.]+(?:%[^\]]+)?)\]|(?<plain>[^:[\]]*)):(?<port>\d{1,5})$/;

/**
 * Parses an address in Go's format: `:8082`, `127.0.0.1:0`, `localhost:8080`, `[::1]:80`.
 * @returns undefined if it is not such an address
 */
export function parseBindAddress(text: string): BindAddress | undefined {
  const groups = goAddress.exec(text.trim())?.groups;
  const port = Number(groups?.['port']);
  if (groups === undefined || port > 65_535) return undefined;
  const host = groups['bracketed'] ?? groups['plain'] ?? '';
  return host === '' ? { port } : { host, port };
}

/** The inverse of `parseBindAddress`. */
export function formatBindAddress({ host = '', port }: BindAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
