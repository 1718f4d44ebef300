"""Training steps of torchvision's swin_t backbone, one for each line on standard input; the other side of TrainingBenchmark.

Arguments: batch, side, threads, device, number format of products.
"""
import sys

import torch
import torchvision
from torch import nn

import rival


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


def main():
    batch, side = rival.start()
    narrow = sys.argv[5] == "bfloat16"
    network = Backbone().train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4, weight_decay=0.05)
    pixels = torch.randn(batch, 3, side, side)

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(pixels.device.type, dtype=torch.bfloat16, enabled=narrow):
            loss = sum(m.mean() for m in network(pixels))
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 10.0)
        optimizer.step()

    rival.serve(network, step)


if __name__ == "__main__":
    main()
