import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporalTargetFromEnvironment } from '../../../src/temporal/target-from-environment';

const directory = mkdtempSync(join(tmpdir(), 'windlass-temporal-'));
afterAll(() => rmSync(directory, { recursive: true }));

function toml(text: string): string {
  const file = join(directory, 'temporal.toml');
  writeFileSync(file, text);
  return file;
}

const read = (env: Readonly<Record<string, string>>) =>
  temporalTargetFromEnvironment({ TEMPORAL_CONFIG_FILE: join(directory, 'none'), ...env });

describe('the connection to Temporal', () => {
  it('is to the local server where nothing is said, also by empty variables', () => {
    const target = { address: 'localhost:7233', namespace: 'default', credentials: {} };
    expect(read({})).toEqual(target);
    expect(read({ TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: '\n', TEMPORAL_API_KEY: ' ' })).toEqual(target);
  });

  it('takes an API key without the line end of its file', () => {
    expect(read({ TEMPORAL_API_KEY: 'canary\n' }).credentials).toEqual({ tls: true, apiKey: 'canary' });
    expect(read({ TEMPORAL_GRPC_META_AUTHORIZATION: 'Bearer canary\r\n' }).credentials).toEqual({
      metadata: { authorization: 'Bearer canary' },
    });
    const file = toml('[profile.default]\napi_key = "canary\\n"\n');
    expect(read({ TEMPORAL_CONFIG_FILE: file }).credentials.apiKey).toBe('canary');
  });

  it.each(['temporal.example.com', 'temporal.example.com:7233', '127.0.0.1:7233', '[::1]:7233'])(
    'is to %s',
    (address) => expect(read({ TEMPORAL_ADDRESS: ` ${address}\n` }).address).toBe(address),
  );

  it.each([
    ['https://temporal.example.com:7233', /must be host:port without https:\/\/.*TEMPORAL_TLS=true/],
    ['http://temporal.example.com', /must be host:port without http:\/\//],
    ['grpc://temporal.example.com:7233', /must be host:port without grpc:\/\//],
    ['https://user:canary@temporal.example.com?key=canary', /must be host:port without https:\/\//],
    ['user:canary@temporal.example.com', /must be host:port, such as/],
    ['temporal.example.com:7233/', /must be host:port, such as/],
    ['temporal.example.com:port', /must be host:port, such as/],
  ])('refuses the address %s', (address, fault) => {
    expect(() => read({ TEMPORAL_ADDRESS: address })).toThrow(fault);
    expect(() => read({ TEMPORAL_ADDRESS: address })).not.toThrow(/canary/);
  });

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['a key with a line break in it', { TEMPORAL_API_KEY: 'canary\ncanary' }, /^TEMPORAL_API_KEY or/],
    [
      'metadata that no header can hold',
      { TEMPORAL_GRPC_META_X: 'canary\u0007x' },
      /TEMPORAL_GRPC_META_… holds/,
    ],
    [
      'a client key that is none',
      { TEMPORAL_TLS_CLIENT_CERT_DATA: 'canary', TEMPORAL_TLS_CLIENT_KEY_DATA: 'canary' },
      /cannot be used: each must be PEM/,
    ],
    [
      'a key in place of a path',
      { TEMPORAL_TLS_CLIENT_KEY_PATH: '-----BEGIN KEY-----\ncanary' },
      /^a file that a setting/,
    ],
    [
      'a file that is not there',
      { TEMPORAL_TLS_CLIENT_KEY_PATH: '/no/such.pem' },
      /^\/no\/such\.pem cannot be read/,
    ],
  ])('refuses %s without showing it', (_, env, fault) => {
    expect(() => read(env)).toThrow(fault);
    expect(() => read(env)).not.toThrow(/canary/);
  });

  it('refuses a file that is no TOML, without quoting it', () => {
    const file = toml('[profile.default]\napi_key = canary\n');
    expect(() => read({ TEMPORAL_CONFIG_FILE: file })).toThrow('temporal.toml is no TOML (line 2, column');
    expect(() => read({ TEMPORAL_CONFIG_FILE: file })).not.toThrow(/canary/);
  });
});
