/** A collector of traces, over OTLP with protobuf. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse, Reader, Type } from 'protobufjs';

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined: the trace begins with it. */
  readonly parentId: string | undefined;
  readonly name: string;
  readonly service: string;
  /** Such as `SPAN_KIND_CLIENT`. */
  readonly kind: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly linkedTraces: readonly string[];
  readonly isError: boolean;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

export interface Collector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly spans: readonly CollectedSpan[];
  /** All that was received, as text: to look for what must not be in it. */
  readonly raw: () => string;
  readonly headers: readonly IncomingHttpHeaders[];
  /** What was wrong with requests. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

const request = parse(readFileSync(join(__dirname, 'trace.proto'), 'utf8')).root.lookupType(
  'ExportTraceServiceRequest',
);

export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const bodies: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const faults: string[] = [];
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const received = Buffer.concat(chunks);
      const body = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(received) : received;
      headers.push(incoming.headers);
      bodies.push(body.toString('latin1'));
      try {
        if (incoming.method !== 'POST' || incoming.url !== '/v1/traces') throw new Error(incoming.url);
        if (incoming.headers['content-type'] !== 'application/x-protobuf') throw new Error('content-type');
        spans.push(...readSpans(body));
        answer.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      } catch (error) {
        faults.push(String(error));
        answer.writeHead(400).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    raw: () => bodies.join('\n'),
    headers,
    faults,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly Attribute[];
  readonly links?: readonly { readonly traceId: string }[];
  readonly status?: { readonly code?: string };
}

interface WireRequest {
  readonly resourceSpans?: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
}

/** @throws if there is more in it than the messages have */
function readSpans(body: Buffer): CollectedSpan[] {
  requireKnownFields(request, body);
  const { resourceSpans = [] } = request.toObject(request.decode(body), {
    bytes: String,
    longs: String,
    enums: String,
  }) as WireRequest;
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => readSpan(span, service)));
  });
}

/** Decoders skip what they do not know. @throws if there is any */
function requireKnownFields(type: Type, bytes: Uint8Array): void {
  const reader = Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const field = type.fieldsById[tag >>> 3]?.resolve();
    if (field === undefined) throw new Error(`${type.name} has no field ${tag >>> 3}`);
    if (field.resolvedType instanceof Type) requireKnownFields(field.resolvedType, reader.bytes());
    else reader.skipType(tag & 7);
  }
}

function readSpan(span: WireSpan, service: string): CollectedSpan {
  const hex = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');
  const ms = (nano: string): number => Number(BigInt(nano) / 1_000n) / 1_000;
  const { parentSpanId = '', attributes = [], links = [], status } = span;
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentId: parentSpanId === '' ? undefined : hex(parentSpanId),
    name: span.name,
    service,
    kind: span.kind,
    attributes: valuesOf(attributes),
    linkedTraces: links.map(({ traceId }) => hex(traceId)),
    isError: status?.code === 'STATUS_CODE_ERROR',
    from: ms(span.startTimeUnixNano),
    to: ms(span.endTimeUnixNano),
  };
}

function valuesOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
