"""scikit-learn's BernoulliRBM on the data of examples/rbm.nem, one thread: time a batch, and after 20 epochs the training set's negative
pseudo-log-likelihood and root-mean-square reconstruction error, medians of 5 seeds. Run with numpy, scikit-learn and threadpoolctl."""

import gzip
import time

import numpy as np
from sklearn.neural_network import BernoulliRBM
from threadpoolctl import threadpool_limits

images = gzip.open("examples/data/mnist-1k/train-images.gz").read()
v = (np.frombuffer(images, np.uint8, offset=16).reshape(-1, 784) / 255 >= 0.5).astype(np.float32)


def trained(rate, seed):
    rbm = BernoulliRBM(n_components=40, batch_size=100, n_iter=20, learning_rate=rate, random_state=seed)
    start = time.perf_counter()
    rbm.fit(v)
    seconds = time.perf_counter() - start
    h = rbm.transform(v)
    means = 1 / (1 + np.exp(-(h @ rbm.components_ + rbm.intercept_visible_)))
    pseudo = -np.mean([rbm.score_samples(v).mean() for _ in range(20)])
    return 1e6 * seconds / (20 * len(v) / 100), pseudo, np.sqrt(np.mean((means - v) ** 2))


with threadpool_limits(1):
    for rate in [0.05, 0.1, 0.2, 0.5, 1, 2]:
        runs = np.array([trained(rate, seed) for seed in range(1, 6)])
        micros, (pseudo, error) = runs[:, 0].min(), np.median(runs[:, 1:], axis=0)
        print(f"rate {rate}: {micros:.0f} µs a batch, pseudo-log-likelihood {-pseudo:.1f}, error {error:.4f}")
