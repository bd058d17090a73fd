"""Writes reference.txt: log-densities, distribution functions, means and variances of the library's likelihoods.

    pip install scipy mpmath && python tests/stdlib/reference.py > tests/stdlib/reference.txt

Log-densities are worked out with 60 digits by mpmath, from formulas of their own, and compared with scipy.stats here;
distribution functions and moments come from scipy.stats, or from mpmath's quadrature where scipy has no such
distribution. Blocks of the output:

    likelihood parameter=value ...        (vectors and matrices with commas, row after row)
    mean m variance v                     (nan: none; one for each component of a vector)
    y log-density cdf                     (nan: no distribution function)

`!` before the name marks extreme arguments: only their log-densities are compared.
"""
import math
from mpmath import mp, mpf, log, exp, gamma, loggamma, sqrt, pi, cos, erfc, ncdf, besseli, quad, nsum, inf, matrix
from scipy import stats

mp.dps = 60
NAN = float("nan")


def text(x):
    """A result in the nearest double."""
    return repr(float(x))


def written(x):
    flat = [v for row in x for v in (row if isinstance(row, list) else [row])] if isinstance(x, list) else [x]
    return ",".join(repr(v) for v in flat)


def block(name, parameters, ys, logs, cdfs, mean, variance, extreme=False):
    print(("! " if extreme else "") + name, *(f"{k}={written(v)}" for k, v in parameters.items()))
    print("mean", ",".join(map(text, mean)), "variance", ",".join(map(text, variance)))
    for y, log_density, cdf in zip(ys, logs, cdfs):
        print(written(y), text(log_density), text(cdf))
    print()


def exact(x):
    return [exact(v) for v in x] if isinstance(x, list) else mpf(x)


def one(name, log_density, parameters, ys, dist=None, ends=None, moments=None, cdf=None):
    """A likelihood of one number. `dist`: scipy's; without it the ends and what splits the range, for quadrature."""
    p = {k: exact(v) for k, v in parameters.items()}
    f = lambda y: log_density(mpf(y), **p)
    logs = [f(y) for y in ys]
    discrete = dist is not None and hasattr(dist, "pmf")
    cdfs = [NAN] * len(ys)
    if dist is not None:
        theirs = dist.logpmf if discrete else dist.logpdf
        for y, ours in zip(ys, logs):
            assert ours == theirs(y) or abs(ours - theirs(y)) < 1e-8 * max(1, abs(ours)), (name, y, ours, theirs(y))
        mean, variance = dist.mean(), dist.var()
        cdfs = cdfs if discrete else [dist.cdf(y) for y in ys]
    elif ends is not None:
        density = lambda y: exp(f(y))
        total = lambda g: quad(g, ends)
        assert abs(total(density) - 1) < 1e-15, (name, total(density))
        mean = total(lambda y: y * density(y))
        variance = total(lambda y: (y - mean) ** 2 * density(y))
        below = lambda y: quad(density, [e for e in ends if e < y] + [mpf(y)]) if y > ends[0] else 0
        cdfs = [below(y) for y in ys]
    if moments is not None:
        mean, variance = moments
    if cdf is not None:
        cdfs = [cdf(y) for y in ys]
    block(name, parameters, ys, logs, cdfs, [mean], [variance])


def far(name, log_density, parameters, ys):
    """Extreme arguments."""
    p = {k: exact(v) for k, v in parameters.items()}
    nothing = [NAN] * len(ys)
    block(name, parameters, ys, [log_density(exact(y), **p) for y in ys], nothing, [NAN], [NAN], extreme=True)


def several(name, log_density, parameters, ys, mean, variance):
    """A likelihood of vectors."""
    p = {k: exact(v) for k, v in parameters.items()}
    block(name, parameters, ys, [log_density(exact(y), **p) for y in ys], [NAN] * len(ys), mean, variance)


def many_digits(log_density):
    """For differences of nearly equal numbers."""
    def f(*args, **parameters):
        with mp.workdps(1000):
            return log_density(*args, **parameters)
    return f


