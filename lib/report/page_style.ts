/**
 * The style of report pages: light and dark, for wide and small screens, and for print.
 *
 * @module
 */

/** Style sheet of a page. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #59636e; --line: #d6dbe1; --paper: #fff; --tint: #f4f6f8;
  --link: #0b5cad; --good: #1a7f37; --bad: #b3261e; --bar: #9dbce0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --dim: #9aa4af; --line: #363c44; --paper: #14171a;
  --tint: #1d2126; --link: #7db5f0; --good: #57c272; --bad: #f2807a; --bar: #3a5f8a; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 1180px; padding: 28px 24px 64px; font: 15px/1.5 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 20px; margin: 44px 0 10px; border-bottom: 1px solid var(--line); padding-bottom: 6px; }
h3 { font-size: 16px; margin: 22px 0 6px; }
p { margin: 6px 0; max-width: 80ch; } .dim, figcaption { color: var(--dim); }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; margin: 14px 0 0; padding: 0; }
.scroll { overflow-x: auto; margin: 8px 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 5px 18px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; } th.number, td.number { text-align: right; white-space: nowrap; }
figure { margin: 0; } figcaption { font-size: 13px; margin-top: 3px; }
img { display: block; max-width: 100%; height: auto; border-radius: 4px; }
.image-grid { margin: 12px 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: 14px; margin: 12px 0; }
.cards.wide { grid-template-columns: repeat(auto-fill, minmax(min(100%, 500px), 1fr)); }
.cards.rows { grid-template-columns: 1fr; }
.cards.small { grid-template-columns: repeat(auto-fill, minmax(130px, 1fr)); }
.card { background: var(--tint); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; min-width: 0; }
.card img { width: 100%; border-radius: 0; }
.card figcaption, .card .text { padding: 6px 10px 8px; margin: 0; font-size: 13px; line-height: 1.4; }
.card .line { display: flex; justify-content: space-between; gap: 10px; font-variant-numeric: tabular-nums; }
.card .title { font-weight: 600; overflow-wrap: anywhere; color: var(--ink); }
.card dl { margin: 2px 0; color: var(--dim); }
.card dl div { display: flex; flex-wrap: wrap; justify-content: space-between; column-gap: 6px; }
.card dd { margin: 0 0 0 auto; text-align: right; color: var(--ink); font-variant-numeric: tabular-nums; }
.kept { color: var(--good); } .out { color: var(--bad); }
.checks img { background: repeating-conic-gradient(#a3a7ac 0 25%, #c4c8cc 0 50%) 0 0 / 16px 16px; }
fieldset { display: inline-flex; flex-wrap: wrap; gap: 2px 14px; border: 1px solid var(--line); border-radius: 6px;
  margin: 8px 10px 0 0; padding: 2px 12px 6px; font-size: 14px; }
legend { color: var(--dim); padding: 0 4px; font-size: 13px; } label { cursor: pointer; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 480px), 1fr)); gap: 22px; }
.charts h4 { font-size: 14px; margin: 0 0 4px; }
svg { max-width: 100%; height: auto; overflow: visible; }
.bar { display: block; height: 10px; min-width: 2px; margin-top: 6px; background: var(--bar); border-radius: 3px; }
td.bars { width: 220px; }
details { margin: 8px 0; } summary { cursor: pointer; color: var(--link); }
@media (max-width: 560px) { body { padding: 16px 14px 40px; }
  .cards { grid-template-columns: repeat(auto-fill, minmax(145px, 1fr)); gap: 10px; }
  th, td { padding-right: 12px; } td.bars, th.bars { display: none; } }
@media print { nav, fieldset { display: none; } .card { break-inside: avoid; } }
`;
