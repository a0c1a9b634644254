import { Terminal } from '../../../demo/terminal';

interface Screen {
  readonly isTTY: boolean;
  text: string;
  write(text: string): boolean;
}

function screen(isTTY: boolean): Screen {
  return {
    isTTY,
    text: '',
    write(text) {
      this.text += text;
      return true;
    },
  };
}

const diff =
  'diff --git a/x.yaml b/x.yaml\n--- a/x.yaml\n+++ b/x.yaml\n@@ -1 +1 @@\n-version: 1\n+version: 2\n';

describe("the demo's words", () => {
  it('colour the diff on a terminal', () => {
    const out = screen(true);
    new Terminal(out, {}).diff(diff);
    expect(out.text).toContain('\x1b[31m-version: 1\x1b[0m');
    expect(out.text).toContain('\x1b[32m+version: 2\x1b[0m');
  });

  it.each([
    ['NO_COLOR is set', true, { NO_COLOR: '1' }],
    ['the terminal is dumb', true, { TERM: 'dumb' }],
    ['there is no terminal', false, {}],
  ])('are plain where %s', (_name, isTTY, env) => {
    const out = screen(isTTY);
    const terminal = new Terminal(out, env);
    terminal.title('Title');
    terminal.diff(diff);
    expect(out.text).not.toContain('\x1b[3');
    expect(out.text).toContain('\n      x.yaml\n      -version: 1\n      +version: 2\n');
  });

  it('show what goes on while it lasts, and clear it away', async () => {
    const out = screen(true);
    expect(await new Terminal(out, { NO_COLOR: '1' }).waiting('Temporal starts', Promise.resolve(7))).toBe(7);
    expect(out.text).toMatch(/^\r\x1b\[2K {2}⠋ Temporal starts 0 s\r\x1b\[2K$/);
  });

  it.each([
    ['a terminal', true, '\r\x1b[2K\x1b[1A\x1b[2K'],
    ['no terminal', false, ''],
  ])('take back the line of the Enter key: %s', (_name, isTTY, expected) => {
    const out = screen(isTTY);
    new Terminal(out, {}).takeBackEnter();
    expect(out.text).toBe(expected);
  });

  it('hand on why something failed', async () => {
    const failure = new Error('no space');
    await expect(new Terminal(screen(true), {}).waiting('x', Promise.reject(failure))).rejects.toBe(failure);
  });

  it('end at once when closed, even in the middle of a wait', () => {
    const out = screen(true);
    const terminal = new Terminal(out, {});
    void terminal.waiting('for ever', new Promise(() => undefined));
    terminal.close();
    const { text } = out;
    terminal.line('too late');
    expect(out.text).toBe(text);
    expect(text.endsWith('\r\x1b[2K')).toBe(true);
  });
});