ln0 = lambda x: log(x) if x > 0 else -inf
xlny = lambda x, y: mpf(0) if x == 0 else x * ln0(y)
ln_beta = lambda a, b: loggamma(a) + loggamma(b) - loggamma(a + b)
ln_choose = lambda n, k: loggamma(n + 1) - loggamma(k + 1) - loggamma(n - k + 1)
normal = lambda y, mu, sigma: -(((y - mu) / sigma) ** 2) / 2 - log(sigma) - log(2 * pi) / 2
ncdf_far = lambda x: erfc(-x / sqrt(mpf(2))) / 2

# ---- any number

one("gaussian", normal, dict(mu=0.5, sigma=2.0), [-3.0, 0.5, 1.25, 9.0], stats.norm(0.5, 2))
far("gaussian", normal, dict(mu=0.0, sigma=1e-200), [0.0, 3e-200, 1.0])
far("gaussian", normal, dict(mu=0.0, sigma=1e200), [0.0, 2e200, 1.0])

masked = lambda y, mu, sigma, mask: mask * normal(y, mu, sigma)
one("masked_gaussian", masked, dict(mu=0.5, sigma=2.0, mask=1.0), [-3.0, 0.75, 9.0], stats.norm(0.5, 2))
far("masked_gaussian", masked, dict(mu=0.5, sigma=2.0, mask=0.0), [-3.0, 1e100])

laplace = lambda y, mu, b: -abs(y - mu) / b - log(2 * b)
one("laplace", laplace, dict(mu=1.0, b=0.5), [-2.0, 0.75, 1.5, 30.0], stats.laplace(1, 0.5))
far("laplace", laplace, dict(mu=0.0, b=1e-200), [0.0, 1.0])

def asymmetric(y, mu, b, tau):
    r = (y - mu) / b
    return log(tau) + log(1 - tau) - log(b) - (tau * r if r >= 0 else (tau - 1) * r)
one("asymmetric_laplace", asymmetric, dict(mu=1.0, b=0.5, tau=0.25), [-2.0, 0.75, 1.5, 30.0],
    stats.laplace_asymmetric(math.sqrt(1 / 3), 1, 0.5 / math.sqrt(0.1875)))

def student(y, mu, sigma, nu):
    z = (y - mu) / sigma
    return loggamma((nu + 1) / 2) - loggamma(nu / 2) - log(pi * nu) / 2 - log(sigma) - (nu + 1) / 2 * log(1 + z * z / nu)
one("student_t", student, dict(mu=1.0, sigma=2.0, nu=5.0), [-40.0, -1.0, 1.5, 6.0], stats.t(5, 1, 2))
one("student_t", student, dict(mu=0.0, sigma=1.0, nu=0.5), [-1e6, -0.5, 1e-9, 20.0], stats.t(0.5), moments=(0, NAN))
far("student_t", student, dict(mu=0.0, sigma=1e-100, nu=3.0), [0.0, 1.0, 1e200])
far("student_t", student, dict(mu=-1e200, sigma=2.0, nu=0.5), [0.0, 1e300])

cauchy = lambda y, mu, sigma: -log(pi * sigma) - log(1 + ((y - mu) / sigma) ** 2)
one("cauchy", cauchy, dict(mu=1.0, sigma=0.5), [-1e4, 0.75, 1.0, 20.0], stats.cauchy(1, 0.5), moments=(NAN, NAN))
far("cauchy", cauchy, dict(mu=0.0, sigma=1e-100), [0.0, 1e-100, 1.0, -1e200])
far("cauchy", cauchy, dict(mu=0.0, sigma=1e200), [0.0, 1.0])

logistic = lambda y, mu, s: -(y - mu) / s - log(s) - 2 * log(1 + exp(-(y - mu) / s))
one("logistic_distribution", logistic, dict(mu=1.0, s=0.5), [-9.0, 0.75, 1.5, 20.0], stats.logistic(1, 0.5))
far("logistic_distribution", logistic, dict(mu=0.0, s=1e-3), [-5.0, 5.0, 1000.0])

