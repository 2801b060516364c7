"""Makes lifetime_stress.csv: Pareto/NBD at the ends of its range, with 60 digits (mpmath).

A row is r, alpha, s, beta in units of 100 days; repeats, day of the last and day of observation; then ln L, the logarithm of P(alive), and
the purchases expected in 3900 days of one who is alive. The likelihood is the sum of two positive terms, each a hypergeometric function
after Euler's transformation (Fader and Hardie, A Note on Deriving the Pareto/NBD Model, 2005); every 29th is confirmed by quadrature.
"""

import csv
import itertools
import pathlib

from mpmath import mp, mpf, exp, hyp2f1, inf, log, loggamma, quad

mp.dps = 60
SETS = [
    (0.553, 10.578, 0.606, 11.669),  # CDNOW as published
    (0.5, 0.01, 0.6, 100.0),  # alpha/beta = 1e-4
    (0.5, 100.0, 0.6, 0.01),  # alpha/beta = 1e4
    (0.8, 10.0, 1.2, 10.0),  # alpha = beta
    (0.5, 15.0, 2.5, 7721.0),
    (0.55, 10.6, 1.0, 11.7),  # s = 1
    (30.0, 300.0, 20.0, 400.0),
    (0.01, 0.5, 0.02, 2.0),
    (2.0, 0.001, 3.0, 0.002),
    (1.5, 1e5, 0.7, 10.0),  # alpha/beta = 1e4
    (5.0, 1.0, 0.05, 1e4),  # alpha/beta = 1e-4
]


def ln_after(r, alpha, s, beta, x, t, first):
    """ln of the integral from t to infinity of the density of dropping out (first), or of buying again (not first), at that time."""
    a = r + s + x
    q_of_r, q_of_s = (r + x, s + 1) if first else (r + x + 1, s)
    near, far, q = (alpha, beta, q_of_s) if alpha < beta else (beta, alpha, q_of_r)
    z = (far - near) / (far + t)
    ln_f = log(hyp2f1(1, q, a + 1, z))
    front = log(s if first else r + x) - log(a)
    of_alpha = -(r + x) + (first if alpha < beta else first - 1)
    of_beta = -s - (first if alpha < beta else first - 1)
    return front + r * log(alpha) + s * log(beta) + of_alpha * log(alpha + t) + of_beta * log(beta + t) + ln_f


def history(parameters, x, t_x, t):
    r, alpha, s, beta = map(mpf, parameters)
    alive = r * log(alpha) + s * log(beta) - (r + x) * log(alpha + t) - s * log(beta + t)
    total = log(exp(ln_after(r, alpha, s, beta, x, t_x, True)) + exp(ln_after(r, alpha, s, beta, x, t, False)))
    return loggamma(r + x) - loggamma(r) + total, alive - total


def confirmed(parameters, x, t_x, t):
    r, alpha, s, beta = map(mpf, parameters)
    still = lambda u: r * log(alpha) + s * log(beta) - (r + x) * log(alpha + u) - s * log(beta + u)
    # Pieces over which nothing changes by more than a factor.
    cuts = sorted({t_x, t, *(u for u in (t_x + (t - t_x) * mpf(k) ** 3 / 27000 for k in range(31)))})
    gone = quad(lambda u: exp(still(u) - still(t_x)) * s / (beta + u), cuts) if t_x < t else mpf(0)
    return loggamma(r + x) - loggamma(r) + still(t_x) + log(exp(still(t) - still(t_x)) + gone)


rows, checked = [], 0
for parameters in SETS:
    for days in (50, 700, 3900, 10_400, 52_000, 365_000):
        histories = [(0, 0)] + [(x, t_x) for x, t_x in itertools.product((1, 26, 250, 5000), (3 * days // 10, days - 1, days))]
        for x, t_x in histories:
            in_units = [mpf(d) / 100 for d in (t_x, days)]
            ln_l, ln_alive = history(parameters, x, *in_units)
            if len(rows) % 29 == 0:
                other = confirmed(parameters, x, *in_units)
                assert abs(other - ln_l) < mpf(10) ** -18 * max(1, abs(ln_l)), (parameters, x, in_units, ln_l, other)
                checked += 1
            r, alpha, s, beta = map(mpf, parameters)
            left = beta + in_units[1]
            ell = log((left + 39) / left)
            kept = ell if s == 1 else (1 - exp(-(s - 1) * ell)) / (s - 1)
            short = lambda v: mp.nstr(v, 18, strip_zeros=True)
            rows.append([*parameters, x, t_x, days, short(ln_l), short(ln_alive), short((r + x) / (alpha + in_units[1]) * left * kept)])

assert len(rows) == 858 and checked > 25
with open(pathlib.Path(__file__).with_name("lifetime_stress.csv"), "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["r", "alpha", "s", "beta", "x", "t_x", "t", "ln_likelihood", "ln_alive", "purchases_if_alive"])
    writer.writerows(rows)
