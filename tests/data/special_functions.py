"""Makes special_functions.csv: reference values of the special functions in src/numeric, with 40 digits and more (mpmath).

A row is a function, its arguments, scales and values, lists being separated by blanks. Arguments are the exact values of the
floating-point numbers. An error is measured against the value, or against the scale where that is larger: near a zero of a function,
where no relative precision can be asked for, and where the value asks for more digits than the argument has.
"""

import csv
import itertools
import pathlib

from mpmath import mp, mpf, digamma, exp, expm1, inf, log, log1p, loggamma, psi, quad, sqrt

mp.dps = 40
ROWS = []


def row(function, arguments, values, scales=()):
    short = lambda v: mp.nstr(mpf(v), 18, strip_zeros=True) if v else "0"
    ROWS.append([function, " ".join(repr(float(a)) for a in arguments), " ".join(map(short, scales)), " ".join(map(short, values))])


def lists(*options):
    return itertools.product(*[[float(o) for o in option] for option in options])


@mp.workdps(90)
def gamma_family():
    for z, d in lists([1e-12, 1e-4, 0.243, 1, 1.4616321449683623, 3.7, 15.9, 16, 250.5, 1e4, 1e8], [0, 1e-9, 1e-4, 0.2, 1, 26, 500, 1e4, 1e6, 1e12]):
        # Where Γ turns, the result crosses zero.
        row("ln_gamma_ratio", [z, d], [loggamma(mpf(z) + d) - loggamma(z)], [min(d, 1) / 10])
    for z, c, d in lists([1e-12, 1e-4, 0.243, 1, 15.9, 250.5, 1e4, 1e8], [1, 26, 1e4], [0, 1e-9, 1e-4, 0.2, 3, 1e4]):
        bend = loggamma(z) + loggamma(mpf(z) + c + d) - loggamma(mpf(z) + c) - loggamma(mpf(z) + d)
        row("ln_gamma_bend", [z, c, d], [bend if d else 0])
    beta = lambda a, b: loggamma(a) + loggamma(b) - loggamma(mpf(a) + b)
    for a, b in lists(*[[1e-4, 0.243, 1, 2.5, 250.5, 1e4, 1e8]] * 2):
        row("ln_beta", [a, b], [beta(a, b)], [0.1])
    for a, b, i, j in lists([1e-4, 0.793, 30, 1e4], [1e-4, 2.426, 1e4, 1e7], [0, 1, 1000], [0, 1, 1e4]):
        row("ln_beta_ratio", [a, b, i, j], [beta(mpf(a) + i, mpf(b) + j) - beta(a, b)])
    for z in [1e-12, 1e-4, 0.243, 1, 1.4616321449683623, 3.7, 15.999, 16, 300, 1e4, 1e10]:
        row("polygamma", [z], [digamma(z), psi(1, z)], [0.5])


def dispersion():
    phis = [0, 1e-300, 1e-12, 1e-6, 1e-3, 0.0624, 0.0626, 0.3, 1, 7.5, 1e4]
    for x, phi in lists([0, 1, 2, 17, 32, 33, 100, 1000, 10_000], phis):
        p = mpf(phi)
        terms = [(log1p(j * p), j / (1 + j * p), -((j / (1 + j * p)) ** 2)) for j in range(int(x))]
        row("ln_rising", [x, phi], [sum(t[k] for t in terms) for k in range(3)])
    with mp.workdps(700):
        for u, phi in lists([0, 1e-9, 0.01, 0.7, 1, 30, 1e5], phis):
            u, p = mpf(u), mpf(phi)
            if phi == 0:
                values = [u, -u**2 / 2, 2 * u**3 / 3]
            else:
                y = u * p
                l = log1p(y)
                values = [l / p, u / p / (1 + y) - l / p**2, -((u / (1 + y)) ** 2) / p - 2 * u / (1 + y) / p**2 + 2 * l / p**3]
            row("ln_per_dispersion", [u, phi], values)