gumbel = lambda y, mu, b: -(y - mu) / b - exp(-(y - mu) / b) - log(b)
one("gumbel", gumbel, dict(mu=1.0, b=0.5), [0.0, 0.75, 1.5, 20.0], stats.gumbel_r(1, 0.5))
far("gumbel", gumbel, dict(mu=0.0, b=1.0), [-5.0, 700.0])

def huber(y, mu, sigma, k):
    z = abs(y - mu) / sigma
    loss = z * z / 2 if z <= k else k * z - k * k / 2
    return -loss - log(sigma * (sqrt(2 * pi) * (2 * ncdf(k) - 1) + 2 * exp(-k * k / 2) / k))
one("huber", huber, dict(mu=1.0, sigma=0.5, k=1.25), [-4.0, 0.5, 1.25, 3.0], ends=[-inf, mpf("0.375"), mpf("1.625"), inf])
far("huber", huber, dict(mu=0.0, sigma=1e-200, k=1.0), [0.0, 1e-200, 1.0])

skew = lambda y, xi, omega, alpha: log(2) + normal(y, xi, omega) + log(ncdf_far(alpha * (y - xi) / omega))
one("skew_gaussian", skew, dict(xi=1.0, omega=0.5, alpha=3.0), [0.0, 0.75, 1.5, 3.0], stats.skewnorm(3, 1, 0.5), cdf=lambda y: NAN)
far("skew_gaussian", skew, dict(xi=0.0, omega=1.0, alpha=5.0), [-20.0, 20.0])

# ---- positive numbers

exponential = lambda y, **p: log(p["lambda"]) - p["lambda"] * y
one("exponential", exponential, {"lambda": 2.5}, [1e-300, 0.125, 4.0], stats.expon(scale=0.4))
far("exponential", exponential, {"lambda": 1e200}, [1e-200, 1.0])

gamma_ = lambda y, shape, rate: shape * log(rate) - loggamma(shape) + (shape - 1) * log(y) - rate * y
one("gamma", gamma_, dict(shape=2.5, rate=0.5), [0.125, 4.0, 40.0], stats.gamma(2.5, scale=2))
one("gamma", gamma_, dict(shape=0.25, rate=3.0), [1e-12, 0.125, 4.0], stats.gamma(0.25, scale=1 / 3))
far("gamma", gamma_, dict(shape=1.0, rate=1e200), [1e-200])
far("gamma", gamma_, dict(shape=3.0, rate=1e-200), [1e200, 1.0])

inverse_gamma = lambda y, shape, scale: shape * log(scale) - loggamma(shape) - (shape + 1) * log(y) - scale / y
one("inverse_gamma", inverse_gamma, dict(shape=4.5, scale=3.0), [0.125, 0.75, 10.0], stats.invgamma(4.5, scale=3))
one("inverse_gamma", inverse_gamma, dict(shape=0.75, scale=3.0), [0.25, 100.0], stats.invgamma(0.75, scale=3), moments=(inf, inf))

chi_squared = lambda y, nu: -nu / 2 * log(2) - loggamma(nu / 2) + (nu / 2 - 1) * log(y) - y / 2
one("chi_squared", chi_squared, dict(nu=3.0), [0.125, 2.0, 30.0], stats.chi2(3))

weibull = lambda y, shape, scale: log(shape / scale) + (shape - 1) * log(y / scale) - (y / scale) ** shape
one("weibull", weibull, dict(shape=1.5, scale=2.0), [0.125, 2.0, 9.0], stats.weibull_min(1.5, scale=2))
far("weibull", weibull, dict(shape=1.0, scale=1e-200), [1e-200])

rayleigh = lambda y, sigma: log(y) - 2 * log(sigma) - (y / sigma) ** 2 / 2
one("rayleigh", rayleigh, dict(sigma=1.5), [0.125, 2.0, 9.0], stats.rayleigh(scale=1.5))
far("rayleigh", rayleigh, dict(sigma=1e-200), [1e-200])

