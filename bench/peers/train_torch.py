"""The training steps of texmesh in PyTorch, for the speed comparison: same networks, batches and threads.

Reads one JSON request a line ({"workload", "size", "batch", "threads", "precision", "repeats"}) and answers one line with
the milliseconds of each repeat. Written from the description of the networks; weights are random.
"""
import json
import math
import resource
import sys
import tempfile
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def widen(x, amount, kind):
    """Zeros above and below; left and right zeros, the edge column repeated, or the opposite edge."""
    if amount == 0:
        return x
    if kind == "zero":
        return F.pad(x, (amount, amount, amount, amount))
    x = F.pad(x, (amount, amount, 0, 0), mode="replicate" if kind == "replicate" else "circular")
    return F.pad(x, (0, 0, amount, amount))


class Conv(nn.Module):
    """Convolution with padding by hand, with or without spectral normalisation."""

    def __init__(self, inputs, outputs, kernel, stride=1, padding=0, kind="zero", bias=True, spectral=False):
        super().__init__()
        conv = nn.Conv2d(inputs, outputs, kernel, stride, bias=bias)
        self.conv = nn.utils.spectral_norm(conv) if spectral else conv
        self.padding, self.kind = padding, kind

    def forward(self, x):
        return self.conv(widen(x, self.padding, self.kind))


class ConditionalNorm(nn.Module):
    def __init__(self, channels, length):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.gamma, self.beta = nn.Linear(length, channels), nn.Linear(length, channels)

    def forward(self, x, z):
        return self.norm(x) * (1 + self.gamma(z)[:, :, None, None]) + self.beta(z)[:, :, None, None]


class GeneratorBlock(nn.Module):
    def __init__(self, inputs, outputs, length=64):
        super().__init__()
        middle = min(inputs, outputs)
        self.conv1 = Conv(inputs, middle, 3, 1, 1, "replicate", False, True)
        self.conv2 = Conv(middle, outputs, 3, 1, 1, "replicate", False, True)
        self.norm1, self.norm2 = ConditionalNorm(middle, length), ConditionalNorm(outputs, length)
        self.shortcut = Conv(inputs, outputs, 1, bias=False, spectral=True) if inputs != outputs else nn.Identity()

    def forward(self, x, z):
        y = F.leaky_relu(self.norm1(self.conv1(x), z), 0.2)
        return F.leaky_relu(self.norm2(self.conv2(y), z), 0.2) + self.shortcut(x)


def double(x):
    return F.interpolate(x, scale_factor=2)


def mirror(x):
    left, right = x.flip(3).chunk(2, 3)
    return torch.cat([right, x, left], 3)


def pole_rule(x):
    first, last = (x[:, :, row:row + 1].mean(3, keepdim=True).expand(-1, -1, -1, x.shape[3]) for row in (0, x.shape[2] - 1))
    return torch.cat([first, x[:, :, 1:-1], last], 2)


