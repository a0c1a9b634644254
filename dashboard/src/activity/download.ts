/** Hands a file to the browser, which asks where to put it or puts it with the downloads. */
export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has read it by the time that it would be collected.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
