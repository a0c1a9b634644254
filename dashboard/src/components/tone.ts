/** What a person should feel about a state: the one meaning of each color. */
export type Tone = 'good' | 'busy' | 'wait' | 'bad' | 'idle';
