/** Git's words about the way to the remote. */
import { type Rule, type Sentence } from './failure-rule';

/** Of a server that wants a client certificate, GnuTLS and OpenSSL often say no more than that the connection ended. */
const brokeOff: Sentence = ({ host }, _words, output) =>
  /unable to access 'https:/.test(output)
    ? `The connection to ${host} broke off: if it requires a client certificate, check tls.crt and tls.key of the Secret.`
    : `The connection to ${host} broke off.`;

/** The first that matches counts. */
export const networkRules: readonly Rule[] = [
  {
    code: 'network',
    pattern: /could not resolve (host|proxy|hostname)|name or service not known/i,
    sentence: ({ host }) => `The name ${host}, or the proxy on the way there, cannot be resolved.`,
  },
  {
    code: 'network',
    pattern:
      /connection refused|failed to connect|couldn't connect|could not connect|no route to host|network is unreachable|proxy/i,
    sentence: ({ host }) => `${host} cannot be reached: no connection.`,
  },
  {
    code: 'network',
    pattern: /(certificate subject name|alternative certificate subject)[^\n]* match/i,
    sentence: ({ host }) => `The certificate of ${host} is for another host name.`,
  },
  {
    code: 'network',
    pattern: /certificate (has expired|expiration date has passed)/i,
    sentence: ({ host }) => `The certificate of ${host} has expired.`,
  },
  {
    code: 'network',
    pattern: /unexpected TLS packet|wrong version number/i,
    sentence: ({ host }) => `${host} does not speak TLS on that port.`,
  },
  {
    code: 'network',
    pattern: /\bTLS fatal alert\b|\balert\b[^\n]*(certificate|unknown ca|handshake)/i,
    sentence: brokeOff,
  },
  {
    code: 'network',
    pattern: /certificate/i,
    sentence: ({ host }) =>
      `The certificate of ${host} is not trusted: add the authority that issued it to the Secret as ca.crt.`,
  },
  {
    code: 'network',
    pattern: /timed out|too slow/i,
    sentence: ({ host }) => `${host} did not answer in time.`,
  },
  {
    code: 'network',
    pattern:
      /connection (reset|closed)|empty reply|early EOF|unexpected disconnect|hung up|transfer closed|(recv|send) failure|stream \d+ was not closed|RPC failed|kex_exchange|could not read from remote|SSL|TLS|getpeername\(\) failed/i,
    sentence: brokeOff,
  },
];
