"""What the meter's sensors make of the truth: noise, resolution, faults; and the windows cut from it.

Channels: flow on chord A and on chord B of the ultrasonic path (m³/h), pressure (bar).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation import MINUTES, Recording

STEPS = 32
CLASSES = ("normal", "leak", "burst", "fault")
RANGE = np.array([[-1000.0, 1000.0], [-1000.0, 1000.0], [0.0, 10.0]])
LEAST_SIGNIFICANT_BIT = np.array([0.1, 0.1, 0.001])
# One minute's mean: a floor, and for the flow a share of the reading.
NOISE_FLOOR = np.array([0.3, 0.3, 0.004])
NOISE_SHARE = 0.003
# An event must be this old, in minutes, at the end of a window's recording that shows it.
AGES = (8, 21)
# The second window of a recording ends this many minutes after the first.
SECOND_WINDOW = 5
# A stream holds the two windows and all between them, and reaches this many minutes further back.
LEAD = 7
STREAM = LEAD + STEPS + SECOND_WINDOW


@dataclass
class Windows:
    """Windows [N,32,3] in physical units, their classes, and where they come from."""

    signals: np.ndarray
    labels: np.ndarray
    recording: np.ndarray
    end: np.ndarray


@dataclass
class Streams:
    """Streams [N,44,3] in physical units, one of each recording, and the class of its event."""

    signals: np.ndarray
    labels: np.ndarray
    # The stream's first minute in its recording; the instant of the stream at which the event begins, or -1.
    start: np.ndarray
    event: np.ndarray


def measured(recording: Recording, random: np.random.Generator) -> np.ndarray:
    """The readings of one recording, [180,3]; the fault of a fault recording is in them."""
    truth = np.stack([recording.flow, recording.flow, recording.pressure], axis=1)
    gain = 1 + random.standard_normal(2) * 0.003
    zero = random.standard_normal() * 0.01
    sigma = np.tile(NOISE_FLOOR, (MINUTES, 1))
    sigma[:, :2] += NOISE_SHARE * np.abs(truth[:, :2])
    readings = truth + random.standard_normal(truth.shape) * sigma
    readings[:, :2] *= gain
    readings[:, 2] += zero
    if recording.event == "fault":
        _spoil(readings, recording.start, random)
    on_grid = np.round(readings / LEAST_SIGNIFICANT_BIT) * LEAST_SIGNIFICANT_BIT
    return np.clip(on_grid, RANGE[:, 0], RANGE[:, 1])


def _spoil(readings: np.ndarray, start: int, random: np.random.Generator) -> None:
    """One fault of one channel, from `start` to the end of the recording."""
    channel = int(random.choice([0, 1, 2], p=[0.3, 0.3, 0.4]))
    tail = readings[start:, channel]
    unit = 1.0 if channel < 2 else 0.01
    sign = random.choice([-1.0, 1.0])
    match random.integers(6):
        case 0:  # bias
            tail += sign * random.uniform(15, 120) * unit
        case 1:  # drift
            tail += sign * random.uniform(2, 10) * unit * (1 + np.arange(len(tail)))
        case 2:  # noise, as from bubbles on a chord or a loose wire
            tail += random.standard_normal(len(tail)) * random.uniform(10, 40) * unit
        case 3:  # the last value is held
            tail[:] = tail[0]
        case 4:  # some values are lost and read as 0
            lost = random.random(len(tail)) < random.uniform(0.2, 0.6)
            lost[0] = True
            tail[lost] = 0
        case _:  # one end of the range
            tail[:] = RANGE[channel, random.integers(2)]


def windows(
    recordings: list[Recording], random: list[np.random.Generator]
) -> tuple[Windows, Streams]:
    """Two overlapping windows of each recording; those of an event show its start and eight minutes.

    The stream around them is what a meter sees that asks its model every minute: 13 windows.
    """
    signals, labels, source, ends = [], [], [], []
    streams, classes, starts, events = [], [], [], []
    for number, (recording, stream) in enumerate(zip(recordings, random)):
        readings = measured(recording, stream)
        if recording.event == "normal":
            first = int(stream.integers(STEPS, MINUTES - SECOND_WINDOW))
        else:
            first = recording.start + int(stream.integers(*AGES))
        for end in (first, first + SECOND_WINDOW):
            signals.append(readings[end - STEPS + 1 : end + 1])
            labels.append(CLASSES.index(recording.event))
            source.append(number)
            ends.append(end)
        # A quiet recording may begin too late for the whole lead; then its stream ends later.
        start = max(first + SECOND_WINDOW + 1 - STREAM, 0)
        streams.append(readings[start : start + STREAM])
        classes.append(CLASSES.index(recording.event))
        starts.append(start)
        events.append(-1 if recording.event == "normal" else recording.start - start)
    return (
        Windows(np.stack(signals), np.array(labels), np.array(source), np.array(ends)),
        Streams(np.stack(streams), np.array(classes), np.array(starts), np.array(events)),
    )
