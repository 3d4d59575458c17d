"""Times and draws textured meshes in perspective with DEODR or PyTorch3D, on one thread, for render_bench.ts.

Reads one request a line from standard input, such as {"size": 256, "views": 4, "repeats": 3, "kind": "time"}, and answers
one line of JSON. `time` gives the milliseconds of every view's fastest repeat, forward and backward to texture and
positions; `draw` gives the first view without antialiasing, row by row, and `bary`, which face each pixel shows (PyTorch3D).

Usage: OMP_NUM_THREADS=1 python3 mesh_peer.py deodr|pytorch3d raster_workload.npz DISTANCE
Needs: pip install deodr trimesh, or torch and pytorch3d
"""

import json
import sys
import time

import numpy as np

SIDE = 512


class Workload:
    """The views of the bench, with the distances of a pinhole."""

    def __init__(self, path, distance):
        arrays = np.load(path)
        self.faces, self.face_uvs = arrays["faces"].astype(np.int64), arrays["face_uvs"].astype(np.int64)
        self.uvs = arrays["uvs"].astype(np.float64)
        self.texture = np.ascontiguousarray(arrays["texture"] / 255.0)
        self.views = np.concatenate([arrays[f"{s}_{c}"] for s in ("bird", "car") for c in ("ortho", "persp")])
        self.distance = distance

    def screen(self, view):
        """x and y in NDC, and the distance, [V, 3]."""
        points = self.views[view].astype(np.float64).copy()
        points[:, 2] = self.distance - points[:, 2]
        return points


class Deodr:
    """DEODR's Scene2D, its texture coordinates in texels; it has no gradients in perspective, so times are without."""

    def __init__(self, workload):
        from deodr.triangulated_mesh import TriMeshAdjacencies

        self.workload = workload
        self.adjacencies = TriMeshAdjacencies(workload.faces, clockwise=False)

    def scene(self, view, size, antialias):
        from deodr.differentiable_renderer import Scene2D

        w, screen = self.workload, self.workload.screen(view)
        ij = np.stack([(screen[:, 0] + 1) * (size / 2) - 0.5, (1 - screen[:, 1]) * (size / 2) - 0.5], 1)
        edges = self.adjacencies.edge_on_silhouette(ij) if antialias else np.zeros((len(w.faces), 3), dtype=bool)
        return Scene2D(
            faces=w.faces.astype(np.uint32),
            faces_uv=w.face_uvs.astype(np.uint32),
            ij=np.ascontiguousarray(ij),
            depths=np.ascontiguousarray(screen[:, 2]),
            textured=np.ones(len(w.faces), dtype=bool),
            uv=np.ascontiguousarray(w.uvs * [SIDE, -SIDE] + [-0.5, SIDE - 0.5]),
            shade=np.ones(len(ij)),
            colors=np.ones((len(ij), 3)),
            shaded=np.ones(len(w.faces), dtype=bool),
            edgeflags=np.ascontiguousarray(edges),
            height=size,
            width=size,
            nb_colors=3,
            texture=w.texture,
            background_color=np.zeros(3),
            clockwise=False,
            backface_culling=True,
            strict_edge=True,
            perspective_correct=not antialias,
            integer_pixel_centers=True,
        )

    def draw(self, view, size):
        return self.scene(view, size, False).render(0.0)[0], None

    def iterate(self, view, size):
        scene = self.scene(view, size, True)
        image, _ = scene.render(1.0)
        scene.clear_gradients()
        scene.render_backward(np.full_like(image, 1e-3), make_copies=False)


class PyTorch3D:
    """PyTorch3D's rasteriser and PyTorch's sampling; x is to the left there."""

    def __init__(self, workload):
        import torch

        torch.set_num_threads(1)
        self.torch, self.workload = torch, workload
        self.faces = torch.from_numpy(workload.faces)
        corners = workload.uvs[workload.face_uvs] * 2 - 1
        corners[..., 1] *= -1
        self.corners = torch.from_numpy(corners).float()
        self.texture = torch.from_numpy(workload.texture).float().permute(2, 0, 1)[None].contiguous()

    def forward(self, points, texture, size):
        from pytorch3d.renderer.mesh.rasterize_meshes import rasterize_meshes
        from pytorch3d.structures import Meshes

        torch = self.torch
        meshes = Meshes([points * torch.tensor([-1.0, 1.0, 1.0])], [self.faces])
        index, _, weights, _ = rasterize_meshes(
            meshes, size, faces_per_pixel=1, perspective_correct=True, cull_backfaces=True
        )
        face = index[0, ..., 0]
        at = (self.corners[face.clamp(min=0)] * weights[0, :, :, 0, :, None]).sum(2)
        image = torch.nn.functional.grid_sample(texture, at[None], padding_mode="border", align_corners=False)
        return image[0].permute(1, 2, 0) * (face >= 0)[..., None], face

    def draw(self, view, size):
        points = self.torch.from_numpy(self.workload.screen(view)).float()
        image, face = self.forward(points, self.texture, size)
        return image.numpy(), face.numpy()

    def iterate(self, view, size):
        points = self.torch.from_numpy(self.workload.screen(view)).float().requires_grad_()
        texture = self.texture.detach().requires_grad_()
        image, _ = self.forward(points, texture, size)
        image.backward(self.torch.full_like(image, 1e-3))


def measure(engine, size, views, repeats):
    """Each view's fastest repeat after one to warm up."""
    best = {}
    for repeat in range(-1, repeats):
        for view in views:
            start = time.perf_counter()
            engine.iterate(view, size)
            spent = 1000 * (time.perf_counter() - start)
            if repeat >= 0:
                best[view] = min(best.get(view, spent), spent)
    return {"ms": list(best.values())}


def main():
    name, path, distance = sys.argv[1:]
    workload = Workload(path, float(distance))
    engine = {"deodr": Deodr, "pytorch3d": PyTorch3D}[name](workload)
    engine.draw(0, 16)  # loads what is loaded late
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if request["kind"] == "draw":
            image, face = engine.draw(request["views"][0], request["size"])
            faces = None if face is None else face.ravel().tolist()
            answer = {"image": np.asarray(image, dtype=np.float64).ravel().tolist(), "faceIndex": faces}
        else:
            answer = measure(engine, request["size"], request["views"], request["repeats"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
