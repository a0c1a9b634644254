/** Served as a separate file, because the pages' content security policy allows no inline styles. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1f2328, #e6edf3); --faint: light-dark(#59636e, #9198a1);
  --page: light-dark(#f6f8fa, #0d1117); --card: light-dark(#ffffff, #151b23); --line: light-dark(#d1d9e0, #3d444d);
  --link: light-dark(#0969da, #4493f8);
  --open: #1f883d; --merged: #8250df; --closed: #cf222e;
  --added: light-dark(#dafbe1, #12361f); --removed: light-dark(#ffebe9, #431c1d); --hunk: light-dark(#ddf4ff, #15273d);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.55 system-ui, sans-serif; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
code, pre, .diff { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 13px; }
code { background: color-mix(in srgb, var(--faint) 14%, transparent); border-radius: 5px; padding: .15em .4em; }
header { background: var(--card); border-bottom: 1px solid var(--line); padding: 14px 24px; font-weight: 600; }
header span { color: var(--faint); font-weight: 400; margin: 0 6px; }
main { max-width: 880px; margin: 28px auto 64px; padding: 0 20px; }
h1 { font-size: 26px; font-weight: 500; line-height: 1.25; margin: 0 0 12px; overflow-wrap: anywhere; }
h1 small { color: var(--faint); font-size: inherit; font-weight: 300; }
h2 { font-size: 14px; font-weight: 600; margin: 0; padding: 10px 16px; border-bottom: 1px solid var(--line); }
h2 code { background: none; padding: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin: 20px 0; overflow: hidden; }
.content { padding: 4px 16px; overflow-wrap: anywhere; }
.content table { border-collapse: collapse; margin: 12px 0; } .content td { border: 1px solid var(--line); padding: 5px 12px; }
.content pre { overflow-x: auto; }
.summary { color: var(--faint); margin: 0 0 20px; }
.note { color: var(--faint); padding: 2px 16px; }
.badge { border-radius: 2em; color: #fff; display: inline-block; font-size: 13px; font-weight: 600; line-height: 1; margin-right: 8px; padding: 7px 12px; }
.badge.small { font-size: 11px; margin: 0; padding: 5px 9px; }
.badge.open { background: var(--open); } .badge.merged { background: var(--merged); } .badge.closed { background: var(--closed); }
.badge.success { background: var(--open); } .badge.pending { background: var(--faint); } .badge.failure, .badge.error { background: var(--closed); }
.scroll { overflow-x: auto; }
.diff { border-collapse: collapse; width: 100%; } .diff td { padding: 1px 10px; white-space: pre; }
.diff .number { color: var(--faint); min-width: 44px; text-align: right; user-select: none; width: 1%; }
.diff .added { background: var(--added); } .diff .removed { background: var(--removed); }
.diff .hunk { background: var(--hunk); color: var(--faint); }
.merge { align-items: center; display: flex; gap: 16px; justify-content: space-between; padding: 14px 16px; }
.merge p { margin: 0; }
button { background: var(--open); border: 0; border-radius: 6px; color: #fff; cursor: pointer; font: inherit; font-weight: 600; padding: 8px 18px; white-space: nowrap; }
button.quiet { background: none; border: 1px solid var(--border); color: inherit; } button:hover { filter: brightness(1.1); } button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
button:disabled { background: var(--faint); cursor: not-allowed; filter: none; }
ul.rows { list-style: none; margin: 0; padding: 0; }
ul.rows li { align-items: center; display: flex; gap: 12px; padding: 10px 16px; } ul.rows li + li { border-top: 1px solid var(--line); }
ul.rows a { flex: 1; font-weight: 600; overflow-wrap: anywhere; } ul.rows small { color: var(--faint); } ul.rows code + small { flex: 1; overflow-wrap: anywhere; }
`;
