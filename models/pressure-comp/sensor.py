"""A piezoresistive pressure cell as an equation: pressure and temperature to bridge voltage.

Four p-type resistors in a Wheatstone bridge at the edges of a clamped square silicon membrane:

    V = Vs · [ o(T) + ½ π44 P(N,T) (1 - ν) σ(p) ]

σ, the stress across the middle of an edge: 0.308 p (a/h)² (Timoshenko and Woinowsky-Krieger, Theory of
Plates and Shells, 1959, clamped square plate). π44 of lightly doped p-type silicon: Smith, Phys. Rev. 94
(1954) 42. P(N,T), the piezoresistance factor of doping and temperature: Richter, Pedersen, Brandbyge,
Thomsen and Hansen, "Piezoresistance in p-type silicon revisited", J. Appl. Phys. 104 (2008) 023715, with
the constants that the design tool PiezoD takes from it. Offset o(T) and the membrane's stiffening are set
by manufacture; here they are assumed.
"""

from __future__ import annotations

import numpy as np

SPAN = 10.0  # bar
TEMPERATURES = (-40.0, 85.0)  # °C
SUPPLY = 5.0  # V
PI_44 = 138.1e-11  # 1/Pa
DOPING = 3e18  # boron atoms a cm³
POISSON = 0.064  # in the (001) plane along <110>
SIDE_TO_THICKNESS = 11.0
STIFFENING = 0.006  # share of the signal lost to the membrane's stretching at full span
OFFSET = (0.8e-3, 6e-6, 2e-8)  # V/V at 25 °C, and per K and K² away from it

# What the converter delivers: bridge in mV (16 bits over ±128 mV), temperature in °C (12 bits).
LEAST_SIGNIFICANT_BIT = np.array([2.0**-8, 2.0**-4])
NOISE = np.array([0.006, 0.05])
CONVERTER = np.array([[-128.0, 128.0 - 2.0**-8], [-128.0, 128.0 - 2.0**-4]])


def piezoresistance_factor(celsius: np.ndarray) -> np.ndarray:
    """P(N,T), 1 for weak doping at 300 K (Richter et al. 2008, equation for p-type silicon)."""
    ratio = (celsius + 273.15) / 300.0
    first = ratio**-0.1 * (DOPING / 6e19) ** 0.43
    second = ratio**-3.0 * (DOPING / 7e20) ** 1.6
    return ratio**-0.9 / (1 + first + second)


def bridge(bar: np.ndarray, celsius: np.ndarray) -> np.ndarray:
    """Bridge voltage in mV."""
    stress = 0.308 * bar * 1e5 * SIDE_TO_THICKNESS**2 * (1 - POISSON)
    stiffer = 1 - STIFFENING * bar / SPAN
    away = celsius - 25.0
    offset = OFFSET[0] + OFFSET[1] * away + OFFSET[2] * away**2
    signal = 0.5 * PI_44 * piezoresistance_factor(celsius) * stress * stiffer
    return 1e3 * SUPPLY * (offset + signal)


def readings(bar: np.ndarray, celsius: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """What the converter delivers: [N,2], bridge in mV and temperature in °C, with noise."""
    exact = np.stack([bridge(bar, celsius), celsius], axis=1)
    noisy = exact + random.standard_normal(exact.shape) * NOISE
    on_grid = np.round(noisy / LEAST_SIGNIFICANT_BIT) * LEAST_SIGNIFICANT_BIT
    return np.clip(on_grid, CONVERTER[:, 0], CONVERTER[:, 1])


def drawn(count: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`count` readings [N,2] with true pressures (bar) and temperatures (°C), uniform in both."""
    bar = random.uniform(0, SPAN, count)
    celsius = random.uniform(*TEMPERATURES, count)
    return readings(bar, celsius, random), bar, celsius
