/** Text for users, as data: the output decides between plain text and Markdown. */
export type RichText = readonly (string | Strong | Code | Link)[];

interface Strong {
  readonly strong: string;
}

/** Text to read or copy unchanged: a command, or a message from outside. */
interface Code {
  readonly code: string;
}

/** Plain text shows the address instead of the label. */
interface Link {
  readonly label: string;
  readonly url: string;
}

export interface Sentence {
  /** What happened. */
  readonly said: RichText;
  /** A message from outside with the reason, after a colon. */
  readonly because?: string;
  /** What to do about it. */
  readonly next?: RichText;
}

function plain(text: RichText): string {
  return text
    .map((part) => {
      if (typeof part === 'string') return part;
      if ('strong' in part) return part.strong;
      return 'code' in part ? part.code : part.url;
    })
    .join('');
}

export function markdown(text: RichText): string {
  return text
    .map((part) => {
      if (typeof part === 'string') return escaped(part);
      if ('strong' in part) return `**${escaped(part.strong)}**`;
      return 'code' in part ? codeSpan(part.code) : `[${escaped(part.label)}](${part.url})`;
    })
    .join('');
}

/** On one line, without markup. */
export function plainSentence({ said, because, next }: Sentence): string {
  return [plain(said), because, next === undefined ? undefined : plain(next)]
    .filter((part) => part !== undefined)
    .join(' ');
}

/** In Markdown, on one line, without what to do: for a list of what happened. */
export function markdownLine({ said, because }: Sentence): string {
  return [markdown(said), ...(because === undefined ? [] : [markdown([{ code: because }])])].join(' ');
}

/** In Markdown: what happened, why and what to do in a paragraph each. */
export function markdownParagraphs({ said, because, next }: Sentence): string {
  const reason: RichText[] = because === undefined ? [] : [[{ code: because }]];
  return [said, ...reason, ...(next === undefined ? [] : [next])].map(markdown).join('\n\n');
}

/** Names from a Pipeline may contain characters that Markdown treats as markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>]/g, '\\$&');
}

/** On one line, within a fence that is longer than any in the text. */
function codeSpan(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest === 0 ? '' : ' ';
  return `${fence}${pad}${text.replace(/\s+/g, ' ').trim()}${pad}${fence}`;
}
