"""Detections by torchvision's detector nearest to ours, one for each line on standard input; the other side of RivalsBenchmark.

Says on standard output first what it is (JSON), then for each call its seconds of wall and processor time.
Arguments: height, width, threads.
"""
import json
import os
import sys
import time

import torch
import torchvision


def blas():
    with open("/proc/self/maps") as maps:
        files = {line.split()[-1] for line in maps if "blas" in line or "mkl" in line}
    return ", ".join(sorted(os.path.basename(f) for f in files)) or "built in"


def main():
    height, width, threads = (int(a) for a in sys.argv[1:4])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    # A one-stage detector with a pyramid and towers of four convolutions of 256 channels, as ours; its backbone is ResNet-50.
    network = torchvision.models.detection.fcos_resnet50_fpn(
        weights=None, weights_backbone=None, num_classes=80, min_size=min(height, width), max_size=max(height, width)).eval()
    image = torch.rand(3, height, width)
    what = {"model": "fcos_resnet50_fpn", "torch": torch.__version__, "torchvision": torchvision.__version__, "blas": blas(),
            "parameters": sum(p.numel() for p in network.parameters())}
    print(json.dumps(what), flush=True)
    with torch.inference_mode():
        for _ in sys.stdin:
            wall, processor = time.perf_counter(), time.process_time()
            network([image])
            print(time.perf_counter() - wall, time.process_time() - processor, flush=True)


if __name__ == "__main__":
    main()
