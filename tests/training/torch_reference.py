"""Writes torchvision's networks as ONNX, and what PyTorch finds for them: the judge of our own training graph.

torch_reference.py FOLDER SIZE NAME ...   (weights are random)

Gradients are computed in single and in double precision: where a value lies at the kink of a ReLU, the two differ.
"""

import copy
import json
import sys
from pathlib import Path

import torch
import torchvision

BATCH, LABELS = 4, 6


def network(name):
    torch.manual_seed(1)
    net = getattr(torchvision.models, name)(weights=None, num_classes=LABELS)
    for module in net.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
        if hasattr(module, "p") and type(module).__name__ == "StochasticDepth":
            module.p = 0.0
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.4, 0.8)
            # As trained networks have it: what comes out has about the deviation 1.
            module.momentum = None
        # An exporter makes one weight of two that are equal, as fresh ones are.
        if getattr(module, "bias", None) is not None:
            torch.nn.init.normal_(module.bias, 0, 0.1)
    return net


def gradients(net, image, target, folder, kind):
    parameters = dict(net.named_parameters())
    output = net(image)
    loss = torch.nn.functional.mse_loss(output, target)
    found = torch.autograd.grad(loss, list(parameters.values()))
    flat = torch.cat([gradient.flatten() for gradient in found]).float()
    flat.numpy().tofile(folder / f"{kind}.gradients.f32")
    return loss.item()


def reference(name, size, folder):
    folder.mkdir(parents=True, exist_ok=True)
    net = network(name)
    image, target = torch.randn(BATCH, 3, size, size), torch.randn(BATCH, LABELS)
    net.train()
    with torch.no_grad():
        net(torch.randn(8 * BATCH, 3, size, size))
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = 0.1
    net.eval()
    torch.onnx.export(
        net,
        image,
        str(folder / "model.onnx"),
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes={"image": {0: "n"}, "logits": {0: "n"}},
        opset_version=14,
        do_constant_folding=False,
        training=torch.onnx.TrainingMode.PRESERVE,
    )
    image.numpy().tofile(folder / "image.f32")
    target.numpy().tofile(folder / "target.f32")
    single = copy.deepcopy(net)
    gradients(single, image, target, folder, "frozen.single")
    gradients(single.train(), image, target, folder, "batch.single")
    net.double()
    image, target = image.double(), target.double()
    frozen = gradients(net, image, target, folder, "frozen.double")
    net.train()
    batch = gradients(net, image, target, folder, "batch.double")
    shapes = {key: list(value.shape) for key, value in net.named_parameters()}
    statistics = {k: v.float().tolist() for k, v in net.named_buffers() if "running" in k}
    (folder / "reference.json").write_text(
        json.dumps({"loss": {"frozen": frozen, "batch": batch}, "parameters": shapes, "statistics": statistics})
    )


if __name__ == "__main__":
    for network_name in sys.argv[3:]:
        reference(network_name, int(sys.argv[2]), Path(sys.argv[1]) / network_name)