class Generator(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.fc = nn.Linear(64, 512 * 8 * 4)
        self.trunk = nn.ModuleList([GeneratorBlock(512, 512), GeneratorBlock(512, 256)])
        inner = [GeneratorBlock(256, 256)] * 0 + [GeneratorBlock(256, 256) for step in (256, 512, 1024) if size >= step]
        self.texture = nn.ModuleList(inner + [GeneratorBlock(256, 128), GeneratorBlock(128, 128)])
        self.end, self.mesh = GeneratorBlock(128, 64), GeneratorBlock(256, 64)
        self.to_texture, self.to_mesh = (Conv(64, 3, 5, 1, 2, "replicate") for _ in range(2))

    def forward(self, z):
        x = self.fc(z).view(-1, 512, 8, 4)
        for block in self.trunk:
            x = double(block(x, z))
        texture = x
        for block in self.texture:
            texture = double(block(texture, z))
        texture = self.to_texture(F.leaky_relu(self.end(texture, z), 0.2)).tanh()
        mesh = pole_rule(self.to_mesh(F.leaky_relu(self.mesh(x, z), 0.2)))
        return mirror(texture), mirror(mesh)


def planes(size):
    a = math.pi * torch.arange(size) / size
    b = -math.pi + 2 * math.pi * torch.arange(size) / size
    rows, columns = a[:, None].expand(size, size), b[None].expand(size, size)
    return torch.stack([rows.cos(), rows.sin(), columns.cos(), columns.sin()])[None]


class Discriminators(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.size = size
        self.texture = self.stack(8, [64, 128, 256, 512])
        self.mesh = self.stack(11, [64, 128, 256])
        self.register_buffer("planes_texture", planes(size))
        self.register_buffer("planes_mesh", planes(32))

    @staticmethod
    def stack(inputs, sizes):
        layers = [Conv(inputs, sizes[0], 5, 1, 2, "circular", True, True), nn.LeakyReLU(0.2)]
        for before, after in zip(sizes, sizes[1:]):
            layers += [Conv(before, after, 4, 2, 1, "circular", True, True), nn.LeakyReLU(0.2)]
        return nn.Sequential(*layers, Conv(sizes[-1], 1, 5, 1, 2, "circular", True, True))

    def forward(self, texture, alpha, mesh):
        x = torch.cat([texture, alpha], 1)
        n, factor = len(x), self.size // 32
        first = self.texture(torch.cat([x, self.planes_texture.expand(n, -1, -1, -1)], 1))
        small = torch.cat([F.avg_pool2d(x, factor), mesh, self.planes_mesh.expand(n, -1, -1, -1)], 1)
        return [(first, F.avg_pool2d(alpha, 8)), (self.mesh(small), F.avg_pool2d(alpha, factor * 4))]


def masked_mean(y, mask):
    return ((y * mask).sum((1, 2, 3)) / mask.sum((1, 2, 3))).mean()


def gan_functions(size, batch, autocast):
    """The two steps; each takes textures times alpha, alpha, and displacement maps."""
    generator, average, discriminators = Generator(size), Generator(size), Discriminators(size)
    average.load_state_dict(generator.state_dict())
    optimizer_g = torch.optim.Adam(generator.parameters(), 1e-4, (0.0, 0.99))
    optimizer_d = torch.optim.Adam(discriminators.parameters(), 4e-4, (0.0, 0.99))

    def step_g(_texture, alpha, _mesh):
        z = torch.randn(batch, 64)
        with autocast():
            made, shape = generator(z)
            scores = discriminators(made * alpha, alpha, shape)
            loss = sum(masked_mean(-y.float(), m) for y, m in scores) / 2
        optimizer_g.zero_grad()
        loss.backward(inputs=list(generator.parameters()))
        optimizer_g.step()
        with torch.no_grad():
            entries = generator.state_dict()
            for name, value in average.state_dict().items():
                if value.is_floating_point():
                    value.mul_(0.999).add_(entries[name], alpha=0.001)
        return loss.item()

    def step_d(texture, alpha, mesh):
        z = torch.randn(batch, 64)
        with autocast():
            with torch.no_grad():
                made, shape = generator(z)
            scores = discriminators(
                torch.cat([made * alpha, texture]), torch.cat([alpha, alpha]), torch.cat([shape.float(), mesh]))
            loss = sum(
                masked_mean(F.relu(1 + y[:batch].float()), m[:batch]) + masked_mean(F.relu(1 - y[batch:].float()), m[batch:])
                for y, m in scores) / 2
        optimizer_d.zero_grad()
        loss.backward()
        optimizer_d.step()
        return loss.item()

    return step_g, step_d


def random_sample(size, *batch):
    alpha = (torch.rand(*batch, 1, size, size) > 0.3).float()
    return (torch.rand(*batch, 3, size, size) * 2 - 1) * alpha, alpha, torch.randn(*batch, 3, 32, 32) * 0.1


def gan_steps(size, batch, autocast):
    step_g, step_d = gan_functions(size, batch, autocast)
    sample = random_sample(size, batch)
    return {"G": lambda: step_g(*sample), "D": lambda: step_d(*sample)}


class Samples(torch.utils.data.Dataset):
    """Samples in .npy files, colours and alpha with 16 bits; half of them are mirrored when they are read."""

    def __init__(self, folder, size, count):
        self.folder, self.count = folder, count
        for i in range(count):
            texture, alpha, mesh = (x.numpy() for x in random_sample(size))
            np.save(f"{folder}/{i}_texture.npy", np.concatenate([texture, alpha]).astype(np.float16))
            np.save(f"{folder}/{i}_mesh.npy", mesh)

    def __len__(self):
        return self.count

    def __getitem__(self, i):
        maps = [torch.from_numpy(np.load(f"{self.folder}/{i}_{name}.npy")).float() for name in ("texture", "mesh")]
        if torch.rand(()) < 0.5:
            maps = [x.flip(2).roll(x.shape[2] // 2, 2) for x in maps]
        return maps[0][:3], maps[0][3:], maps[1]


def gan_training(size, batch, autocast):
    """An epoch of two cycles of training; another process reads the samples ahead."""
    step_g, step_d = gan_functions(size, batch, autocast)
    folder = tempfile.TemporaryDirectory()
    loader = torch.utils.data.DataLoader(
        Samples(folder.name, size, 6 * batch), batch, shuffle=True, drop_last=True, num_workers=1, persistent_workers=True)

    def epoch():
        with open(f"{folder.name}/scalars.jsonl", "a") as log:
            for k, sample in enumerate(loader):
                loss = (step_d if k % 3 else step_g)(*sample)
                log.write(json.dumps({"step": k, "loss": loss}) + "\n")

    return {"epoch": epoch}


class ReconstructionBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = Conv(inputs, inputs, 3, 1, 1, "replicate", False)
        self.conv2 = Conv(inputs, outputs, 3, 1, 1, "replicate", False)
        self.bn1, self.bn2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(outputs)
        self.shortcut = Conv(inputs, outputs, 1, bias=False) if inputs != outputs else nn.Identity()

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y))) + self.shortcut(x)


class Reconstruction(nn.Module):
    def __init__(self, parts=5):
        super().__init__()
        sizes = [4, 64, 128, 256, 512, 64]
        encoder = []
        for i, (before, after) in enumerate(zip(sizes, sizes[1:])):
            kernel, padding = (5, 2) if i == 0 else (3, 1)
            encoder += [Conv(before, after, kernel, 2, padding, "zero", False), nn.BatchNorm2d(after), nn.ReLU()]
        self.encoder = nn.Sequential(*encoder)
        self.code = nn.Sequential(
            nn.Linear(4096, 256, bias=False), nn.BatchNorm1d(256), nn.ReLU(),
            nn.Linear(256, 1024, bias=False), nn.BatchNorm1d(1024), nn.ReLU(), nn.Linear(1024, 2048))
        block = ReconstructionBlock
        self.trunk = nn.ModuleList([block(256, 512), block(512, 256), block(256, 256)])
        self.texture = nn.ModuleList([block(256, 256), block(256, 128)])
        self.end, self.mesh = block(128, 64), block(256, 64)
        self.to_texture, self.to_mesh = (Conv(64, 3, 5, 1, 2, "replicate") for _ in range(2))
        self.to_parts = Conv(64, parts, 5, 1, 2, "replicate")

    def forward(self, image):
        x = self.code(self.encoder(image).flatten(1)).view(-1, 256, 4, 2)
        for block in self.trunk:
            x = double(block(x))
        texture = x
        for block in self.texture:
            texture = double(block(texture))
        texture = F.relu(self.end(texture))
        mesh = pole_rule(self.to_mesh(F.relu(self.mesh(x))))
        return mirror(mesh), mirror(self.to_texture(texture).tanh()), mirror(self.to_parts(texture).softmax(1))


def reconstruction_step(size, batch, autocast):
    network = Reconstruction()
    optimizer = torch.optim.Adam(network.parameters(), 1e-4)
    image = torch.rand(batch, 4, size, size) * 2 - 1
    targets = [torch.rand(batch, 3, 32, 32), torch.rand(batch, 3, 128, 128), torch.rand(batch, 5, 128, 128)]

    def step():
        with autocast():
            outputs = network(image)
            loss = sum(10 * F.mse_loss(output.float(), target) for output, target in zip(outputs, targets))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return {"step": step}


def grid_sample(size, batch, _autocast):
    texture = torch.rand(batch, 3, size, size, requires_grad=True)
    grid = (torch.rand(batch, size // 2, size // 2, 2) * 2 - 1).requires_grad_()
    weight = torch.rand(batch, 3, size // 2, size // 2)

    def step():
        texture.grad = grid.grad = None
        (F.grid_sample(texture, grid, align_corners=False) * weight).sum().backward()

    return {"step": step}


def adam(size, tensors, _autocast):
    weights = [torch.randn(size // tensors).requires_grad_() for _ in range(tensors)]
    for weight in weights:
        weight.grad = torch.randn_like(weight)
    optimizer = torch.optim.Adam(weights, 1e-4)
    return {"step": optimizer.step}


WORKLOADS = {
    "gan": gan_steps, "gan_training": gan_training, "reconstruction": reconstruction_step, "grid_sample": grid_sample,
    "adam": adam}


def main():
    current, steps = None, None
    for line in sys.stdin:
        request = json.loads(line)
        torch.set_num_threads(request["threads"])
        key = {name: request[name] for name in ("workload", "size", "batch", "precision")}
        if key != current:
            torch.manual_seed(1)
            bf16 = request["precision"] == "bf16"
            steps = WORKLOADS[request["workload"]](
                request["size"], request["batch"], lambda: torch.autocast("cpu", torch.bfloat16, enabled=bf16))
            current = key
        times = {name: [] for name in steps}
        for _ in range(request["repeats"]):
            for name, step in steps.items():
                start = time.perf_counter()
                step()
                times[name].append(1000 * (time.perf_counter() - start))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"torch": torch.__version__, "times": times, "peakMegabytes": peak}), flush=True)


main()