log_normal = lambda y, mu, sigma: normal(log(y), mu, sigma) - log(y)
one("log_normal", log_normal, dict(mu=0.25, sigma=0.5), [0.125, 2.0, 9.0], stats.lognorm(0.5, scale=math.exp(0.25)))
far("log_normal", log_normal, dict(mu=0.0, sigma=1.0), [1e-300, 1e300])

pareto = lambda y, low, alpha: log(alpha) + alpha * log(low) - (alpha + 1) * log(y)
one("pareto", pareto, dict(low=1.5, alpha=4.5), [1.5, 2.0, 9.0], stats.pareto(4.5, scale=1.5))
one("pareto", pareto, dict(low=1.5, alpha=0.5), [1.5, 2.0, 1e9], stats.pareto(0.5, scale=1.5), moments=(inf, inf))

half_gaussian = lambda y, sigma: normal(y, 0, sigma) + log(2)
one("half_gaussian", half_gaussian, dict(sigma=1.5), [0.0, 0.125, 5.0], stats.halfnorm(scale=1.5))
far("half_gaussian", half_gaussian, dict(sigma=1e-200), [0.0, 1e-200])

half_cauchy = lambda y, sigma: cauchy(y, 0, sigma) + log(2)
one("half_cauchy", half_cauchy, dict(sigma=1.5), [0.0, 0.125, 50.0], stats.halfcauchy(scale=1.5), moments=(NAN, NAN))
far("half_cauchy", half_cauchy, dict(sigma=1e-200), [0.0, 1.0, 1e100])

wald = lambda y, mu, **p: log(p["lambda"] / (2 * pi * y**3)) / 2 - p["lambda"] * (y - mu) ** 2 / (2 * mu**2 * y)
one("inverse_gaussian", wald, {"mu": 1.5, "lambda": 2.0}, [0.125, 1.0, 9.0], stats.invgauss(0.75, scale=2), cdf=lambda y: NAN)

def rectified(y, mu, sigma):
    return log(ncdf_far(-mu / sigma)) if y == 0 else normal(y, mu, sigma)
q, d = stats.norm.cdf(0.25), stats.norm.pdf(0.25)
m = 0.5 * q + 2 * d
one("rectified_gaussian", rectified, dict(mu=0.5, sigma=2.0), [0.0, 0.125, 5.0],
    moments=(m, 4.25 * q + 0.5 * 2 * d - m**2), cdf=lambda y: stats.norm.cdf(y, 0.5, 2))
far("rectified_gaussian", rectified, dict(mu=40.0, sigma=1.0), [0.0, 40.0])
far("rectified_gaussian", rectified, dict(mu=-40.0, sigma=1.0), [0.0, 1.0])

# ---- between two ends

one("uniform", lambda y, low, high: -log(high - low), dict(low=-1.0, high=3.0), [-1.0, 0.5, 3.0], stats.uniform(-1, 4))

def truncated(y, mu, sigma, low, high):
    a, b = (low - mu) / sigma, (high - mu) / sigma
    mass = ncdf_far(b) - ncdf_far(a) if a + b < 0 else ncdf_far(-a) - ncdf_far(-b)
    return normal(y, mu, sigma) - log(mass)
one("truncated_gaussian", truncated, dict(mu=0.5, sigma=2.0, low=-1.0, high=1.25), [-1.0, 0.25, 1.25],
    stats.truncnorm(-0.75, 0.375, 0.5, 2))
one("truncated_gaussian", truncated, dict(mu=-0.5, sigma=1.0, low=3.0, high=9.0), [3.0, 3.25, 6.0],
    stats.truncnorm(3.5, 9.5, -0.5, 1))
far("truncated_gaussian", truncated, dict(mu=0.0, sigma=1.0, low=40.0, high=50.0), [40.0, 40.5])
far("truncated_gaussian", truncated, dict(mu=0.0, sigma=1.0, low=-50.0, high=-40.0), [-40.0, -40.5])
far("truncated_gaussian", truncated, dict(mu=0.0, sigma=1.0, low=3.0, high=3.000000001), [3.0, 3.0000000005])
far("truncated_gaussian", many_digits(truncated), dict(mu=0.5, sigma=1e200, low=-1.0, high=3.0), [-1.0, 2.0])

