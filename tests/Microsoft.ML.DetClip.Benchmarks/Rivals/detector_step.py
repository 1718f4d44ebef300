"""Detections by torchvision's detector nearest to ours, one for each line on standard input; the other side of RivalsBenchmark.

Arguments: height, width, threads, device, number format of products (unused).
"""
import torch
import torchvision

import rival


def main():
    height, width = rival.start()
    # A one-stage detector with a pyramid and towers of four convolutions of 256 channels, as ours; its backbone is ResNet-50.
    network = torchvision.models.detection.fcos_resnet50_fpn(
        weights=None, weights_backbone=None, num_classes=80, min_size=min(height, width), max_size=max(height, width)).eval()
    image = torch.rand(3, height, width)
    with torch.inference_mode():
        rival.serve(network, lambda: network([image]), model="fcos_resnet50_fpn")


if __name__ == "__main__":
    main()