def pareto_integral():
    """ln of the integral over 0 < u < T − t_x of (1 + u/(α + t_x))^−(r + x) (1 + u/(β + t_x))^−(s + 1): the Pareto/NBD likelihood's."""
    shapes = [(0.5534, 0.6061), (1e-4, 1e-4), (1e4, 1e-4), (1e-4, 1e4), (1e4, 1e4)]
    scales = [(10.58, 11.66), (1e-4, 1), (1, 1e-4), (1e4, 1), (7.5, 7.5)]
    times = [(0, 0.5), (30.43, 38.86), (3649, 3650), (3650 - 2**-20, 3650), (0, 3650)]
    for (r, s), (alpha, beta), x, (t_x, t) in itertools.product(shapes, scales, [0, 2, 300, 10_000], times):
        if (x == 0) != (t_x == 0) and (x, t_x) != (2, 0):
            continue
        n, m, a, b, width = mpf(r) + x, mpf(s) + 1, mpf(alpha) + t_x, mpf(beta) + t_x, mpf(t) - t_x
        f = lambda v: exp(v - n * log1p(exp(v) / a) - m * log1p(exp(v) / b))
        # By v = ln u, where everything happens on the scale of 1, down to where u adds nothing.
        near = min(width, a / n, b / m)
        ends = [log(near) - k for k in (60, 30, 15, 7, 3, 1.5)] + [log(near)]
        while ends[-1] + 0.7 < log(width):
            ends.append(ends[-1] + 0.7)
        value = quad(f, ends + [log(width)]) + exp(ends[0])
        row("pareto_integral", [r, s, alpha, beta, x, t_x, t], [log(value)], [1])


def mean_over_beta(f, a, b, marks):
    """The mean over p ~ Beta(a, b) of f(p, 1 - p), in ln(p/(1 − p)) with tails in closed form."""
    far = 160 + log(1 + a + b)
    low, high = -far + min(marks + [0]), far + max(marks + [0])
    weight = lambda y: exp(-a * log1p(exp(-y)) - b * log1p(exp(y)))
    point = lambda y: (1 / (1 + exp(-y)), 1 / (1 + exp(y)))
    # The trapezoidal rule converges exponentially, here to 55 digits.
    step = min(mpf(1) / 13, sqrt(1 / a + 1 / b) / 6)
    mode = log(a / b)
    total = value = mpf(0)
    for start, stride, rate in [(mode, step, b), (mode - step, -step, a)]:
        y = start
        while True:
            w, v = weight(y), f(*point(y))
            total, value = total + w, value + w * v
            if w < mpf(10) ** -90 * total:
                break
            if y > high or y < low:
                r = exp(-rate * step)
                total, value = total + w * r / (1 - r), value + w * v * r / (1 - r)
                break
            y += stride
    return value / total


