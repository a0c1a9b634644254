/** Answers of a Git server that means harm, for `intercept` of a GitHttpServer. */
import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { deflateSync } from 'node:zlib';

/** https://git-scm.com/docs/protocol-common#_pkt_line_format */
function packet(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
}

const flush = Buffer.from('0000');
const delimiter = Buffer.from('0001');
const head = 'a'.repeat(40);
const service = [packet('# service=git-upload-pack\n'), flush];

export type Attack = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** Sends what `next` gives until the client is gone. */
async function pour(response: ServerResponse, next: () => Buffer): Promise<boolean> {
  const gone = once(response, 'close');
  const state = { open: true };
  void gone.then(() => (state.open = false));
  while (state.open) {
    if (!response.write(next())) await Promise.race([once(response, 'drain'), gone]);
  }
  return true;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

/** Lists refs without end, in protocol version 0. Each matches the pattern of the base branch. */
export const endlessRefs: Attack = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
  response.write(Buffer.concat([...service, packet(`${head} refs/heads/main\0 agent=x\n`)]));
  let count = 0;
  return pour(response, () =>
    Buffer.concat(
      Array.from({ length: 500 }, () =>
        packet(`${head} refs/heads/${'p'.repeat(800)}${count++}/refs/heads/main\n`),
      ),
    ),
  );
};

/** Has one branch; `answer` is what comes when its commit is fetched. */
function atFetch(answer: (response: ServerResponse) => Promise<boolean>): Attack {
  return async (request, response) => {
    if (request.method === 'GET') {
      const words = ['version 2\n', 'agent=x\n', 'ls-refs\n', 'fetch=shallow\n', 'object-format=sha1\n'];
      response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' });
      response.end(Buffer.concat([...service, ...words.map(packet), flush]));
      return true;
    }
    const body = await bodyOf(request);
    response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' });
    if (body.includes('command=ls-refs')) {
      response.end(Buffer.concat([packet(`${head} refs/heads/main\n`), flush]));
      return true;
    }
    const shallow = [packet('shallow-info\n'), packet(`shallow ${head}\n`), delimiter];
    response.write(Buffer.concat([...shallow, packet('packfile\n')]));
    return answer(response);
  };
}

/** Messages for people, without end. */
export const endlessMessages = atFetch((response) => {
  const lines = packet(Buffer.concat([Buffer.from([2]), Buffer.from(`${'E'.repeat(99)}\n`.repeat(600))]));
  return pour(response, () => lines);
});

/** A pack without end, of blobs that nothing compresses. */
export const endlessPack = atFetch((response) => {
  const content = Buffer.alloc(60_000);
  let sent = false;
  return pour(response, () => {
    const header = sent ? Buffer.alloc(0) : Buffer.from('PACK\0\0\0\x02\0\x1f\xff\xff', 'latin1');
    sent = true;
    const object = [objectHeader(3, content.length), deflateSync(randomFillSync(content), { level: 0 })];
    return packet(Buffer.concat([Buffer.from([1]), header, ...object]));
  });
});

/** https://git-scm.com/docs/pack-format: three bits of type, and the size in groups of four and then seven bits. */
function objectHeader(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 15)];
  for (let rest = size >> 4; rest > 0; rest >>= 7) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
    bytes.push(rest & 127);
  }
  return Buffer.from(bytes);
}
