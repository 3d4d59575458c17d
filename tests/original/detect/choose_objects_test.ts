import { assertEquals } from "@std/assert";
import { chooseObjects } from "../../../original/detect/choose_objects.ts";
import type { Instance } from "../../../lib/datasets/detect/instance.ts";
import { boxMask } from "../../datasets/photo_fixtures.ts";

const [HEIGHT, WIDTH] = [300, 400];

function instance(className: string, score: number, box: [number, number, number, number]): Instance {
  return { className, score, box, mask: boxMask(HEIGHT, WIDTH, box) };
}

function choose(found: Instance[], options: Partial<Parameters<typeof chooseObjects>[4]> = {}) {
  const { kept, dropped } = chooseObjects(found, [], HEIGHT, WIDTH, { className: "bird", ...options });
  return { kept: kept.map(({ object, parts }) => [object.score, parts.map(({ name }) => name)]), dropped };
}

Deno.test("objects: the wanted class, counted by why they are left out", () => {
  const found = [
    instance("bird", 0.9, [50, 50, 150, 150]),
    instance("bird", 0.95, [50, 200, 80, 230]),
    instance("bird", 0.8, [250, 50, 398, 200]),
    instance("car", 0.99, [160, 50, 220, 90]),
    instance("bird", 0.7, [218, 92, 330, 190]),
  ];
  assertEquals(choose(found.slice(0, 4)), { kept: [[0.9, []]], dropped: { too_small: 1, cut_off: 1 } });
  assertEquals(choose(found.slice(3)), { kept: [], dropped: { collides: 1 } });
  assertEquals(choose(found, { filters: false }).kept.length, 4);
  assertEquals(choose(found, { onlyBest: true }), { kept: [[0.95, []]], dropped: {} });
});

Deno.test("objects: parts that a model finds under known names, which collide with nothing", () => {
  const found = [
    instance("bird", 0.9, [50, 50, 150, 150]),
    instance("head", 0.6, [130, 50, 160, 80]),
    instance("wing", 0.7, [145, 60, 200, 100]), // mostly beside
  ];
  assertEquals(choose(found), { kept: [[0.9, ["head"]]], dropped: {} });
});
