"""Epochs of an untied 784–500–784 sigmoid auto-encoder in PyTorch, batch 100, momentum, single precision:
training.py THREADS SAMPLES; the protocol of noflux.c, one epoch a turn."""

import sys
import time

import torch

threads, samples = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(threads)
torch.manual_seed(1)
data = torch.rand(samples, 784)
net = torch.nn.Sequential(torch.nn.Linear(784, 500), torch.nn.Sigmoid(), torch.nn.Linear(500, 784))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.5)
print("ready 0", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    for batch in data[torch.randperm(samples)].split(100):
        optimizer.zero_grad(set_to_none=True)
        loss = ((net(batch) - batch) ** 2).sum(1).mean()
        loss.backward()
        optimizer.step()
    print(f"{time.perf_counter() - start:.6f}", flush=True)
