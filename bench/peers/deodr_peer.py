"""Times DEODR on the workload of render_bench.ts, on one thread.

Reads one request a line from standard input, such as {"size": 128, "textured": false, "repeats": 3}, and answers one
line of JSON: the milliseconds of every image's fastest repeat, and the mean loss. One iteration of one image finds its
silhouette edges, renders, compares with the target and propagates the gradient to vertices (and texture).

Usage: OMP_NUM_THREADS=1 python3 deodr_peer.py raster_workload.npz
Needs: pip install deodr trimesh
"""

import json
import sys
import time

import numpy as np
from deodr.differentiable_renderer import Scene2D
from deodr.triangulated_mesh import TriMeshAdjacencies

SHAPES = ("bird", "car")
CAMERAS = ("ortho", "persp")


class Workload:
    """Views, targets and texture as this renderer wants them."""

    def __init__(self, path):
        arrays = np.load(path)
        self.faces = arrays["faces"]
        self.face_uvs = arrays["face_uvs"]
        self.uvs = arrays["uvs"].astype(np.float64)
        self.texture = np.ascontiguousarray(arrays["texture"] / 255.0)
        self.views = {key: arrays[key] for key in (f"{s}_{c}" for s in SHAPES for c in CAMERAS)}
        self.masks = {(s, n): arrays[f"{s}_target{n}"] / 255.0 for s in SHAPES for n in (128, 192, 256)}

    def target(self, shape, size, channels):
        """Mask of one shape, [size, size, channels]; sizes above 256 repeat its pixels."""
        base = min(size, 256)
        mask = np.kron(self.masks[shape, base], np.ones((size // base, size // base)))
        return np.ascontiguousarray(np.repeat(mask[..., None], channels, axis=2))


def make_scene(workload, size, textured):
    """A scene whose vertices are set for each view."""
    count = 1 + int(workload.faces.max())
    channels = 3 if textured else 1
    side = workload.texture.shape[0] - 1
    flags = np.full(len(workload.faces), textured)
    uvs = workload.uvs * [side, -side] + [0, side] if textured else np.zeros((count, 2))
    return Scene2D(
        faces=workload.faces.astype(np.uint32),
        faces_uv=(workload.face_uvs if textured else workload.faces).astype(np.uint32),
        ij=np.zeros((count, 2)),
        depths=np.zeros(count),
        textured=flags,
        uv=np.ascontiguousarray(uvs),
        shade=np.ones(count),
        colors=np.ones((count, channels)),
        shaded=flags,
        edgeflags=np.zeros((len(workload.faces), 3), dtype=bool),
        height=size,
        width=size,
        nb_colors=channels,
        texture=workload.texture if textured else np.zeros((0, 0, channels)),
        background_color=np.zeros(channels),
        clockwise=False,
        backface_culling=True,
        strict_edge=True,
        integer_pixel_centers=True,
    )


def iterate(scene, adjacencies, view, target, size):
    """One forward and backward pass; the loss."""
    scene.ij[:, 0] = (view[:, 0] + 1) * (size / 2) - 0.5
    scene.ij[:, 1] = (1 - view[:, 1]) * (size / 2) - 0.5
    scene.depths[:] = 2 - view[:, 2]
    scene.edgeflags = np.ascontiguousarray(adjacencies.edge_on_silhouette(scene.ij))
    image, _ = scene.render(1.0)
    difference = image - target
    loss = np.mean(difference * difference)
    scene.clear_gradients()
    scene.render_backward(difference * (2 / difference.size), make_copies=False)
    return loss


def measure(workload, adjacencies, size, textured, repeats):
    """Each image's fastest repeat after one to warm up, and the mean loss."""
    scene = make_scene(workload, size, textured)
    best, losses = {}, []
    for repeat in range(-1, repeats):
        losses.clear()
        for key, views in workload.views.items():
            target = workload.target(key.split("_")[0], size, 3 if textured else 1)
            for view in views:
                start = time.perf_counter()
                loss = iterate(scene, adjacencies, view, target, size)
                spent = 1000 * (time.perf_counter() - start)
                if repeat >= 0:
                    best[len(losses)] = min(best.get(len(losses), spent), spent)
                losses.append(loss)
    return {"ms": [best[i] for i in range(len(losses))], "loss": float(np.mean(losses))}


def main():
    workload = Workload(sys.argv[1])
    adjacencies = TriMeshAdjacencies(workload.faces.astype(np.int64), clockwise=False)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        answer = measure(workload, adjacencies, request["size"], request["textured"], request["repeats"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
