/** Why a login did not succeed, by the code that the server puts into the address: an address never holds a sentence. */
const sentences: Readonly<Record<string, string>> = {
  denied: 'The login was refused at your identity provider. Try again, or ask its administrator for access.',
  expired: 'This login took too long, or another one was begun since. Log in again.',
  unavailable: 'Your identity provider does not answer. Try again in a moment.',
  failed: "Your identity provider did not complete the login. Try again; the log of Windlass's API says why.",
  'unknown-person':
    "Your identity provider's token does not say who you are in a way that Windlass accepts. The log of Windlass's API says why.",
  link: 'This link was already used, has expired, or is in a page of another site, where it does not count: copy it into the address bar. To get another one, run windlass dashboard, or start windlass dev again.',
  'too-many': 'Too many logins have failed. Wait a minute, then try again.',
};

/** @param code as it is in the address, from anyone @returns undefined: it is not one */
export function failureSentence(code: string | null): string | undefined {
  return code !== null && Object.hasOwn(sentences, code) ? sentences[code] : undefined;
}
