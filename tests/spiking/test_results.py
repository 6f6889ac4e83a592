"""What is derived from output spikes: counts, predictions, first spikes, accuracy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import pysnn


def relay(num_classes: int) -> pysnn.SpikingNetwork:
    """Return a network whose output spikes are its input spikes."""
    snn = pysnn.SpikingNetwork((num_classes,))
    snn.add_population("out", (num_classes,))
    snn.connect("input", "out", pysnn.Linear(np.eye(num_classes)))
    return snn


def trains(*samples: list[str]) -> NDArray[np.bool_]:
    """Return (num_steps, num_samples, num_classes) from one string of 0 and 1 per class."""
    by_sample = [[[letter == "1" for letter in train] for train in sample] for sample in samples]
    return np.array(by_sample).transpose(2, 0, 1)


SPIKES = trains(
    ["00000", "00000", "00000"],  # silent
    ["00011", "01100", "00000"],  # a tie between classes 0 and 1 in the end
    ["00000", "00010", "00111"],
)


def test_output_spikes_are_given_back_as_they_were() -> None:
    result = pysnn.simulate(relay(3), spikes=SPIKES)
    np.testing.assert_array_equal(result.output_spikes, SPIKES)


def test_spike_counts_are_sums_over_time() -> None:
    result = pysnn.simulate(relay(3), spikes=SPIKES)
    np.testing.assert_array_equal(result.spike_counts, [[0, 0, 0], [2, 2, 0], [0, 1, 3]])


def test_ties_go_to_the_lowest_class_and_silence_to_class_zero() -> None:
    result = pysnn.simulate(relay(3), spikes=SPIKES)
    np.testing.assert_array_equal(result.predictions, [0, 0, 2])
    np.testing.assert_array_equal(
        result.predictions_over_time, [[0, 0, 0], [0, 1, 0], [0, 1, 2], [0, 1, 2], [0, 0, 2]]
    )


def test_a_tie_between_higher_classes_goes_to_the_lower_of_them() -> None:
    result = pysnn.simulate(relay(4), spikes=trains(["000", "010", "100", "001"]))
    np.testing.assert_array_equal(result.predictions_over_time[:, 0], [2, 1, 1])


def test_first_spike_step_counts_from_zero_and_is_minus_one_without_spikes() -> None:
    result = pysnn.simulate(relay(3), spikes=SPIKES)
    np.testing.assert_array_equal(result.first_spike_step, [-1, 1, 2])


def test_first_spike_in_step_zero_is_step_zero() -> None:
    result = pysnn.simulate(relay(2), spikes=trains(["00", "11"]))
    np.testing.assert_array_equal(result.first_spike_step, [0])


def test_accuracy_is_the_share_of_right_predictions_after_each_step() -> None:
    result = pysnn.simulate(relay(3), spikes=SPIKES)
    np.testing.assert_array_equal(
        result.accuracy([0, 1, 2]), np.array([1, 2, 3, 3, 2], dtype=np.float64) / 3
    )


def test_many_classes_are_counted_and_predicted_right() -> None:
    num_classes = 1001
    spikes = np.random.default_rng(3).random((30, 6, num_classes)) < 0.3
    result = pysnn.simulate(relay(num_classes), spikes=spikes)
    np.testing.assert_array_equal(result.output_spikes, spikes)
    np.testing.assert_array_equal(result.spike_counts, spikes.sum(axis=0))
    np.testing.assert_array_equal(
        result.predictions_over_time, np.argmax(np.cumsum(spikes, axis=0), axis=2)
    )
    np.testing.assert_array_equal(result.predictions, np.argmax(spikes.sum(axis=0), axis=1))


def test_spikes_and_operations_of_a_hand_worked_convolution() -> None:
    # 1x3x3 input, 2 channels of 3x3 kernels, padding 1: a corner reaches 2 x 4 neurons, an edge
    # 2 x 6, the centre 2 x 9. No weight is above 0, so that nothing fires.
    snn = pysnn.SpikingNetwork((1, 3, 3))
    snn.add_population("conv", (2, 3, 3))
    snn.connect("input", "conv", pysnn.Conv2d(np.zeros((2, 1, 3, 3)), padding=1))
    spikes = np.zeros((3, 2, 1, 3, 3), dtype=np.bool_)
    spikes[0, 0, 0, 0, 0] = True  # corner
    spikes[1, 0, 0, 0, 1] = True  # edge
    spikes[:, 1, 0, 1, 1] = True  # centre, three times
    result = pysnn.simulate(snn, spikes=spikes)
    np.testing.assert_array_equal(result.synaptic_operations, [[8 + 12], [3 * 18]])
    np.testing.assert_array_equal(result.num_input_spikes, [2, 3])
    np.testing.assert_array_equal(result.num_spikes, [[0], [0]])


def test_operations_are_booked_on_the_population_that_the_synapses_belong_to() -> None:
    # 2 inputs spike in each of 4 steps; both populations have 3 neurons, which then always fire.
    snn = pysnn.SpikingNetwork((2,))
    for name, source, width in (("a", "input", 2), ("b", "a", 3)):
        snn.add_population(name, (3,))
        snn.connect(source, name, pysnn.Linear(np.ones((3, width))))
    result = pysnn.simulate(snn, spikes=np.ones((4, 1, 2), dtype=np.bool_))
    np.testing.assert_array_equal(result.num_spikes, [[12, 12]])
    np.testing.assert_array_equal(result.synaptic_operations, [[4 * 2 * 3, 4 * 3 * 3]])
