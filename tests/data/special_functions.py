"""Makes special_functions.csv: reference values of the special functions in src/numeric, with 40 digits, or 25 where it says so (mpmath).

A row is a function, its arguments, scales and values, lists being separated by blanks. Arguments are the exact values of the
floating-point numbers. An error is measured against the value, or against the scale where that is larger: near a zero of a function,
where no relative precision can be asked for, and where the value asks for more digits than the argument has.
"""

import csv
import itertools
import pathlib

from mpmath import mp, mpf, digamma, exp, expm1, inf, log, log1p, loggamma, psi, quad, sqrt

mp.dps = 40
OUT = open(pathlib.Path(__file__).with_suffix(".csv"), "w", newline="", buffering=1)
TABLE = csv.writer(OUT, lineterminator="\n")
TABLE.writerow(["function", "arguments", "scales", "values"])


def row(function, arguments, values, scales=()):
    short = lambda v: mp.nstr(mpf(v), 18, strip_zeros=True) if v else "0"
    TABLE.writerow([function, " ".join(repr(float(a)) for a in arguments), " ".join(map(short, scales)), " ".join(map(short, values))])


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
    far = 60 + log(1 + a + b)
    low, high = -far + min(marks + [0]), far + max(marks + [0])
    weight = lambda y: exp(-a * log1p(exp(-y)) - b * log1p(exp(y)))
    point = lambda y: (1 / (1 + exp(-y)), 1 / (1 + exp(y)))
    # The trapezoidal rule converges exponentially: here to 25 digits.
    step = min(mpf(1) / 6, sqrt(1 / a + 1 / b) / 6)
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
        row("hypergeometric", [q, c, z, rest], [value(mpf(q), mpf(c), mpf(rest))])
    for (q, c), rest in itertools.product(pairs, [0.91, 0.5, 0.11]):
        z = 1.0 - rest
        rest = 1.0 - z
        with mp.workdps(60):
            h = [mpf(q) * mpf(10) ** -15, mpf(c - q) * mpf(10) ** -15, min(mpf(z), mpf(rest)) * mpf(10) ** -15]
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


def quantile_rows(name, parameters, x, tails, density, ends):
    """Quantiles without a search: of the numbers nearest to both tails of x, at most their rounding away from x."""
    for function, tail, sign in zip(["quantile", "upper_quantile"], tails, [1, -1]):
        given = float(tail)
        # Closer to 1, where it should be asked for by the other tail, the rounding is no small step.
        if 1e-290 < given < 0.9:
            row(f"{name}_{function}", [*parameters, given], ends(mpf(x) + sign * (mpf(given) - tail) / density))


def gamma_distribution():
    for a in [1e-4, 0.243, 0.9, 1, 2.5, 15.9, 16, 300, 1e4]:
        a_, deviation = mpf(a), sqrt(mpf(a))
        # Far below, below, at and above the mean, and far above.
        for x in sorted({1e-300, 1e-9, 0.01 * a, a / 2, max(float(a - 6 * deviation), 1e-3), a, 1.05, a + 0.999, a + 1.0, float(a + 8 * deviation), 3.0 * a + 20}):
            tails = gamma_tails(a_, mpf(x))
            row("incomplete_gamma", [a, x], tails)
            density = exp((a_ - 1) * log(mpf(x)) - x - loggamma(a_))
            if tails[0] > 1e-290 and a > 1e-4:
                quantile_rows("gamma", [a], x, tails, density, lambda x: [x])


def beta_distribution():
    for a, b in lists([1e-4, 0.243, 0.9, 2.5, 16, 300, 1e4], [1e-4, 0.793, 1, 40, 1e4]):
        a_, b_ = mpf(a), mpf(b)
        mean, deviation = a_ / (a_ + b_), sqrt(a_ * b_ / (a_ + b_ + 1)) / (a_ + b_)
        for x in sorted({2.0**-30, float(mean / 2), float(mean), min(float(mean + 3 * deviation), 0.999), 1 - 2.0**-20}):
            tails = beta_tails(a_, b_, mpf(x))
            row("incomplete_beta", [a, b, x, 1 - x], tails)
            density = exp((a_ - 1) * log(mpf(x)) + (b_ - 1) * log1p(-mpf(x))) / mp.beta(a_, b_)
            if min(tails) > 1e-290 and min(a, b) > 1e-4:
                quantile_rows("beta", [a, b], x, tails[:1], density, lambda x: [x, 1 - x])


def gamma_tails(a, x):
    front = exp(a * log(x) - x - loggamma(a + 1))
    if x > a + 12 * sqrt(a) + 12:
        # Q by its continued fraction, from far behind.
        tail = mpf(0)
        for k in range(3000, 0, -1):
            tail = k * (a - k) / (x + 2 * k + 1 - a + tail)
        upper = front * a / (x + 1 - a + tail)
        return 1 - upper, upper
    with mp.workdps(2 * mp.dps):
        # DLMF 8.11.4: no term below zero.
        term = total = mpf(1)
        n = a
        while term > mpf(10) ** -mp.dps * total:
            n += 1
            term *= x / n
            total += term
        lower = exp(a * log(x) - x - loggamma(a + 1)) * total
        return lower, 1 - lower


def beta_tails(a, b, x):
    if x > 0.5:
        return beta_tails(b, a, 1 - x)[::-1]
    with mp.workdps(2 * mp.dps):
        # x^a (1 − x)^b/(a B) · Σ (a + b)ₙ/(a + 1)ₙ xⁿ: no term below zero.
        term = total = mpf(1)
        n = 0
        while term > mpf(10) ** -mp.dps * total:
            term *= (a + b + n) / (a + 1 + n) * x
            total += term
            n += 1
        lower = exp(a * log(x) + b * log1p(-x)) / (a * mp.beta(a, b)) * total
        return lower, 1 - lower


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
        row("scaled_exponential_integral_to", [s, z, end], [value])


def by_fraction(s, z):
    """e^z E_s(z) by the continued fraction of DLMF 8.19.17 in its even form, from far behind."""
    depth = 400 if z > 2 or s > 1000 else 40_000
    tail = mpf(0)
    for k in range(depth, 0, -1):
        tail = k * (s + k - 1) / (z + s + 2 * k - tail)
    return 1 / (z + s - tail)


for make in [gamma_family, dispersion, pareto_integral, hypergeometric, gamma_distribution, beta_distribution, exponential_integral]:
    make()
OUT.close()
