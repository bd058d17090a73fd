"""The training step of benches/step.rs in PyTorch, eager, on one thread: 784-40-40-40-10, batch 100, SGD with rate 1.

    pip install torch && python3 benches/pytorch_step.py

Prints the fastest and the median step in microseconds over 40 samples of 50 steps, as the Rust bench does.
"""

import statistics
import time

import torch

torch.set_num_threads(1)
torch.manual_seed(1)

layers = []
for inputs, outputs in [(784, 40), (40, 40), (40, 40)]:
    layers += [torch.nn.Linear(inputs, outputs), torch.nn.Sigmoid()]
network = torch.nn.Sequential(*layers, torch.nn.Linear(40, 10))
optimizer = torch.optim.SGD(network.parameters(), lr=1.0)
x, labels = torch.rand(100, 784), torch.randint(0, 10, (100,))


def step():
    optimizer.zero_grad(set_to_none=True)
    torch.nn.functional.cross_entropy(network(x), labels).backward()
    optimizer.step()


def sample(steps=50):
    start = time.perf_counter()
    for _ in range(steps):
        step()
    return 1e6 * (time.perf_counter() - start) / steps


sample(200)
times = [sample() for _ in range(40)]
print(f"PyTorch {torch.__version__}: fastest {min(times):.0f} µs, median {statistics.median(times):.0f} µs")