beta = lambda y, a, b: (0 if a == 1 else (a - 1) * ln0(y)) + (0 if b == 1 else (b - 1) * ln0(1 - y)) - ln_beta(a, b)
one("beta", beta, dict(a=2.5, b=0.5), [0.0, 0.125, 0.75, 0.9375], stats.beta(2.5, 0.5))
far("beta", beta, dict(a=1.0, b=3.0), [0.0, 1e-300, 1.0])
far("beta", beta, dict(a=1.0, b=1.0), [0.0, 1.0])

def kumaraswamy(y, a, b):
    return log(a * b) + (a - 1) * log(y) + (b - 1) * log(1 - y**a)
one("kumaraswamy", kumaraswamy, dict(a=2.0, b=1.5), [0.125, 0.75, 0.9375], ends=[mpf(0), mpf(1) / 2, mpf(1)])

von_mises = lambda y, mu, kappa: kappa * cos(y - mu) - log(2 * pi * besseli(0, kappa))
one("von_mises", von_mises, dict(mu=0.0, kappa=2.0), [-3.0, 0.5, 3.0], ends=[-pi, mpf(0), pi])
one("von_mises", von_mises, dict(mu=2.5, kappa=1.5), [-3.0, 0.5, 3.0], ends=[-pi, mpf(0), pi],
    moments=(2.5, NAN))
far("von_mises", von_mises, dict(mu=0.0, kappa=1e-200), [1.0])

# ---- counts

binomial = lambda y, trials, p: ln_choose(trials, y) + xlny(y, p) + xlny(trials - y, 1 - p)
one("binomial", binomial, dict(trials=20.0, p=0.25), [0.0, 5.0, 20.0], stats.binom(20, 0.25))
far("binomial", binomial, dict(trials=20.0, p=0.0), [0.0, 1.0])
far("binomial", binomial, dict(trials=20.0, p=1.0), [19.0, 20.0])
far("binomial", binomial, dict(trials=1e6, p=0.25), [0.0, 250000.0, 1e6])

beta_binomial = lambda y, trials, a, b: ln_choose(trials, y) + ln_beta(y + a, trials - y + b) - ln_beta(a, b)
one("beta_binomial", beta_binomial, dict(trials=20.0, a=1.5, b=3.0), [0.0, 5.0, 20.0], stats.betabinom(20, 1.5, 3))
far("beta_binomial", beta_binomial, dict(trials=1e6, a=1.5, b=3.0), [0.0, 250000.0])

poisson = lambda y, rate: y * log(rate) - rate - loggamma(y + 1)
one("poisson", poisson, dict(rate=3.5), [0.0, 3.0, 20.0], stats.poisson(3.5))
far("poisson", poisson, dict(rate=1e6), [0.0, 999000.0, 1e6])
far("poisson", poisson, dict(rate=1e-200), [0.0, 1.0])

def zip_(y, rate, extra):
    return ln0(extra + (1 - extra) * exp(-rate)) if y == 0 else ln0(1 - extra) + poisson(y, rate)
one("zero_inflated_poisson", zip_, dict(rate=3.5, extra=0.25), [0.0, 3.0, 20.0],
    moments=(0.75 * 3.5, 0.75 * 3.5 * (1 + 0.25 * 3.5)))
far("zero_inflated_poisson", zip_, dict(rate=3.5, extra=0.0), [0.0, 3.0])
far("zero_inflated_poisson", zip_, dict(rate=3.5, extra=1.0), [0.0, 3.0])

negative_binomial = lambda y, mu, r: loggamma(y + r) - loggamma(r) - loggamma(y + 1) + r * log(r / (r + mu)) + y * log(mu / (r + mu))
one("negative_binomial", negative_binomial, dict(mu=3.5, r=1.75), [0.0, 3.0, 20.0], stats.nbinom(1.75, 1.75 / 5.25))
far("negative_binomial", negative_binomial, dict(mu=1e6, r=2.0), [0.0, 1e6])

