"""What the rivals share: they say what they are, then do a step for each line on standard input. The other side of Rival.cs."""
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


def start():
    """The two sizes that were asked for; the third argument is threads, the fourth the device, the fifth the number format of products."""
    first, second, threads = (int(a) for a in sys.argv[1:4])
    torch.set_num_threads(threads)
    if sys.argv[4] != "cpu":
        torch.set_default_device(sys.argv[4])
    torch.manual_seed(1)
    return first, second


def serve(network, step, **what):
    """Says on standard output first what it is (JSON), then for each call its seconds of wall and processor time."""
    what.update(torch=torch.__version__, torchvision=torchvision.__version__, blas=blas(), parameters=sum(p.numel() for p in network.parameters()))
    print(json.dumps(what), flush=True)
    for _ in sys.stdin:
        wall, processor = time.perf_counter(), time.process_time()
        step()
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        print(time.perf_counter() - wall, time.process_time() - processor, flush=True)