def hypergeometric():
    def value(q, c, rest):
        z = 1 - rest
        if rest > mpf("0.01"):
            return mp.hyp2f1(1, q, c, z) if max(q, c) < 50 else sum_of_series(q, c, z)
        return mean_over_beta(lambda p, o: 1 / (rest + z * o), q, c - q, [-log(rest)])

    def sum_of_series(q, c, z):
        term = total = mpf(1)
        n = 0
        while term > mpf(10) ** -(mp.dps + 2) * total:
            term *= (q + n) / (c + n) * z
            total += term
            n += 1
        return total

    pairs = [(1e-4, 1.0001), (1e-4, 2e-4), (0.6061, 2.16), (1.6061, 302.16), (1.5, 2.0), (2.5534, 3.1595), (300.55, 302.2), (1e4, 1e4 + 0.6), (1e4, 2e4), (3.0, 2e4)]
    rests = [1.0, 1 - 1e-9, 0.91, 0.5, 0.41, 0.39, 0.11, 0.09, 0.005, 0.003, 1e-4, 1e-12]
    for (q, c), rest in itertools.product(pairs, rests):
        z = 1.0 - rest
        rest = 1.0 - z  # what the function is given adds to 1
        exact = lambda q, c, z, r=rest: value(mpf(q), mpf(c), 1 - mpf(z))
        row("hypergeometric", [q, c, z, rest], [exact(q, c, z)])
        row("ln_hypergeometric_next", [c - 1, c - q, z, rest], [(1 - (mpf(c) - q)) * log(mpf(rest)) + log(value(mpf(c - 1) + 1 - mpf(c - q), mpf(c - 1) + 1, mpf(rest)))], [1])
    for (q, c), rest in itertools.product(pairs, [1 - 1e-9, 0.91, 0.5, 0.11, 0.09, 1e-4, 1e-9]):
        z = 1.0 - rest
        rest = 1.0 - z
        with mp.workdps(80):
            h = [mpf(q) * mpf(10) ** -13, mpf(c - q) * mpf(10) ** -13, min(mpf(z), mpf(rest)) * mpf(10) ** -13]
            at = lambda i=0, j=0, k=0: log(value(mpf(q) + i * h[0], mpf(c) + j * h[1], mpf(rest) - k * h[2]))
            here = at()
            up = [at(1), at(0, 1), at(0, 0, 1)]
            down = [at(-1), at(0, -1), at(0, 0, -1)]
            first = [(u - d) / (2 * e) for u, d, e in zip(up, down, h)]
            second = [(u + d - 2 * here) / e**2 for u, d, e in zip(up, down, h)]
            mixed = lambda a, b, e, g: (at(*a) + at(*[-i for i in a]) - at(*b) - at(*[-i for i in b])) / (4 * e * g)
            qc = mixed((1, 1, 0), (1, -1, 0), h[0], h[1])
            qz = mixed((1, 0, 1), (1, 0, -1), h[0], h[2])
            cz = mixed((0, 1, 1), (0, 1, -1), h[1], h[2])
            values = [here, *first, second[0], qc, second[1], qz, cz, second[2]]
            # Differences of ratios: their scale is that of what is subtracted.
            scales = [1, 0, 0, 0] + [abs(first[i] * first[j]) for i, j in [(0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 2)]]
            row("ln_hypergeometric", [q, c, z, rest], values, scales)
    for (n, v), (a, b) in itertools.product(lists([1e-4, 0.243, 3.2, 1e3, 2e4], [0, 1e-9, 0.3, 9, 1e6]), lists([1e-4, 0.793, 30, 1e4], [1e-4, 2.426, 1e4])):
        c = a + b
        a_, b_, n_, v_ = mpf(a), mpf(c) - mpf(a), mpf(n), mpf(v)
        value = mp.hyp2f1(n_, a_, mpf(c), -v_) if v else mpf(1)
        row("ln_hypergeometric_negative", [n, a, c, v], [log(value)], [1])


def incomplete():
    shapes = [1e-4, 0.243, 0.9, 1, 2.5, 15.9, 16, 300, 1e4]
    for a in shapes:
        deviation = sqrt(mpf(a))
        # x far below, below, at and above the mean, and far above.
        for x in sorted({1e-300, 1e-9, 0.01 * a, a / 2, max(float(a - 6 * deviation), 1e-3), float(a), 1.05, a + 0.999, a + 1.0, float(a + 8 * deviation), 3.0 * a + 20}):
            lower, upper = mp.gammainc(a, 0, x, regularized=True), mp.gammainc(a, x, inf, regularized=True)
            row("incomplete_gamma", [a, x], [lower, upper])
    for a, tail in lists(shapes, [1e-12, 0.025, 0.5, 0.975]):
        if a > 1e-4:
            row("gamma_quantile", [a, tail], [gamma_root(a, mpf(tail), False), gamma_root(a, mpf(tail), True)])
    for a, b in lists([1e-4, 0.243, 0.9, 2.5, 16, 300, 1e4], [1e-4, 0.793, 1, 2.426, 40, 1e4]):
        mean, deviation = mpf(a) / (a + b), sqrt(mpf(a) * b / (a + b + 1)) / (a + b)
        for x in sorted({2.0**-30, float(mean) / 2, float(mean), min(float(mean + 3 * deviation), 0.999), 1 - 2.0**-20}):
            lower, upper = beta_tails(a, b, x)
            row("incomplete_beta", [a, b, x, 1 - x], [lower, upper])
    for a, b, tail in lists([0.243, 2.5, 300], [0.793, 40, 1e4], [1e-9, 0.025, 0.5]):
        low, high = beta_root(a, b, mpf(tail)), beta_root(b, a, mpf(tail))
        row("beta_quantile", [a, b, tail], [low, 1 - low, 1 - high, high])


