import { type WriteStream } from 'node:tty';

const styles = { bold: 1, faint: 2, red: 31, green: 32, cyan: 36 } as const;
type Style = keyof typeof styles;

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const spinnerMs = 100;
/** Without a terminal, a long wait prints a line from time to time. */
const progressEveryMs = 10_000;

/** The demo's output: in color and with a spinner on a terminal, plain lines elsewhere. */
export class Terminal {
  private readonly coloured: boolean;
  private readonly live: boolean;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  /** @param env NO_COLOR (https://no-color.org) and TERM are used */
  constructor(
    private readonly out: Pick<WriteStream, 'write' | 'isTTY'>,
    env: Readonly<Record<string, string | undefined>>,
  ) {
    this.live = out.isTTY && env['TERM'] !== 'dumb';
    this.coloured = this.live && !env['NO_COLOR'];
  }

  line(text = ''): void {
    if (!this.closed) this.out.write(`${text}\n`);
  }

  title(text: string): void {
    this.line(`\n${this.style(text, 'bold')}`);
  }

  /** A fact, with its address or number. */
  fact(label: string, value: string): void {
    this.line(`  ${this.style('✓', 'green')} ${label.padEnd(17)} ${this.style(value, 'cyan')}`);
  }

  note(text: string): void {
    this.line(`    ${this.style(text, 'faint')}`);
  }

  failure(text: string): void {
    this.line(`\n  ${this.style('✗', 'red')} ${text}`);
  }

  /** Prints a unified diff without its technical header. */
  diff(text: string): void {
    for (const line of text.split('\n')) {
      if (line.startsWith('+++ b/')) this.line(`\n      ${this.style(line.slice('+++ b/'.length), 'bold')}`);
      else if (/^\+(?!\+\+)/.test(line)) this.line(`      ${this.style(line, 'green')}`);
      else if (/^-(?!--)/.test(line)) this.line(`      ${this.style(line, 'red')}`);
    }
    this.line();
  }

  /**
   * Shows that something is in progress until the work settles.
   * @param label what is in progress; a function if it changes
   */
  async waiting<T>(label: string | (() => string), work: Promise<T>): Promise<T> {
    const started = Date.now();
    const text = (): string => (typeof label === 'string' ? label : label());
    const seconds = (): number => Math.floor((Date.now() - started) / 1_000);
    let frame = 0;
    const draw = (): void => {
      if (this.live) {
        const sign = this.style(spinner[frame++ % spinner.length] ?? '', 'cyan');
        this.out.write(`\r\x1b[2K  ${sign} ${text()} ${this.style(`${seconds()} s`, 'faint')}`);
      } else {
        this.line(`  … ${text()} (${seconds()} s)`);
      }
    };
    if (this.live) draw();
    this.timer = setInterval(draw, this.live ? spinnerMs : progressEveryMs);
    try {
      return await work;
    } finally {
      this.endWaiting();
    }
  }

  /** Takes back the line that the Enter key has begun below the spinner. */
  takeBackEnter(): void {
    if (this.live) this.out.write('\r\x1b[2K\x1b[1A\x1b[2K');
  }

  /** Stops drawing; later output is ignored. */
  close(): void {
    this.endWaiting();
    this.closed = true;
  }

  private endWaiting(): void {
    if (this.timer === undefined) return;
    clearInterval(this.timer);
    this.timer = undefined;
    if (this.live) this.out.write('\r\x1b[2K');
  }

  private style(text: string, style: Style): string {
    return this.coloured ? `\x1b[${styles[style]}m${text}\x1b[0m` : text;
  }
}
