/** Draws a triangle with a colour at each corner: deno run -A examples/triangle.ts */
import { lookAtCamera } from "@texmesh/texmesh";
import { writePng } from "@texmesh/texmesh/io";
import { interpolateMesh, projectToScreen, rasterizeMesh } from "@texmesh/texmesh/rendering";

const vertices = Float64Array.of(-1, -0.9, 0, 1, -0.9, 0, 0, 0.9, 0), faces = Int32Array.of(0, 1, 2);
const colours = Float64Array.of(1, 0.2, 0.1, 0.1, 0.9, 0.2, 0.1, 0.3, 1); // [V, 3]
const size = { height: 192, width: 256 };

const camera = lookAtCamera({ eye: [0.6, 0, 3], target: [0, 0, 0], up: [0, 1, 0] }, 0.75, { aspect: 4 / 3 });
const screen = projectToScreen(vertices, camera); // [V, 4]
const fragments = rasterizeMesh(screen, faces, size);
const attribute = { values: colours, indices: faces, channels: 3 };
const data = interpolateMesh(attribute, { screen, faces }, fragments); // [H, W, 3]

await writePng("triangle.png", { data, ...size, channels: 3 });
console.log(`${fragments.faceIndex.filter((face) => face === 0).length} pixels`);
