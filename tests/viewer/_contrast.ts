/** Contrast of texts, computed from what the browser shows. */
import type { Page } from "playwright-core";

/**
 * Texts whose contrast with their background is too low, by the formula of the accessibility guidelines (WCAG 2).
 *
 * The background is the nearest colour behind the text; on an image (the 3D view) its gradient's ends count.
 *
 * @param page Page
 * @param least Least ratio
 * @returns Sentences, none if all is well
 */
export function lowContrast(page: Page, least: number): Promise<string[]> {
  return page.evaluate((least) => {
    const coloursOf = (text: string): number[][] =>
      [...text.matchAll(/rgba?\(([^)]+)\)/g)].map(([, parts]) => parts.split(/[ ,/]+/).map(Number));
    const luminance = (colour: number[]) => {
      const [r, g, b] = colour.map((value) => {
        const share = value / 255;
        return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ratio = (a: number[], b: number[]) => {
      const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
      return (high + 0.05) / (low + 0.05);
    };
    const backgroundsOf = (start: Element): number[][] => {
      for (let element: Element | null = start; element; element = element.parentElement) {
        const { backgroundColor, backgroundImage } = getComputedStyle(element);
        const image = coloursOf(backgroundImage);
        if (image.length > 0) return image;
        const [colour] = coloursOf(backgroundColor);
        if (colour && (colour[3] ?? 1) > 0.99) return [colour];
      }
      return [[255, 255, 255]];
    };
    const problems: string[] = [];
    let texts = 0;
    for (const element of document.querySelectorAll("body *")) {
      const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent?.trim() ?? "").join("");
      const isField = element instanceof HTMLInputElement && element.type === "number";
      if ((own === "" && !isField) || !element.checkVisibility({ visibilityProperty: true })) continue;
      texts++;
      const [colour] = coloursOf(getComputedStyle(element).color);
      for (const background of backgroundsOf(element)) {
        const found = ratio(colour, background);
        if (found < least) problems.push(`"${own.slice(0, 30)}": ${found.toFixed(2)}`);
      }
    }
    return texts < 8 ? [`only ${texts} texts were found`] : problems;
  }, least);
}
