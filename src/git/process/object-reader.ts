/**
 * Reads a repository's objects and refs through one `git cat-file --batch-command`, however many there are to read.
 * simple-git cannot talk to a process that stays, hence a process of our own: no shell, fixed arguments, nothing from
 * outside but ids and refs that were checked.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { WindlassError } from '../../domain/errors';
import { objectNamePattern } from '../objects/object-id';
import { abortReason, GitExit, type GitSettings } from './git-command';
import {
  createAnswerBytes,
  parseDescription,
  tooLarge,
  type GitObject,
  type ObjectDescription,
} from './object-answers';
import { familyVariable } from './process-family';

/**
 * Every method throws GitExit when git fails, the signal's reason when it was aborted, WindlassError timed-out.
 * A failure ends the process; the next question starts another.
 */
export interface ObjectReader {
  /** @param names full object names, or full names of refs; the answer is undefined for what is missing */
  describe(names: readonly string[]): Promise<(ObjectDescription | undefined)[]>;
  /**
   * @param ids full object names; the answer is undefined for what is missing
   * @param maxBytes of all these objects together
   * @throws WindlassError invalid-manifest for more than that
   */
  read(ids: readonly string[], maxBytes: number): Promise<(GitObject | undefined)[]>;
  /** Ends the process and waits until it is gone. */
  close(): Promise<void>;
}

interface Question {
  readonly names: readonly string[];
  readonly maxBytes: number | undefined;
  answer(objects: readonly (ObjectDescription | GitObject | undefined)[]): void;
  fail(error: unknown): void;
}

interface Conversation {
  readonly alive: boolean;
  ask(question: Question): void;
  end(): Promise<void>;
}

const maxErrorBytes = 10_000;

export function createObjectReader(settings: GitSettings): ObjectReader {
  let conversation: Conversation | undefined;
  const conversations: Conversation[] = [];
  const ask = async <T>(names: readonly string[], maxBytes?: number): Promise<T[]> => {
    if (names.length === 0) return [];
    names.forEach(checkName);
    if (settings.signal.aborted) throw abortReason(settings.signal);
    // No await up to here: who asks at the same time talks to the same process.
    if (conversation?.alive !== true) conversations.push((conversation = startConversation(settings)));
    const current = conversation;
    return new Promise((resolve, reject) => {
      current.ask({ names, maxBytes, answer: (objects) => resolve(objects as T[]), fail: reject });
    });
  };
  return {
    describe: (names) => ask<ObjectDescription | undefined>(names),
    read: (ids, maxBytes) => ask<GitObject | undefined>(ids, maxBytes),
    async close() {
      await Promise.all(conversations.splice(0).map((each) => each.end()));
    },
  };
}

/** A name stands on a line of its own: it must not be able to hold another command. */
function checkName(name: string): void {
  if (!objectNamePattern.test(name) && !/^refs\/[0-9a-z/]+$/.test(name)) {
    throw new Error(`${JSON.stringify(name.slice(0, 80))} is no object name`);
  }
}

function startConversation(settings: GitSettings): Conversation {
  const [command, script] = settings.program;
  const child = spawn(command, [script, 'cat-file', '--batch-command', '--buffer'], {
    cwd: settings.directory,
    env: {
      ...settings.environment,
      [familyVariable]: `${settings.family}/reader`,
      GIT_DIR: settings.directory,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const questions: Question[] = [];
  const state = { alive: true, errors: '' };
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));

  const fail = (error: unknown): void => {
    if (!state.alive) return;
    state.alive = false;
    settings.signal.removeEventListener('abort', aborted);
    child.kill('SIGKILL');
    for (const question of questions.splice(0)) question.fail(error);
  };
  const aborted = (): void => fail(abortReason(settings.signal));
  const read = createAnswers(questions);
  settings.signal.addEventListener('abort', aborted, { once: true });
  child.stdout.on('data', (chunk: Buffer) => {
    try {
      if (state.alive) read(chunk);
    } catch (error) {
      fail(error);
    }
  });
  child.stderr.on('data', (chunk: Buffer) => {
    if (state.errors.length < maxErrorBytes) state.errors += chunk.toString('utf8');
  });
  // A broken pipe: why it broke, its exit tells.
  child.stdin.on('error', () => undefined);
  child.on('error', ({ message }) => fail(new GitExit(null, message)));
  child.on('close', (code) => fail(new GitExit(code, state.errors)));
  return {
    get alive() {
      return state.alive;
    },
    ask(question) {
      questions.push(withDeadline(question, settings.timeoutMs, fail));
      send(child, question);
    },
    end() {
      fail(new Error('the object reader was closed'));
      return gone;
    },
  };
}

function send(child: ChildProcessWithoutNullStreams, { names, maxBytes }: Question): void {
  const command = maxBytes === undefined ? 'info' : 'contents';
  child.stdin.write(`${names.map((name) => `${command} ${name}\n`).join('')}flush\n`);
}

function withDeadline(question: Question, timeoutMs: number, end: (error: unknown) => void): Question {
  const timer = setTimeout(() => {
    end(new WindlassError('timed-out', `A git command was ended after ${timeoutMs / 1000} s.`));
  }, timeoutMs);
  return {
    ...question,
    answer(objects) {
      clearTimeout(timer);
      question.answer(objects);
    },
    fail(error) {
      clearTimeout(timer);
      question.fail(error);
    },
  };
}

/** @returns takes git's output as it comes, and answers the questions in their order */
function createAnswers(questions: Question[]): (chunk: Buffer) => void {
  const bytes = createAnswerBytes();
  let answered: (ObjectDescription | GitObject | undefined)[] = [];
  let total = 0;
  let described: ObjectDescription | undefined;

  const finishAnswer = (object: ObjectDescription | GitObject | undefined): void => {
    answered.push(object);
    described = undefined;
    if (answered.length < (questions[0]?.names.length ?? 0)) return;
    questions.shift()?.answer(answered);
    answered = [];
    total = 0;
  };
  /** @returns false when more bytes are needed */
  const readAnswer = ({ names, maxBytes }: Question): boolean => {
    if (described === undefined) {
      const line = bytes.line();
      if (line === undefined) return false;
      described = parseDescription(line, names[answered.length] ?? '');
      if (described === undefined || maxBytes === undefined) {
        finishAnswer(described);
        return true;
      }
      total += described.size;
      if (total > maxBytes) throw tooLarge(described, maxBytes);
    }
    const content = bytes.content(described.size);
    if (content === undefined) return false;
    finishAnswer({ ...described, content });
    return true;
  };
  return (chunk) => {
    bytes.add(chunk);
    for (let question = questions[0]; question !== undefined; question = questions[0]) {
      if (!readAnswer(question)) return;
    }
  };
}