geometric = lambda y, p: ln0(p) + xlny(y, 1 - p)
one("geometric", geometric, dict(p=0.25), [0.0, 3.0, 20.0], stats.geom(0.25, -1))
far("geometric", geometric, dict(p=1.0), [0.0, 1.0])
far("geometric", geometric, dict(p=1e-200), [0.0, 1e6])

multinomial = lambda y, trials, p: loggamma(trials + 1) + sum(xlny(k, q) - loggamma(k + 1) for k, q in zip(y, p))
several("multinomial", multinomial, dict(trials=6.0, p=[0.25, 0.5, 0.25]), [[1.0, 3.0, 2.0], [6.0, 0.0, 0.0]],
        [1.5, 3.0, 1.5], [1.125, 1.5, 1.125])
far("multinomial", multinomial, dict(trials=6.0, p=[0.0, 0.5, 0.5]), [[0.0, 3.0, 3.0], [1.0, 3.0, 2.0]])

# ---- classes

coin = lambda y, p: xlny(y, p) + xlny(1 - y, 1 - p)
one("bernoulli", coin, dict(p=0.25), [0.0, 1.0], stats.bernoulli(0.25))
far("bernoulli", coin, dict(p=0.0), [0.0, 1.0])
far("bernoulli", coin, dict(p=1.0), [0.0, 1.0])
far("bernoulli", coin, dict(p=1e-200), [0.0, 1.0])
masked_coin = lambda y, p, mask: coin(y, p) if mask else mpf(0)
one("masked_bernoulli", masked_coin, dict(p=0.25, mask=1.0), [0.0, 1.0], stats.bernoulli(0.25))
far("masked_bernoulli", masked_coin, dict(p=0.0, mask=0.0), [0.0, 1.0])
bipolar = lambda y, m: coin((1 + y) / 2, (1 + m) / 2)
one("bipolar_bernoulli", bipolar, dict(m=-0.5), [-1.0, 1.0], moments=(-0.5, 0.75))
far("bipolar_bernoulli", bipolar, dict(m=1.0), [-1.0, 1.0])

multi_label = lambda y, p: sum(coin(k, q) for k, q in zip(y, p))
several("multi_label", multi_label, dict(p=[0.25, 0.75]), [[0.0, 1.0], [1.0, 1.0]], [0.25, 0.75], [0.1875, 0.1875])
far("multi_label", multi_label, dict(p=[0.0, 1.0]), [[0.0, 1.0], [1.0, 1.0]])

