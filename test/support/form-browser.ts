/** What a browser does without its pages: it keeps the cookies of this machine, for all ports, and follows no redirect by itself. */
export class FormBrowser {
  readonly cookies = new Map<string, string>();

  /** @param form for a POST */
  async send(url: string, form?: Readonly<Record<string, string>>): Promise<Response> {
    return this.request(url, form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) });
  }

  async request(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    // A server may be another one by the next request.
    headers.set('connection', 'close');
    if (this.cookies.size > 0) {
      headers.set('cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    }
    const answer = await fetch(url, { ...init, redirect: 'manual', headers });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }
}