def beta_tails(a, b, x):
    x, both = mpf(x), mp.beta(a, b)
    if x > mpf(a) / (mpf(a) + b):
        return beta_tails(b, a, 1 - x)[::-1]
    # x^a (1 − x)^b/(a B) · Σ (a + b)ₙ/(a + 1)ₙ xⁿ: no term below zero.
    term = total = mpf(1)
    n = 0
    while term > mpf(10) ** -(mp.dps + 10) * total:
        term *= (mpf(a) + b + n) / (mpf(a) + 1 + n) * x
        total += term
        n += 1
    lower = exp(a * log(x) + b * log1p(-x)) / (a * both) * total
    return lower, 1 - lower


def bisection(f, low, high):
    """Where a rising function is zero: bracketed, then by the secant."""
    while high - low > mpf(10) ** -6:
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) < 0 else (low, middle)
    return mp.findroot(f, (low, high), tol=mpf(10) ** -60)


def gamma_root(a, tail, upper):
    ends = (lambda x: (x, inf)) if upper else (lambda x: (0, x))
    sign = -1 if upper else 1
    f = lambda y: sign * (log(mp.gammainc(a, *ends(exp(y)), regularized=True)) - log(tail))
    return exp(bisection(f, log(tail) / a - 5 if not upper else log1p(-tail) / a - 5, log(mpf(a) + 100 + 10 * sqrt(mpf(a)))))


def beta_root(a, b, tail):
    f = lambda y: log(beta_tails(a, b, 1 / (1 + exp(-y)))[0]) - log(tail)
    y = bisection(f, (log(tail) - 20) / a - 20, mpf(40))
    return 1 / (1 + exp(-y))


def exponential_integral():
    for s, z in lists([1e-4, 0.5, 0.6061, 1, 1 + 1e-12, 1.4999, 1.5, 2, 3.7, 23.9, 24.1, 300, 1e4], [1e-12, 1e-4, 0.03, 0.5, 0.999, 1, 1.5, 20, 1e3, 1e6]):
        with mp.workdps(60):
            kernel = lambda s, z: exp(z) * mp.expint(s, z) if z < 50 and s < 50 else by_fraction(s, z)
            row("scaled_exponential_integral", [s, z], [kernel(mpf(s), mpf(z))])
    for s, z, end in lists([1e-4, 0.6061, 1, 1.5, 24.1, 1e4], [0, 1e-12, 1e-3, 0.5, 20, 1e3], [0, 1e-9, 0.01, 3, 1e3]):
        if end == 0:
            value = 0
        else:
            with mp.workdps(30):
                f = lambda v: exp(v - mpf(z) * exp(v) - mpf(s) * log1p(exp(v)))
                near = log(min(mpf(end), 1 / (1 + mpf(z) + mpf(s))))
                marks = [near - k for k in (60, 30, 15, 7, 3, 1.5)] + [near]
                while marks[-1] + 0.7 < log(mpf(end)):
                    marks.append(marks[-1] + 0.7)
                value = quad(f, marks + [log(mpf(end))]) + exp(marks[0])
        row("exponential_integral_to", [s, z, end], [value])


def by_fraction(s, z):
    """e^z E_s(z) by the continued fraction of DLMF 8.19.17 in its even form, from far behind."""
    depth = 400 if z > 2 or s > 1000 else 40_000
    tail = mpf(0)
    for k in range(depth, 0, -1):
        tail = k * (s + k - 1) / (z + s + 2 * k - tail)
    return 1 / (z + s - tail)


for make in [gamma_family, dispersion, pareto_integral, hypergeometric, incomplete, exponential_integral]:
    make()
with open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["function", "arguments", "scales", "values"])
    writer.writerows(ROWS)
