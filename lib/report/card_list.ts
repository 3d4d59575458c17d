/**
 * Lists of cards that the reader can order and filter: radio buttons and style rules, no script.
 *
 * @module
 */
import { escapeHtml } from "./html.ts";

/** One card. */
export interface Card {
  /** Content as HTML. */
  readonly html: string;
  /** What the card is ordered by, by the label of the order; cards without a finite value come last. */
  readonly sortBy: Readonly<Record<string, number | null>>;
  /** Label of the filter that the card belongs to, one of the list's kinds. */
  readonly kind?: string;
}

/**
 * A list of cards, first in their own order. A choice of filter is shown if there are cards of several kinds.
 *
 * @param cards The cards
 * @param options `id`: name that no other list of the page has; letters only; `orders`: labels of the orders, with
 *   whether small values come first; `kinds`: labels of the filters, in their order; `className`: further classes
 *   of the list
 * @returns HTML
 */
export function htmlCardList(
  cards: readonly Card[],
  options: {
    readonly id: string;
    readonly orders: readonly { readonly label: string; readonly ascending: boolean }[];
    readonly kinds?: readonly string[];
    readonly className?: string;
  },
): string {
  const { id, className = "" } = options;
  const orders = options.orders.filter(({ label }) =>
    cards.some(({ sortBy }) => Number.isFinite(sortBy[label] ?? NaN))
  );
  const places = orders.map(({ label, ascending }) => placesBy(cards, label, ascending));
  const kinds = (options.kinds ?? []).filter((label) => cards.some(({ kind }) => kind === label));
  const rules = [
    ...orders.map((_, o) => `#${id}:has(#${id}-o${o}:checked) .card{order:var(--o${o})}`),
    ...kinds.map((_, k) => `#${id}:has(#${id}-k${k}:checked) .card:not(.k${k}){display:none}`),
  ];
  const items = cards.map(({ html, kind }, i) => {
    const style = places.map((place, o) => `--o${o}:${place[i]}`).join(";");
    const kindClass = kind === undefined ? "" : ` k${kinds.indexOf(kind)}`;
    return `<article class="card${kindClass}" style="${style}">${html}</article>`;
  });
  return `<div id="${id}"><style>${rules.join("")}</style>` +
    choice(`${id}-o`, "Order", "as in the data set", orders.map(({ label }) => label)) +
    (kinds.length > 1 ? choice(`${id}-k`, "Show", "all", kinds) : "") +
    `<div class="cards ${className}">${items.join("\n")}</div></div>`;
}

/** Place of each card in an order, from 0. */
function placesBy(cards: readonly Card[], label: string, ascending: boolean): number[] {
  const value = (i: number) => {
    const found = cards[i].sortBy[label] ?? NaN;
    return Number.isFinite(found) ? (ascending ? found : -found) : Infinity;
  };
  const sorted = cards.map((_, i) => i).sort((a, b) => value(a) === value(b) ? a - b : value(a) - value(b));
  const places = new Array<number>(cards.length);
  sorted.forEach((card, place) => places[card] = place);
  return places;
}

/** Radio buttons: a first one that changes nothing, then one per label. */
function choice(id: string, legend: string, first: string, labels: readonly string[]): string {
  if (labels.length === 0) return "";
  const buttons = [first, ...labels].map((label, i) => {
    const buttonId = i === 0 ? id : `${id}${i - 1}`;
    return `<label><input type="radio" name="${id}" id="${buttonId}"${i === 0 ? " checked" : ""}> ${
      escapeHtml(label)
    }</label>`;
  });
  return `<fieldset><legend>${legend}</legend>${buttons.join("")}</fieldset>`;
}