categorical = lambda y, p: sum(xlny(k, q) for k, q in zip(y, p))
several("categorical", categorical, dict(p=[0.25, 0.5, 0.25]), [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
        [0.25, 0.5, 0.25], [0.1875, 0.25, 0.1875])
far("categorical", categorical, dict(p=[0.0, 1.0]), [[0.0, 1.0], [1.0, 0.0]])

def ordinal(y, mu, cut):
    below = [mpf(0)] + [1 / (1 + exp(mu - c)) for c in cut] + [mpf(1)]
    return sum(k * ln0(b - a) for k, a, b in zip(y, below, below[1:]) if k)
shares = [float(exp(ordinal(y, mpf(0.5), [mpf(-1), mpf(2)]))) for y in ([1, 0, 0], [0, 1, 0], [0, 0, 1])]
several("ordinal", ordinal, dict(mu=0.5, cut=[-1.0, 2.0]), [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        shares, [s * (1 - s) for s in shares])
far("ordinal", ordinal, dict(mu=90.0, cut=[-1.0, 2.0]), [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
far("ordinal", many_digits(ordinal), dict(mu=0.5, cut=[-1000.0, -800.0, 900.0]), [[float(i == k) for i in range(4)] for k in range(4)])
far("ordinal", ordinal, dict(mu=-90.0, cut=[-1.0, 2.0]), [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])

# ---- vectors

diagonal = lambda y, mu, sigma: sum(map(normal, y, mu, sigma))
several("diagonal_gaussian", diagonal, dict(mu=[0.5, -1.0], sigma=[2.0, 0.25]), [[0.0, -1.25], [4.0, 0.0]],
        [0.5, -1.0], [4.0, 0.0625])
far("diagonal_gaussian", diagonal, dict(mu=[0.0, 0.0], sigma=[1e200, 1e-200]), [[0.0, 1e-200], [1.0, 0.0]])

square = lambda flat: matrix(2, 2) + matrix([flat[:2], flat[2:]])
form = lambda x, m: (x.T * m * x)[0]
apart = lambda y, mu: matrix([a - b for a, b in zip(y, mu)])
precise = lambda y, mu, P: -form(apart(y, mu), square(P)) / 2 + log(mp.det(square(P))) / 2 - log(2 * pi)
flat = lambda m: [m[0, 0], m[0, 1], m[1, 0], m[1, 1]]
def cholesky(y, mu, L):
    first = (y[0] - mu[0]) / L[0]
    second = (y[1] - mu[1] - L[2] * first) / L[3]
    return normal(first, 0, 1) + normal(second, 0, 1) - log(L[0] * L[3])
covariance = lambda y, mu, S: precise(y, mu, flat(mp.inverse(square(S))))
def multi_t(y, mu, L, nu):
    scatter = square(L) * square(L).T
    m = form(apart(y, mu), mp.inverse(scatter))
    return loggamma((nu + 2) / 2) - loggamma(nu / 2) - log(nu * pi) - log(mp.det(scatter)) / 2 - (nu + 2) / 2 * log(1 + m / nu)
ys = [[0.0, -1.25], [4.0, 3.0]]
factor = [2.0, 0.0, 0.5, 0.75]
for y in ys:
    theirs = stats.multivariate_normal([0.5, -1], [[4, 1], [1, 0.8125]]).logpdf(y)
    assert abs(cholesky(exact(y), exact([0.5, -1.0]), exact(factor)) - theirs) < 1e-9
    theirs = stats.multivariate_t([0.5, -1], [[4, 1], [1, 0.8125]], 5).logpdf(y)
    assert abs(multi_t(exact(y), exact([0.5, -1.0]), exact(factor), mpf(5)) - theirs) < 1e-9
several("multivariate_gaussian", cholesky, dict(mu=[0.5, -1.0], L=factor), ys, [0.5, -1.0], [4.0, 0.8125])
far("multivariate_gaussian", cholesky, dict(mu=[0.0, 0.0], L=[1e-200, 0.0, 0.0, 1e200]), [[1e-200, 1e200]])
several("gaussian_covariance", covariance, dict(mu=[0.5, -1.0], S=[4.0, 1.0, 1.0, 0.8125]), ys, [0.5, -1.0], [4.0, 0.8125])
several("gaussian_precision", precise, dict(mu=[0.5, -1.0], P=[1.0, 0.5, 0.5, 2.0]), ys, [0.5, -1.0], [2 / 1.75, 1 / 1.75])
several("multivariate_student_t", multi_t, dict(mu=[0.5, -1.0], L=factor, nu=5.0), ys, [0.5, -1.0], [4 * 5 / 3, 0.8125 * 5 / 3])
far("multivariate_student_t", multi_t, dict(mu=[0.0, 0.0], L=[1e-200, 0.0, 0.0, 1e-190], nu=3.0), [[0.0, 0.0], [1.0, -1e100]])

def dirichlet(y, alpha):
    return loggamma(sum(alpha)) + sum((0 if a == 1 else (a - 1) * ln0(x)) - loggamma(a) for x, a in zip(y, alpha))
theirs = stats.dirichlet([2.5, 1.0, 0.5])
assert abs(dirichlet(exact([0.5, 0.25, 0.25]), exact([2.5, 1.0, 0.5])) - theirs.logpdf([0.5, 0.25, 0.25])) < 1e-9
several("dirichlet", dirichlet, dict(alpha=[2.5, 1.0, 0.5]), [[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]], theirs.mean(), theirs.var())
far("dirichlet", dirichlet, dict(alpha=[1.0, 1.0, 2.0]), [[0.0, 0.5, 0.5], [0.0, 0.0, 1.0]])
