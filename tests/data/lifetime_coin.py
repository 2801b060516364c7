"""Reference values for customers who may drop out at a purchase: lifetime_coin.csv.

The posterior of (rate, chance) is integrated numerically, the rate over the gamma density times the Poisson likelihood of what was seen,
with the purchases to come summed for each rate; no closed form of the crate is used. 30 digits of mpmath.

    python lifetime_coin.py > lifetime_coin.csv
"""
from mpmath import mp, mpf, quad, exp, log, loggamma, log1p, expm1, beta

mp.dps = 30
print("kind,k,r,alpha,a,b,first,x,t_x,t,horizon,alive,purchases,none,two,staying")


def regular(k, r, alpha, a, b, first, x, t_x, t, h):
    """Everything by one-dimensional integrals over the rate."""
    w, n, chances = t - t_x, k * x, x + first
    stay = lambda m: exp(loggamma(b + m) - loggamma(b) + loggamma(a + b) - loggamma(a + b + m))
    last = lambda m: exp(loggamma(a + 1) + loggamma(b + m - 1) - loggamma(a + b + m) - loggamma(a) - loggamma(b) + loggamma(a + b))
    mode = max((r + n) / (alpha + t), mpf(1) / 1000)
    points = [0, mode / 20, mode / 4, mode, 2 * mode, 4 * mode, 10 * mode, 40 * mode, 200 * mode, 1000 * mode]

    def over(f, time):
        # u = l^r takes the pole of the density at 0 away.
        g = lambda u: f(u ** (1 / r)) * exp(n * log(u) / r - (alpha + time) * u ** (1 / r)) / r if u > 0 else mpf(0)
        return quad(g, [p**r for p in points])

    j_terms = lambda l, f: sum((l * w) ** j / mp.factorial(j) * f(j) for j in range(k))
    seen = over(lambda l: j_terms(l, lambda j: 1), t)
    gone = over(lambda l: mpf(1), t_x) * last(chances) if chances > 0 else mpf(0)
    alive = seen * stay(chances) / (seen * stay(chances) + gone)
    then = lambda m: stay(chances + m) / stay(chances)

    # For a rate l and j hidden events: the Poisson probabilities of the events to come, added up by purchases.
    def futures(l):
        mean, top = l * h, int(l * h + 12 * (l * h) ** 0.5 + 60)
        p = [exp(-mean)]
        for i in range(1, top + 1):
            p.append(p[-1] * mean / i)
        result = []
        for j in range(k):
            bins = {}
            for i, q in enumerate(p):
                c = (i + j) // k
                bins[c] = bins.get(c, mpf(0)) + q
            result.append(bins)
        return result

    tops = {}
    def total(weigh):
        def of(l):
            f = tops.get(l) or tops.setdefault(l, futures(l))
            return j_terms(l, lambda j: sum(q * weigh(c) for c, q in f[j].items()))
        return over(of, t) / seen

    cache = {}
    S = lambda m: cache.get(m) or cache.setdefault(m, then(m))
    cum = {0: mpf(0)}
    def expected(c):
        if c not in cum:
            cum[c] = expected(c - 1) + S(c - 1)
        return cum[c]
    ends = lambda c: S(c - 1) - S(c)
    purchases = total(expected)
    none = total(lambda c: mpf(1) if c == 0 else mpf(0))
    two = total(lambda c: S(2) + ends(2) if c == 2 else ends(2) if c > 2 else mpf(0))
    staying = total(S)
    return alive, purchases, none, two, staying


def row(kind, numbers, results):
    print(",".join([kind] + [str(v) for v in numbers] + [mp.nstr(v, 17) if v is not None else "" for v in results]), flush=True)


M = mpf
for k, r, alpha, a, b, first, x, t_x, t, h in [
    (1, "0.243", "4.414", "0.793", "2.426", 0, 2, 30, 39, 39),
    (1, "0.525", "6.183", "0.891", "1.614", 1, 0, 0, 39, 39),
    (2, "0.22691704", "1.46291785", "0.94399573", "2.07431576", 0, 2, 30, 39, 39),
    (2, "0.57990804", "2.28819949", "1.13433078", "1.58477857", 1, 0, 0, 39, 39),
    (2, "0.57990804", "2.28819949", "1.13433078", "1.58477857", 1, 5, 35, 39, 20),
    (3, "1.5", "5", "1", "4", 0, 4, 20, 30, 10),
    (3, "1.5", "5", "0.5", "0.25", 1, 3, 29, 30, 60),
    (5, "2.5", "2", "2", "9", 1, 6, 28, 30, 12),
    (2, "1.25", "8", "0.5", "40", 0, 12, 50, 52, 100),
]:
    p = [M(v) for v in (r, alpha, a, b)]
    row("regular", [k, r, alpha, a, b, first, x, t_x, t, h], regular(k, *p, first, x, M(t_x), M(t), M(h)))

# Purchases of a customer who is alive, in BG/NBD: the mean over the chance of [1 - (1 + p tau)^-n]/p, in the logarithm of the odds.
def given_alive(r, alpha, a, b, x, t, h):
    n, b, tau = r + x, b + x, h / (alpha + t)
    def f(y):
        p = 1 / (1 + exp(-y))
        log_p, log_q = -log1p(exp(-y)), -log1p(exp(y))
        return -expm1(-n * log1p(p * tau)) * exp((a - 1) * log_p + b * log_q)
    centre = log(a / b)
    # Below -400/a and above 400/b nothing is left; both tails are exponential.
    low, high = min(-120 / min(a, 1), -200), max(120 / min(b, 1), 200)
    points = sorted({low, high} | {centre + s for s in (-60, -30, -16, -8, -4, -2, -1, -0.5, -0.25, 0, 0.25, 0.5, 1, 2, 4, 8, 16, 30) if low < centre + s < high}
        | {s for s in (-log(n * tau + 1) - 40, -log(n * tau + 1) - 8, -log(n * tau + 1), 0, -log(tau + 1)) if low < s < high})
    return quad(f, points) / beta(a, b)

for r, alpha, a, b in [("0.243", "4.414", "0.793", "2.426"), ("0.11", "2.24", "0.31", "0.5"), ("0.243", "4.414", "1", "2.426"),
                       ("2.5", "0.25", "1.000000001", "0.125"), ("0.525", "6.183", "5", "160"), ("12", "100", "0.0625", "0.03125")]:
    for x in (0, 1, 7, 26, 300, 5000):
        for t, h in ((1, 30), (39, 39), (39, 1), (390, 52), (2, 2000), (104, "0.125")):
            p = [M(v) for v in (r, alpha, a, b)]
            row("alive", [1, r, alpha, a, b, 0, x, t if x else 0, t, h], [None, given_alive(*p, x, M(t), M(h)), None, None, None])
