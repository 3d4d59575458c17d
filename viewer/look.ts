/**
 * How an object is shown: with texture or as clay, with light or without, with its edges.
 *
 * @module
 */
// @ts-types="@types/three"
import {
  Color,
  LineBasicMaterial,
  LineSegments,
  type Material,
  Mesh,
  MeshBasicMaterial,
  MeshStandardMaterial,
  type Object3D,
  type Texture,
  WireframeGeometry,
} from "three";

/** How objects are shown. */
export interface Look {
  /** Whether the texture is shown. */
  readonly texture: boolean;
  /** Whether light falls on it; without, colours are the texture's own. */
  readonly light: boolean;
  /** Whether edges are drawn. */
  readonly wireframe: boolean;
}

/** The look at the start. */
export const LOOK_DEFAULTS = { texture: true, light: true, wireframe: false } as const satisfies Look;

const WHITE = new Color(0xffffff), CLAY = new Color(0xb9bcc2), EDGES = new Color(0x1c6bd0);
const EDGES_NAME = "edges";

interface TexturedMaterial extends Material {
  map?: Texture | null;
}

/** Meshes within an object. */
export function meshesOf(object: Object3D): Mesh[] {
  const meshes: Mesh[] = [];
  object.traverse((child) => {
    if (child instanceof Mesh) meshes.push(child);
  });
  return meshes;
}

/** Shows an object with a look; its own materials are kept aside. */
export function applyLook(object: Object3D, { texture, light, wireframe }: Look): void {
  for (const mesh of meshesOf(object)) {
    const own: Material = mesh.userData.ownMaterial ??= [mesh.material].flat()[0];
    const isOwn = texture && light;
    if (mesh.material !== own) (mesh.material as Material).dispose();
    mesh.material = isOwn ? own : plainMaterial(own, texture, light);
    for (const material of [mesh.material as Material]) {
      material.polygonOffset = wireframe; // so that edges lie before the surface
      material.polygonOffsetFactor = material.polygonOffsetUnits = 1;
      material.needsUpdate = true;
    }
    showEdges(mesh, wireframe);
  }
}

/** Frees what an object holds on the graphics processor. */
export function disposeObject(object: Object3D): void {
  for (const mesh of meshesOf(object)) {
    showEdges(mesh, false);
    mesh.geometry.dispose();
    const materials = new Set<TexturedMaterial>(
      [mesh.userData.ownMaterial, mesh.material].flat().filter(Boolean),
    );
    for (const material of materials) {
      material.map?.dispose();
      material.dispose();
    }
  }
}

function plainMaterial(own: TexturedMaterial, texture: boolean, light: boolean): Material {
  const map = texture ? own.map ?? null : null, color = map ? WHITE : CLAY;
  return light
    ? new MeshStandardMaterial({ map, color, roughness: 0.9, side: own.side })
    : new MeshBasicMaterial({ map, color, side: own.side });
}

function showEdges(mesh: Mesh, isShown: boolean): void {
  const old = mesh.children.find((child) => child.name === EDGES_NAME) as LineSegments | undefined;
  if ((old !== undefined) === isShown) return;
  if (old) {
    mesh.remove(old);
    old.geometry.dispose();
    (old.material as Material).dispose();
    return;
  }
  const edges = new LineSegments(
    new WireframeGeometry(mesh.geometry),
    new LineBasicMaterial({ color: EDGES }),
  );
  edges.name = EDGES_NAME;
  mesh.add(edges);
}
