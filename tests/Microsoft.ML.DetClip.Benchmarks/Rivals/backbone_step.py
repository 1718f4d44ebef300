"""Training steps of torchvision's swin_t backbone, one for each line on standard input; the other side of TrainingBenchmark.

Says on standard output first what it is (JSON), then for each step its seconds of wall and processor time.
Arguments: batch, side, threads.
"""
import json
import os
import sys
import time

import torch
import torchvision
from torch import nn


class Backbone(nn.Module):
    """The maps of the last three stages, each with a norm of its own."""

    def __init__(self):
        super().__init__()
        self.features = torchvision.models.swin_t(weights=None).features
        self.norms = nn.ModuleList(nn.LayerNorm(c) for c in (192, 384, 768))

    def forward(self, x):
        maps = []
        for index, part in enumerate(self.features):
            x = part(x)
            if index in (3, 5, 7):
                maps.append(self.norms[len(maps)](x).permute(0, 3, 1, 2))
        return maps


def blas():
    with open("/proc/self/maps") as maps:
        files = {line.split()[-1] for line in maps if "blas" in line or "mkl" in line}
    return ", ".join(sorted(os.path.basename(f) for f in files)) or "built in"


def main():
    batch, side, threads = (int(a) for a in sys.argv[1:4])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    network = Backbone().train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4, weight_decay=0.05)
    pixels = torch.randn(batch, 3, side, side)

    def step():
        optimizer.zero_grad(set_to_none=True)
        sum(m.mean() for m in network(pixels)).backward()
        nn.utils.clip_grad_norm_(network.parameters(), 10.0)
        optimizer.step()

    what = {"torch": torch.__version__, "torchvision": torchvision.__version__, "blas": blas(), "parameters": sum(p.numel() for p in network.parameters())}
    print(json.dumps(what), flush=True)
    for _ in sys.stdin:
        wall, processor = time.perf_counter(), time.process_time()
        step()
        print(time.perf_counter() - wall, time.process_time() - processor, flush=True)


if __name__ == "__main__":
    main()
